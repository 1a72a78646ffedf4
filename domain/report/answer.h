// What a node's answer shows, as its reader sees it. A value that is not shown has no number.
// To make an answer from counts there is one way, the release gate (domain/privacy/release).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/counts/stratifier.h"
#include "domain/report/definition.h"

namespace equinode {

enum class ShownKind : std::uint8_t {
  kNone,  // There is no such value: "population" has no numerator.
  kCount,
  kHidden,  // Small, or hidden for another's sake: not told apart on purpose.
};

struct ShownValue {
  ShownKind kind = ShownKind::kNone;
  std::uint64_t count = 0;  // Only with kCount.
  friend bool operator==(const ShownValue&, const ShownValue&) = default;
};

struct AnswerCell {
  std::string stratum{};  // "" = the total.
  ShownValue denominator{};
  ShownValue numerator{};
  friend bool operator==(const AnswerCell&, const AnswerCell&) = default;
};

struct AnswerTable {
  std::string table_id{};
  std::string measure{};
  Stratifier stratifier = Stratifier::kRaceOmb1997;
  std::vector<AnswerCell> cells{};  // Sorted by stratum, the total last; none when withheld.
  bool withheld = false;
  std::string reason{};  // Why withheld, UPPER_SNAKE.
  friend bool operator==(const AnswerTable&, const AnswerTable&) = default;
};

// What came from one node. It may be anybody's: CheckAnswer before use.
struct NodeAnswer {
  std::string node{};
  std::vector<AnswerTable> tables{};
};

// The answer has each table of the definition, once, in its order, and nothing else; strata are
// sorted and come once, the total is last, counts are below 2^53. INVALID_ARGUMENT (BAD_ANSWER).
Status CheckAnswer(const NodeAnswer& answer, const ReportDefinition& definition);

// What a checked answer shows can be counts of people: no numerator over its denominator, strata
// that add up to their total (hidden ones hold at least one person each), one value wherever a
// count stands twice, no measure over the population. INVALID_ARGUMENT (ANSWER_INCONSISTENT).
Status CheckSums(const NodeAnswer& answer);

// The tables of a definition in the order of an answer: tables as listed, measures within.
struct AskedTable {
  std::string table_id{};
  std::string measure{};
  Stratifier stratifier = Stratifier::kRaceOmb1997;
};
std::vector<AskedTable> AskedTables(const ReportDefinition& definition);

}  // namespace equinode
