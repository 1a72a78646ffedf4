// The arithmetic in which a programme's rules are written, over exact fractions.
//
//   if(gap_base > 0, (gap_base - gap_now) / gap_base * 100, none(no_baseline_gap))
//
// What has no members has no rate, and everything made from it says so. `and` and `or` need the
// missing side only where it decides. `known` and `or_else` see what is missing, never what is
// hidden.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/equity/programs/value.h"

namespace equinode::equity::programs {

// A tree. Names and calls that are not arithmetic are the scope's.
struct Expression {
  enum class Kind : std::uint8_t { kNumber, kName, kCall, kOperator };
  Kind kind = Kind::kNumber;
  Rational number{};
  std::string word{};  // The name, the function or the operator.
  std::vector<Expression> parts{};
};

// Where an expression is evaluated.
class Scope {
 public:
  virtual ~Scope() = default;
  virtual Value Name(std::string_view name) const = 0;
  // `call` is of a function that Evaluate does not know: the sums over other rows.
  virtual Value Call(const Expression& call) const = 0;
};

// Numbers may end in % (hundredths). BAD_RULE with the place in the text, from 1.
Result<Expression> ParseExpression(std::string_view text);

Value Evaluate(const Expression& expression, const Scope& scope);

// Every name in it, also those within calls.
void ForEachName(const Expression& expression, const std::function<void(std::string_view)>& name);
void ForEachCall(const Expression& expression, const std::function<void(const Expression&)>& call);
// Whether Evaluate knows the function, with how many arguments; -1 = it does not.
int ArgumentsOf(std::string_view function);

}  // namespace equinode::equity::programs
