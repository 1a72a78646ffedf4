#include "domain/equity/programs/functions.h"

#include <array>
#include <utility>

#include "domain/equity/programs/interval_functions.h"

namespace equinode::equity::programs {
namespace {

using Arguments = std::vector<Value>;

// Of functions that rise with each of their arguments.
template <typename Rising>
Value Both(const Value& a, const Value& b, Rising rising) {
  if (!a.open() && !b.open()) return Value::Number(rising(a.number, b.number));
  return Value::Between(rising(a.number, b.number), rising(a.high(), b.high()));
}
Value Least(const Value& a, const Value& b) {
  return Both(a, b, [](const Rational& x, const Rational& y) { return Min(x, y); });
}
Value Greatest(const Value& a, const Value& b) {
  return Both(a, b, [](const Rational& x, const Rational& y) { return Max(x, y); });
}

Value Absolute(const Arguments& a) {
  const Value& x = a[0];
  if (x.number.sign() >= 0) return x;
  if (x.high().sign() <= 0) return Negative(x);
  return Value::Between(Rational(), Max(-x.number, x.high()));
}

Value Rounded(const Value& x, int places) {
  if (!x.open()) return Value::Number(x.number.Rounded(places));
  return Value::Between(x.number.Rounded(places), x.high().Rounded(places));
}

Value Round(const Arguments& a) {
  const auto places = a[1].number.ToInt64();
  if (a[1].open() || !places.ok() || *places < 0 || *places > 18) {
    return Value::None("bad_rounding");
  }
  return Rounded(a[0], static_cast<int>(*places));
}

struct Function {
  std::string_view name;
  int arguments;
  Value (*call)(const Arguments&);  // Null: its arguments may be missing; see CallFunction.
};
constexpr std::array kFunctions = {
    Function{"if", 3, nullptr},
    Function{"or_else", 2, nullptr},
    Function{"known", 1, nullptr},
    Function{"none", 1, nullptr},
    Function{"min", 2, [](const Arguments& a) { return Least(a[0], a[1]); }},
    Function{"max", 2, [](const Arguments& a) { return Greatest(a[0], a[1]); }},
    Function{"abs", 1, &Absolute},
    Function{"clamp", 3, [](const Arguments& a) { return Least(Greatest(a[0], a[1]), a[2]); }},
    Function{"round", 2, &Round},
    Function{"cents", 1, [](const Arguments& a) { return Rounded(a[0], 2); }},
    Function{"ncqa_below", 3, [](const Arguments& a) { return UpperBelowOf(&NcqaInterval, a); }},
    Function{"ncqa_above", 3, [](const Arguments& a) { return LowerAboveOf(&NcqaInterval, a); }},
    Function{"ncqa_apart", 4, [](const Arguments& a) { return ApartOf(&NcqaInterval, a); }},
    Function{"wilson_below", 3,
             [](const Arguments& a) { return UpperBelowOf(&WilsonInterval, a); }},
    Function{"wilson_above", 3,
             [](const Arguments& a) { return LowerAboveOf(&WilsonInterval, a); }},
    Function{"wilson_apart", 4, [](const Arguments& a) { return ApartOf(&WilsonInterval, a); }},
    Function{"significant", 4, [](const Arguments& a) { return SignificantOf(a); }},
    Function{"ncqa_lower", 2, [](const Arguments& a) { return LowerOf(&NcqaInterval, a); }},
    Function{"ncqa_upper", 2, [](const Arguments& a) { return UpperOf(&NcqaInterval, a); }},
    Function{"wilson_lower", 2, [](const Arguments& a) { return LowerOf(&WilsonInterval, a); }},
    Function{"wilson_upper", 2, [](const Arguments& a) { return UpperOf(&WilsonInterval, a); }},
    Function{"p_value", 4, [](const Arguments& a) { return PValueOf(a); }},
    Function{"newcombe_lower", 4, [](const Arguments& a) { return NewcombeOf(a, false); }},
    Function{"newcombe_upper", 4, [](const Arguments& a) { return NewcombeOf(a, true); }},
};

const Function* Find(std::string_view name) {
  for (const Function& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

}  // namespace

int ArgumentsOf(std::string_view function) {
  const Function* found = Find(function);
  return found == nullptr ? -1 : found->arguments;
}

Value CallFunction(const Expression& call, const Scope& scope) {
  const Function& function = *Find(call.word);
  if (function.call != nullptr) {
    Arguments arguments;
    arguments.reserve(call.parts.size());
    for (const Expression& part : call.parts) {
      arguments.push_back(Evaluate(part, scope));
      if (!arguments.back().known()) return arguments.back();
      if (arguments.back().kind != Value::Kind::kNumber) {
        return Value::None("rule_mixes_number_and_truth");
      }
    }
    return function.call(arguments);
  }
  if (call.word == "none") return Value::None(call.parts[0].word);
  Value first = Evaluate(call.parts[0], scope);
  if (first.suppressed()) return first;
  if (call.word == "known") return Value::Truth(first.known());
  if (call.word == "or_else") return first.known() ? first : Evaluate(call.parts[1], scope);
  if (!first.known()) return first;
  if (first.kind != Value::Kind::kTruth) return Value::None("rule_mixes_number_and_truth");
  if (first.either) {
    return Hull(Evaluate(call.parts[1], scope), Evaluate(call.parts[2], scope));
  }
  return Evaluate(call.parts[first.truth ? 1 : 2], scope);
}

}  // namespace equinode::equity::programs
