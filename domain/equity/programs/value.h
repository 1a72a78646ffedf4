// What a rule computes: a number, a truth, or none with the reason why. From counts of which only
// bounds are known it is a range, and every operation here keeps what is certain: the result holds
// what any counts within the bounds would give, perhaps more, never less.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/equity/exact/rational.h"

namespace equinode::equity::programs {

struct Value {
  enum class Kind : std::uint8_t { kNone, kNumber, kTruth };
  Kind kind = Kind::kNone;
  Rational number{};
  std::optional<Rational> upper{};  // Of kNumber: it is somewhere in [number, *upper].
  bool truth = false;
  bool either = false;   // Of kTruth: it may be the other one as well.
  std::string reason{};  // Of kNone: a lower_snake word.

  static Value None(std::string reason);
  static Value Number(Rational number);
  static Value Between(Rational low, Rational high);
  static Value Truth(bool truth);
  static Value Either();
  // Nothing can be said from the counts that are hidden. Whatever needs it is suppressed too: a
  // hidden group is never taken for one that is not there.
  static Value Suppressed();

  bool known() const { return kind != Kind::kNone; }
  bool open() const { return upper.has_value() || either; }
  bool suppressed() const { return kind == Kind::kNone && reason == "suppressed"; }
  const Rational& high() const { return upper ? *upper : number; }
  friend bool operator==(const Value&, const Value&) = default;
};

// Of two numbers: + - * /. Division by zero is none.
Value Arithmetic(std::string_view sign, const Value& a, const Value& b);
// Of two numbers, < <= > >= == !=; of two truths == and !=.
Value Compare(std::string_view sign, const Value& a, const Value& b);
Value Not(const Value& truth);
Value Negative(const Value& number);
// What holds whichever of the two it is.
Value Hull(const Value& a, const Value& b);

}  // namespace equinode::equity::programs
