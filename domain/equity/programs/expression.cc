#include "domain/equity/programs/expression.h"

#include "domain/equity/programs/functions.h"

namespace equinode::equity::programs {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Recursive descent; at most 64 deep.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Expression> Whole() {
    EQN_TRY(Expression out, Or());
    Skip();
    if (at_ != text_.size()) return Bad("an operator is wanted here");
    return out;
  }

 private:
  Error Bad(std::string_view what) const {
    return {Code::kInvalidArgument, "BAD_RULE",
            "character " + std::to_string(at_ + 1) + ": " + std::string(what)};
  }
  void Skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool Take(std::string_view sign) {
    Skip();
    if (text_.substr(at_, sign.size()) != sign) return false;
    const char next = at_ + sign.size() < text_.size() ? text_[at_ + sign.size()] : ' ';
    if (IsLetter(sign[0]) && (IsLetter(next) || IsDigit(next) || next == '.')) return false;
    at_ += sign.size();
    return true;
  }
  static Expression Join(std::string_view sign, Expression a, Expression b) {
    Expression out{Expression::Kind::kOperator, {}, std::string(sign), {}};
    out.parts.push_back(std::move(a));
    out.parts.push_back(std::move(b));
    return out;
  }

  Result<Expression> Or() {
    EQN_TRY(Expression left, And());
    while (Take("or")) {
      EQN_TRY(Expression right, And());
      left = Join("or", std::move(left), std::move(right));
    }
    return left;
  }
  Result<Expression> And() {
    EQN_TRY(Expression left, Comparison());
    while (Take("and")) {
      EQN_TRY(Expression right, Comparison());
      left = Join("and", std::move(left), std::move(right));
    }
    return left;
  }
  Result<Expression> Comparison() {
    EQN_TRY(Expression left, Sum());
    for (const std::string_view sign : {"<=", ">=", "==", "!=", "<", ">"}) {
      if (!Take(sign)) continue;
      EQN_TRY(Expression right, Sum());
      return Join(sign, std::move(left), std::move(right));
    }
    return left;
  }
  Result<Expression> Sum() {
    EQN_TRY(Expression left, Product());
    while (true) {
      const std::string_view sign = Take("+") ? "+" : Take("-") ? "-" : "";
      if (sign.empty()) return left;
      EQN_TRY(Expression right, Product());
      left = Join(sign, std::move(left), std::move(right));
    }
  }
  Result<Expression> Product() {
    EQN_TRY(Expression left, Unary());
    while (true) {
      const std::string_view sign = Take("*") ? "*" : Take("/") ? "/" : "";
      if (sign.empty()) return left;
      EQN_TRY(Expression right, Unary());
      left = Join(sign, std::move(left), std::move(right));
    }
  }
  Result<Expression> Unary() {
    if (++depth_ > 64) return Bad("it is nested too deeply");
    Expression out;
    const std::string_view sign = Take("not") ? "not" : Take("-") ? "-" : "";
    if (sign.empty()) {
      EQN_TRY(out, Primary());
    } else {
      EQN_TRY(Expression inner, Unary());
      out = {Expression::Kind::kOperator, {}, std::string(sign), {}};
      out.parts.push_back(std::move(inner));
    }
    --depth_;
    return out;
  }
  Result<Expression> Primary() {
    Skip();
    if (Take("(")) {
      EQN_TRY(Expression inner, Or());
      if (!Take(")")) return Bad("a ) is wanted here");
      return inner;
    }
    const std::size_t from = at_;
    if (at_ < text_.size() && (IsDigit(text_[at_]) || text_[at_] == '.')) {
      while (at_ < text_.size() && (IsDigit(text_[at_]) || text_[at_] == '.')) ++at_;
      EQN_TRY(Rational number, Rational::Parse(text_.substr(from, at_ - from)));
      if (Take("%")) number = number / 100;
      return Expression{Expression::Kind::kNumber, std::move(number), {}, {}};
    }
    while (at_ < text_.size() &&
           (IsLetter(text_[at_]) || IsDigit(text_[at_]) || (text_[at_] == '.' && at_ != from))) {
      ++at_;
    }
    if (at_ == from) return Bad("a name or a number is wanted here");
    Expression out{Expression::Kind::kName, {}, std::string(text_.substr(from, at_ - from)), {}};
    if (!Take("(")) return out;
    out.kind = Expression::Kind::kCall;
    while (!Take(")")) {
      if (!out.parts.empty() && !Take(",")) return Bad("a , or ) is wanted here");
      EQN_TRY(Expression part, Or());
      out.parts.push_back(std::move(part));
    }
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

// A number where a truth is wanted, or the other way round: a fault of the rule.
Value Mixed() { return Value::None("rule_mixes_number_and_truth"); }

Value Operator(const Expression& node, const Scope& scope) {
  const std::string& sign = node.word;
  const Value a = Evaluate(node.parts[0], scope);
  if (sign == "and" || sign == "or") {
    const bool decides = sign == "or";
    if (a.kind == Value::Kind::kTruth && !a.either && a.truth == decides) return a;
    const Value b = Evaluate(node.parts[1], scope);
    if (b.kind == Value::Kind::kTruth && !b.either && b.truth == decides) return b;
    if (a.either) return b.known() ? a : b;
    return a.known() ? b : a;
  }
  if (!a.known()) return a;
  if (sign == "not") return a.kind == Value::Kind::kTruth ? Not(a) : Mixed();
  if (node.parts.size() == 1) return a.kind == Value::Kind::kNumber ? Negative(a) : Mixed();
  const Value b = Evaluate(node.parts[1], scope);
  if (!b.known()) return b;
  const bool arithmetic = sign == "+" || sign == "-" || sign == "*" || sign == "/";
  if (a.kind != b.kind || (arithmetic && a.kind != Value::Kind::kNumber)) return Mixed();
  return arithmetic ? Arithmetic(sign, a, b) : Compare(sign, a, b);
}

}  // namespace

Result<Expression> ParseExpression(std::string_view text) { return Parser(text).Whole(); }

Value Evaluate(const Expression& expression, const Scope& scope) {
  switch (expression.kind) {
    case Expression::Kind::kNumber:
      return Value::Number(expression.number);
    case Expression::Kind::kName:
      return scope.Name(expression.word);
    case Expression::Kind::kOperator:
      return Operator(expression, scope);
    case Expression::Kind::kCall:
      return ArgumentsOf(expression.word) < 0 ? scope.Call(expression)
                                              : CallFunction(expression, scope);
  }
  return Value::None("");
}

void ForEachName(const Expression& expression, const std::function<void(std::string_view)>& name) {
  if (expression.kind == Expression::Kind::kName) name(expression.word);
  if (expression.kind == Expression::Kind::kCall && expression.word == "none") return;
  for (const Expression& part : expression.parts) ForEachName(part, name);
}

void ForEachCall(const Expression& expression, const std::function<void(const Expression&)>& call) {
  if (expression.kind == Expression::Kind::kCall) call(expression);
  for (const Expression& part : expression.parts) ForEachCall(part, call);
}

}  // namespace equinode::equity::programs
