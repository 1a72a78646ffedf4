#include "domain/equity/programs/value.h"

#include <array>
#include <utility>

namespace equinode::equity::programs {

Value Value::None(std::string reason) {
  Value out;
  out.reason = std::move(reason);
  return out;
}
Value Value::Number(Rational number) {
  Value out;
  out.kind = Kind::kNumber;
  out.number = std::move(number);
  return out;
}
Value Value::Between(Rational low, Rational high) {
  Value out = Number(std::move(low));
  if (out.number < high) out.upper = std::move(high);
  return out;
}
Value Value::Truth(bool truth) {
  Value out;
  out.kind = Kind::kTruth;
  out.truth = truth;
  return out;
}
Value Value::Either() {
  Value out = Truth(false);
  out.either = true;
  return out;
}
Value Value::Suppressed() { return None("suppressed"); }

namespace {

Value Hull4(const std::array<Rational, 4>& all) {
  Rational low = all[0], high = all[0];
  for (const Rational& each : all) {
    low = Min(low, each);
    high = Max(high, each);
  }
  return Value::Between(std::move(low), std::move(high));
}

// Whether a sign holds of a and b, where their order is certain.
Value Ordered(std::string_view sign, std::strong_ordering order) {
  if (sign == "<") return Value::Truth(order < 0);
  if (sign == "<=") return Value::Truth(order <= 0);
  if (sign == ">") return Value::Truth(order > 0);
  if (sign == ">=") return Value::Truth(order >= 0);
  return Value::Truth(sign == "==" ? order == 0 : order != 0);
}

}  // namespace

Value Arithmetic(std::string_view sign, const Value& a, const Value& b) {
  if (sign == "/" && b.number.sign() <= 0 && b.high().sign() >= 0) {
    return b.open() ? Value::Suppressed() : Value::None("divided_by_zero");
  }
  if (!a.open() && !b.open()) {
    if (sign == "+") return Value::Number(a.number + b.number);
    if (sign == "-") return Value::Number(a.number - b.number);
    if (sign == "*") return Value::Number(a.number * b.number);
    return Value::Number(a.number / b.number);
  }
  if (sign == "+") return Value::Between(a.number + b.number, a.high() + b.high());
  if (sign == "-") return Value::Between(a.number - b.high(), a.high() - b.number);
  if (sign == "*") {
    return Hull4(
        {a.number * b.number, a.number * b.high(), a.high() * b.number, a.high() * b.high()});
  }
  return Hull4(
      {a.number / b.number, a.number / b.high(), a.high() / b.number, a.high() / b.high()});
}

Value Compare(std::string_view sign, const Value& a, const Value& b) {
  if (a.kind == Value::Kind::kTruth) {
    if (a.either || b.either) return Value::Either();
    return Value::Truth(sign == "==" ? a.truth == b.truth : a.truth != b.truth);
  }
  if (!a.open() && !b.open()) return Ordered(sign, a.number <=> b.number);
  if (a.high() < b.number) return Ordered(sign, std::strong_ordering::less);
  if (a.number > b.high()) return Ordered(sign, std::strong_ordering::greater);
  // They may be equal, and perhaps less or greater: what is the same of all of these is certain.
  const Value equal = Ordered(sign, std::strong_ordering::equal);
  Value out = equal;
  if (a.number < b.high()) out = Hull(out, Ordered(sign, std::strong_ordering::less));
  if (a.high() > b.number) out = Hull(out, Ordered(sign, std::strong_ordering::greater));
  return out;
}

Value Not(const Value& truth) { return truth.either ? truth : Value::Truth(!truth.truth); }

Value Negative(const Value& number) { return Value::Between(-number.high(), -number.number); }

Value Hull(const Value& a, const Value& b) {
  if (!a.known() && !b.known()) return a.reason == b.reason ? a : Value::Suppressed();
  if (a.kind != b.kind) return Value::Suppressed();
  if (a.kind == Value::Kind::kTruth) {
    return a.either || b.either || a.truth != b.truth ? Value::Either() : a;
  }
  return Value::Between(Min(a.number, b.number), Max(a.high(), b.high()));
}

}  // namespace equinode::equity::programs
