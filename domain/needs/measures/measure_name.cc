#include "domain/needs/measures/measure_name.h"

#include <array>
#include <utility>

#include "domain/access/identity.h"
#include "domain/counts/stratifier.h"
#include "domain/needs/measures/day_bins.h"
#include "domain/zcodes/domains.h"

namespace equinode {
namespace {

constexpr std::string_view kSns = "snse.";
constexpr std::string_view kAt = ".at.";

// In the order of NeedCount: kComputedPrefixes (domain/counts/stratifier.h).
std::string_view PrefixOf(NeedCount count) {
  return kComputedPrefixes[static_cast<std::size_t>(count)];
}

constexpr std::array<ScreenOutcome, 4> kOutcomes = {
    ScreenOutcome::kPositive, ScreenOutcome::kNegative, ScreenOutcome::kDeclined,
    ScreenOutcome::kUnable};
constexpr std::array<LoopEnd, 4> kEnds = {LoopEnd::kEvidence, LoopEnd::kReported, LoopEnd::kUnmet,
                                          LoopEnd::kLost};
constexpr std::array<SnsNeed, 3> kSnsNeeds = {SnsNeed::kFood, SnsNeed::kHousing,
                                              SnsNeed::kTransportation};

bool HasBins(NeedCount count) {
  return count == NeedCount::kAccepted || count == NeedCount::kClosed;
}

// What may stand after the domain or the organisation.
bool SetValue(std::string_view word, NeedMeasure& measure) {
  if (measure.count == NeedCount::kScreened) {
    for (const ScreenOutcome outcome : kOutcomes) {
      if (OutcomeName(outcome) == word) measure.outcome = outcome;
    }
    return measure.outcome.has_value();
  }
  if (measure.count == NeedCount::kClosed) {
    for (const LoopEnd end : kEnds) {
      if (LoopEndName(end) == word) measure.end = end;
    }
    if (measure.end) return true;
  }
  if (HasBins(measure.count)) measure.bin = BinNamed(word);
  return measure.bin.has_value();
}

bool IsOrganisation(std::string_view word) {
  return ParseIdentity("spiffe://n/cbo/" + std::string(word)).ok();
}

// ".at.ORG", ".at.ORG.VALUE" or ".VALUE", after the domain. An organisation may have points.
bool SetRest(std::string_view rest, NeedMeasure& measure) {
  if (rest.empty()) return true;
  if (!rest.starts_with(kAt) || !HasBins(measure.count)) return SetValue(rest.substr(1), measure);
  rest.remove_prefix(kAt.size());
  const std::size_t last = rest.rfind('.');
  if (last != std::string_view::npos && SetValue(rest.substr(last + 1), measure)) {
    rest = rest.substr(0, last);
  }
  measure.at = rest;
  return IsOrganisation(rest);
}

}  // namespace

std::string_view LoopEndName(LoopEnd end) {
  constexpr std::array<std::string_view, 4> kNames = {"evidence", "reported", "unmet", "lost"};
  return kNames[static_cast<std::size_t>(end)];
}

std::string_view SnsNeedName(SnsNeed need) {
  constexpr std::array<std::string_view, 3> kNames = {"food", "housing", "transportation"};
  return kNames[static_cast<std::size_t>(need)];
}

const std::vector<std::string>& DomainsOf(SnsNeed need) {
  static const std::array<std::vector<std::string>, 3> domains = {
      {{"food-insecurity"},
       {"homelessness", "housing-instability", "inadequate-housing"},
       {"transportation-insecurity"}}};
  return domains[static_cast<std::size_t>(need)];
}

std::optional<NeedMeasure> NeedMeasureNamed(std::string_view name) {
  if (name.size() > kMostMeasureName) return std::nullopt;
  NeedMeasure measure;
  std::string_view rest;
  for (std::size_t i = 0; i < kComputedPrefixes.size(); ++i) {
    if (!name.starts_with(kComputedPrefixes[i])) continue;
    measure.count = static_cast<NeedCount>(i);
    rest = name.substr(kComputedPrefixes[i].size());
  }
  if (rest.empty()) return std::nullopt;
  if (rest.starts_with(kSns)) {
    for (const SnsNeed need : kSnsNeeds) {
      if (SnsNeedName(need) == rest.substr(kSns.size())) measure.sns = need;
    }
    const bool counts =
        measure.count == NeedCount::kScreened || measure.count == NeedCount::kIntervened;
    return measure.sns && counts ? std::optional(measure) : std::nullopt;
  }
  measure.domain = rest.substr(0, rest.find('.'));
  if (measure.count == NeedCount::kIntervened || FindNeedDomain(measure.domain) == nullptr ||
      !SetRest(rest.substr(measure.domain.size()), measure)) {
    return std::nullopt;
  }
  return measure;
}

std::string NameOf(const NeedMeasure& measure) {
  std::string name(PrefixOf(measure.count));
  if (measure.sns) return name.append(kSns).append(SnsNeedName(*measure.sns));
  name += measure.domain;
  if (!measure.at.empty()) name.append(kAt).append(measure.at);
  if (measure.outcome) name.append(".").append(OutcomeName(*measure.outcome));
  if (measure.end) name.append(".").append(LoopEndName(*measure.end));
  if (measure.bin) name.append(".").append(DayBins()[*measure.bin].word);
  return name;
}

std::vector<std::string> MeasuresMeant(std::string_view shorthand) {
  const std::size_t last = shorthand.rfind('.');
  if (last == std::string_view::npos) return {};
  const auto all = NeedMeasureNamed(shorthand.substr(0, last));
  const std::string_view word = shorthand.substr(last + 1);
  if (!all || all->sns || all->outcome || all->end || all->bin) return {};
  std::vector<std::string> names;
  const auto add = [&](auto NeedMeasure::*field, auto value) {
    NeedMeasure one = *all;
    one.*field = value;
    names.push_back(NameOf(one));
  };
  if (word == "outcomes" && all->count == NeedCount::kScreened) {
    for (const ScreenOutcome outcome : kOutcomes) add(&NeedMeasure::outcome, outcome);
  }
  if (word == "ends" && all->count == NeedCount::kClosed) {
    for (const LoopEnd end : kEnds) add(&NeedMeasure::end, end);
  }
  if (word == "days" && HasBins(all->count)) {
    for (std::size_t i = 0; i < DayBins().size(); ++i) add(&NeedMeasure::bin, i);
  }
  return names;
}

bool IsSnsMeasure(std::string_view name) {
  const auto measure = NeedMeasureNamed(name);
  return measure && measure->sns;
}

}  // namespace equinode
