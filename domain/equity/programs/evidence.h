// What a programme is scored from: counts by organisation, measure, period and group, benchmarks,
// and facts such as a capitation or a milestone that was reached.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/equity/counts/count_table.h"
#include "domain/equity/exact/rational.h"
#include "domain/equity/programs/gates.h"
#include "domain/equity/programs/programme.h"

namespace equinode::equity::programs {

struct GroupKey {
  std::string dimension{};
  std::string group{};   // As the programme names it.
  std::string source{};  // "direct", "indirect", "unknown"; "" = all of them.
  friend auto operator<=>(const GroupKey&, const GroupKey&) = default;
};

// Counts, or a rate that somebody printed. With neither: it was asked for and did not come.
struct Standing {
  std::optional<CellCounts> counts{};
  std::optional<Rational> rate{};
};

struct MeasureTraits {
  MeasureKind kind = MeasureKind::kProportion;
  Better better = Better::kUnknown;
};

struct Evidence {
  struct Key {
    std::string organisation{};
    std::string measure{};
    std::string period{};  // The role: "previous", "current".
    GroupKey group{};      // All empty = everybody.
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct FactKey {
    std::string organisation{};  // "" = of every one.
    std::string measure{};       // "" = of none in particular.
    std::string name{};
    friend auto operator<=>(const FactKey&, const FactKey&) = default;
  };

  std::map<Key, Standing> standings{};
  std::map<FactKey, Rational> facts{};       // yes = 1, no = 0.
  std::map<FactKey, Rational> benchmarks{};  // In the units in which they are printed.
  std::map<std::string, MeasureTraits> measures{};
  std::map<std::string, std::string> period_names{};  // Role -> as the counts call it.
  std::vector<std::string> notes{};                   // What was left out, and why.
  std::vector<DataGate> gates{};  // Of each stratified measure: how good its data are.
};

struct EvidenceOptions {
  std::map<std::string, std::string> periods{};  // Role -> the counts' period, where it was said.
  std::string dimension{};                       // Groups of this one alone; "" = the programme's.
};

// Lays `table` out as `programme` wants it. Without being told, the last period by name is the last
// role, the one before it the role before. Everybody is the row without a dimension, else a
// dimension's total, else the sum of all strata, those without an answer too (NOTES R7).
// FRAME_DIFFERS when groups are of another frame than the programme's, or of several;
// NO_SUCH_PERIOD; NO_SUCH_DIMENSION; MANY_DIMENSIONS where the programme compares the groups of
// one; SAME_GROUP_TWICE when two strata are one group of the programme.
Result<Evidence> EvidenceOf(const Programme& programme, const CountTable& table,
                            const EvidenceOptions& options);

}  // namespace equinode::equity::programs
