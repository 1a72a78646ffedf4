#include "domain/equity/measures/measures.h"

#include <algorithm>
#include <charconv>

#include "base/csv_rows.h"
#include "domain/equity/measures/measure_tables.h"

namespace equinode::equity {
namespace {

std::optional<int> YearOf(const std::string& text) {
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return year;
}

MeasureKind KindNamed(std::string_view word) {
  if (word == "observed_expected") return MeasureKind::kObservedExpected;
  if (word == "per_member_months") return MeasureKind::kPerMemberMonths;
  if (word == "mean") return MeasureKind::kMean;
  return MeasureKind::kProportion;
}

std::vector<MeasureRate> ReadRates() {
  std::vector<MeasureRate> rates;
  ForEachRow(kRatesCsv, [&](const std::vector<std::string>& row) {
    const Better better = row[6] == "higher"  ? Better::kHigher
                          : row[6] == "lower" ? Better::kLower
                                              : Better::kUnknown;
    rates.push_back({row[0], row[1], row[2], row[3], row[4], KindNamed(row[5]), better,
                     row[5] == "structural"});
  });
  return rates;
}

std::vector<MeasureSet> ReadSets() {
  std::vector<MeasureSet> sets;
  ForEachRow(kSetsCsv, [&](const std::vector<std::string>& row) {
    MeasureSet& set = sets.emplace_back();
    set.id = row[0];
    set.years = {YearOf(row[2]), YearOf(row[3])};
    std::string_view programmes = row[1];
    while (!programmes.empty()) {
      const std::size_t bar = programmes.find('|');
      set.programmes.emplace_back(programmes.substr(0, bar));
      programmes = bar == std::string_view::npos ? std::string_view{} : programmes.substr(bar + 1);
    }
  });
  ForEachRow(kSetRatesCsv, [&](const std::vector<std::string>& row) {
    const auto set = std::ranges::find(sets, row[0], &MeasureSet::id);
    if (set == sets.end()) return;
    set->members.push_back({row[2], {YearOf(row[3]), YearOf(row[4])}, YearOf(row[5]), row[7]});
  });
  return sets;
}

}  // namespace

const std::vector<MeasureRate>& MeasureRates() {
  static const std::vector<MeasureRate> rates = ReadRates();
  return rates;
}

const std::vector<MeasureSet>& MeasureSets() {
  static const std::vector<MeasureSet> sets = ReadSets();
  return sets;
}

const MeasureRate* FindMeasureRate(std::string_view id) {
  const auto& rates = MeasureRates();
  const auto found = std::ranges::lower_bound(rates, id, {}, &MeasureRate::id);
  return found != rates.end() && found->id == id ? &*found : nullptr;
}

const MeasureSet* FindMeasureSet(std::string_view id) {
  const auto& sets = MeasureSets();
  const auto found = std::ranges::find(sets, id, &MeasureSet::id);
  return found != sets.end() ? &*found : nullptr;
}

std::vector<std::string_view> RatesInYear(const MeasureSet& set, int year) {
  std::vector<std::string_view> rates;
  if (!set.years.Has(year)) return rates;
  for (const SetMember& member : set.members) {
    if (member.years.Has(year)) rates.push_back(member.rate);
  }
  return rates;
}

std::vector<std::string_view> StratifiedInYear(const MeasureSet& set, int year) {
  std::vector<std::string_view> rates;
  if (!set.years.Has(year)) return rates;
  for (const SetMember& member : set.members) {
    if (member.years.Has(year) && member.stratified_from && *member.stratified_from <= year) {
      rates.push_back(member.rate);
    }
  }
  return rates;
}

std::vector<std::string_view> SetsOf(std::string_view rate) {
  std::vector<std::string_view> ids;
  for (const MeasureSet& set : MeasureSets()) {
    const bool has = std::ranges::any_of(
        set.members, [&](const SetMember& member) { return member.rate == rate; });
    if (has) ids.push_back(set.id);
  }
  return ids;
}

}  // namespace equinode::equity
