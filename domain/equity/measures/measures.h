// The measures that programmes are about, as data: which way is better, what is counted, in which
// years they are in which set (data/README.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/equity/counts/count_table.h"

namespace equinode::equity {

struct MeasureRate {
  std::string id{};       // "HBD>9".
  std::string measure{};  // Of which it is a sub-rate, or the same: "HBD".
  std::string name{};
  std::string sub_rate{};  // "above 9.0 %", or "".
  std::string steward{};
  MeasureKind kind = MeasureKind::kProportion;
  Better better = Better::kUnknown;  // kUnknown where the source leaves it open.
  bool structural = false;           // Attested, not counted.
};

// Years are measurement years, both ends in; nothing = not told, and then no limit.
struct YearSpan {
  std::optional<int> from{};
  std::optional<int> until{};
  bool Has(int year) const { return (!from || *from <= year) && (!until || year <= *until); }
};

struct SetMember {
  std::string rate{};
  YearSpan years{};
  std::optional<int> stratified_from{};
  std::string note{};
};

struct MeasureSet {
  std::string id{};
  std::vector<std::string> programmes{};
  YearSpan years{};
  std::vector<SetMember> members{};  // As the source lists them.
};

// Live as long as the program.
const std::vector<MeasureRate>& MeasureRates();  // By id, ascending.
const std::vector<MeasureSet>& MeasureSets();
const MeasureRate* FindMeasureRate(std::string_view id);  // Null when there is none.
const MeasureSet* FindMeasureSet(std::string_view id);

// The ids of a set's rates in a year, as listed; empty out of the set's own years.
std::vector<std::string_view> RatesInYear(const MeasureSet& set, int year);
// Those of them that are stratified in that year.
std::vector<std::string_view> StratifiedInYear(const MeasureSet& set, int year);

// Ids of the sets that a rate is in, in any year.
std::vector<std::string_view> SetsOf(std::string_view rate);

}  // namespace equinode::equity
