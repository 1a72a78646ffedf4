#include "domain/equity/programs/functions.h"

#include <array>
#include <cmath>
#include <utility>

#include "domain/equity/exact/interval.h"

namespace equinode::equity::programs {
namespace {

using Arguments = std::vector<Value>;

const Rational& N(const Arguments& arguments, std::size_t i) { return arguments[i].number; }

// A proportion of somebody, or why there is no interval of it.
Value NoInterval(const Rational& p, const Rational& n) {
  if (n.sign() <= 0) return Value::None("no_denominator");
  if (p.sign() < 0 || p > Rational(1)) return Value::None("not_a_proportion");
  return Value::Truth(true);
}

using Maker = ExactInterval (*)(const Rational&, const Rational&);

template <Maker make>
Value Below(const Arguments& a) {
  const Value bad = NoInterval(N(a, 0), N(a, 1));
  return bad.known() ? Value::Truth(UpperBelow(make(N(a, 0), N(a, 1)), N(a, 2))) : bad;
}
template <Maker make>
Value Above(const Arguments& a) {
  const Value bad = NoInterval(N(a, 0), N(a, 1));
  return bad.known() ? Value::Truth(LowerAbove(make(N(a, 0), N(a, 1)), N(a, 2))) : bad;
}
template <Maker make>
Value ApartOf(const Arguments& a) {
  for (const std::size_t i : {0, 2}) {
    const Value bad = NoInterval(N(a, i), N(a, i + 1));
    if (!bad.known()) return bad;
  }
  return Value::Number(Apart(make(N(a, 0), N(a, 1)), make(N(a, 2), N(a, 3))));
}
template <Maker make>
Value Lower(const Arguments& a) {
  const Value bad = NoInterval(N(a, 0), N(a, 1));
  return bad.known() ? Value::Number(ShownLower(make(N(a, 0), N(a, 1)))) : bad;
}
template <Maker make>
Value Upper(const Arguments& a) {
  const Value bad = NoInterval(N(a, 0), N(a, 1));
  return bad.known() ? Value::Number(ShownUpper(make(N(a, 0), N(a, 1)))) : bad;
}

Value TwoProportions(const Arguments& a) {
  for (const std::size_t i : {0, 2}) {
    const Value bad = NoInterval(N(a, i), N(a, i + 1));
    if (!bad.known()) return bad;
  }
  return Value::Truth(true);
}

Value Significant(const Arguments& a) {
  const Value bad = TwoProportions(a);
  return bad.known() ? Value::Truth(SignificantAt05(N(a, 0), N(a, 1), N(a, 2), N(a, 3))) : bad;
}

Value PValue(const Arguments& a) {
  const Value bad = TwoProportions(a);
  if (!bad.known()) return bad;
  const Rational pooled = (N(a, 0) * N(a, 1) + N(a, 2) * N(a, 3)) / (N(a, 1) + N(a, 3));
  const Rational variance =
      pooled * (Rational(1) - pooled) * (Rational(1) / N(a, 1) + Rational(1) / N(a, 3));
  if (variance.sign() == 0) return Value::None("no_variance");
  const Rational difference = N(a, 0) - N(a, 2);
  const double z = std::sqrt((difference * difference / variance).ToDouble());
  return Value::Number(Rational::FromDouble(std::erfc(z / std::sqrt(2.0))));
}

// Newcombe's hybrid of two Wilson intervals (Statistics in Medicine 17, method 10).
Value Newcombe(const Arguments& a, bool upper) {
  const Value bad = TwoProportions(a);
  if (!bad.known()) return bad;
  const ExactInterval one = WilsonInterval(N(a, 0), N(a, 1));
  const ExactInterval two = WilsonInterval(N(a, 2), N(a, 3));
  const Rational first = upper ? ShownUpper(one) - N(a, 0) : N(a, 0) - ShownLower(one);
  const Rational second = upper ? N(a, 2) - ShownLower(two) : ShownUpper(two) - N(a, 2);
  const Rational root = (first * first + second * second).SquareRoot(30);
  const Rational difference = N(a, 0) - N(a, 2);
  return Value::Number(upper ? difference + root : difference - root);
}

Value Round(const Arguments& a) {
  const auto places = N(a, 1).ToInt64();
  if (!places.ok() || *places < 0 || *places > 18) return Value::None("bad_rounding");
  return Value::Number(N(a, 0).Rounded(static_cast<int>(*places)));
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
    Function{"min", 2, [](const Arguments& a) { return Value::Number(Min(N(a, 0), N(a, 1))); }},
    Function{"max", 2, [](const Arguments& a) { return Value::Number(Max(N(a, 0), N(a, 1))); }},
    Function{"abs", 1, [](const Arguments& a) { return Value::Number(N(a, 0).Abs()); }},
    Function{"clamp", 3,
             [](const Arguments& a) { return Value::Number(Min(Max(N(a, 0), N(a, 1)), N(a, 2))); }},
    Function{"round", 2, &Round},
    Function{"cents", 1, [](const Arguments& a) { return Value::Number(N(a, 0).Rounded(2)); }},
    Function{"ncqa_below", 3, &Below<NcqaInterval>},
    Function{"ncqa_above", 3, &Above<NcqaInterval>},
    Function{"ncqa_apart", 4, &ApartOf<NcqaInterval>},
    Function{"wilson_below", 3, &Below<WilsonInterval>},
    Function{"wilson_above", 3, &Above<WilsonInterval>},
    Function{"wilson_apart", 4, &ApartOf<WilsonInterval>},
    Function{"significant", 4, &Significant},
    Function{"ncqa_lower", 2, &Lower<NcqaInterval>},
    Function{"ncqa_upper", 2, &Upper<NcqaInterval>},
    Function{"wilson_lower", 2, &Lower<WilsonInterval>},
    Function{"wilson_upper", 2, &Upper<WilsonInterval>},
    Function{"p_value", 4, &PValue},
    Function{"newcombe_lower", 4, [](const Arguments& a) { return Newcombe(a, false); }},
    Function{"newcombe_upper", 4, [](const Arguments& a) { return Newcombe(a, true); }},
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
  if (call.word == "known") return Value::Truth(first.known());
  if (call.word == "or_else") return first.known() ? first : Evaluate(call.parts[1], scope);
  if (!first.known()) return first;
  if (first.kind != Value::Kind::kTruth) return Value::None("rule_mixes_number_and_truth");
  return Evaluate(call.parts[first.truth ? 1 : 2], scope);
}

}  // namespace equinode::equity::programs
