// The one gate: raw counts go in, what may leave the node comes out.
#pragma once

#include <vector>

#include "base/result.h"
#include "domain/privacy/release/hiding.h"
#include "domain/report/answer.h"
#include "domain/report/definition.h"
#include "domain/report/raw_family.h"

namespace equinode {

// The tables of one definition that may leave the node: everything released to one payer for one
// period. Only Release() makes one, and only this type converts to a ReportAnswer.
class ReleasedFamily {
 public:
  const std::vector<AnswerTable>& tables() const { return tables_; }

 private:
  friend Result<ReleasedFamily> Release(const RawFamily& raw, const SuppressionRule& rule);
  explicit ReleasedFamily(std::vector<AnswerTable> tables) : tables_(std::move(tables)) {}
  std::vector<AnswerTable> tables_;
};

// Decides what is shown, as Hide says, over the whole family at once. Tables of so few people that
// hiding every count is not enough are withheld (TOO_FEW). Where no safe pattern is found in
// bounded work the largest tables are withheld, with reason NOT_DECIDED, until there is one.
// INVALID_ARGUMENT (THRESHOLD_TOO_LOW) for a rule weaker than 1..10; INTERNAL (COUNTS_INCONSISTENT)
// when the counts contradict each other.
Result<ReleasedFamily> Release(const RawFamily& raw, const SuppressionRule& rule);

// The rule that a definition asks for.
SuppressionRule RuleOf(const ReportDefinition& definition);

}  // namespace equinode
