// The measures of needs and referrals that a report may ask for, by name. All count people: who has
// a need of a domain counts once, however many questions, referrals and relays it took.
//
//   screened.D            of the population, who gave an answer: positive or negative
//   screened.D.OUTCOME    ... positive, negative, declined or unable; one outcome a person
//   screened.snse.S       HEDIS SNS-E, screening: food, housing or transportation
//   positive.D            of those screened, the positive
//   intervened.snse.S     HEDIS SNS-E, intervention within 30 days
//   coded.D               of the positive, those with a signed-off code on an encounter
//   referred.D            of the positive, those who were referred
//   accepted.D            of those referred, whose referral was accepted
//   closed.D              of those referred, whose loop is closed
//   closed.D.END          ... evidence, reported, unmet or lost
//   accepted.D.BIN        of those accepted, after so many days (domain/needs/measures/day_bins.h)
//   closed.D.BIN          of those closed, after so many days
//   accepted.D.at.ORG...  the last five also of one organisation: closed.D.at.ORG.END
//
// D is a need domain ("food-insecurity"), ORG the organisation in its URI.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/needs/screening.h"

namespace equinode {

// What a name begins with. The denominator of kScreened is the population.
enum class NeedCount : std::uint8_t {
  kScreened,
  kPositive,
  kIntervened,
  kCoded,
  kReferred,
  kAccepted,
  kClosed,
};

enum class LoopEnd : std::uint8_t { kEvidence, kReported, kUnmet, kLost };
std::string_view LoopEndName(LoopEnd end);

// NCQA's three kinds of need (HEDIS SNS-E) and their domains.
enum class SnsNeed : std::uint8_t { kFood, kHousing, kTransportation };
std::string_view SnsNeedName(SnsNeed need);
const std::vector<std::string>& DomainsOf(SnsNeed need);

struct NeedMeasure {
  NeedCount count = NeedCount::kScreened;
  std::string domain{};          // Empty for SNS-E.
  std::optional<SnsNeed> sns{};  // kScreened, kIntervened.
  std::string at{};              // Organisation; empty = all.
  std::optional<ScreenOutcome> outcome{};
  std::optional<LoopEnd> end{};
  std::optional<std::size_t> bin{};  // Of DayBins().
  friend bool operator==(const NeedMeasure&, const NeedMeasure&) = default;
};

inline constexpr std::size_t kMostMeasureName = 128;

// Nothing for a name that is none of the list above.
std::optional<NeedMeasure> NeedMeasureNamed(std::string_view name);
std::string NameOf(const NeedMeasure& measure);

// What a definition file may say for many: "accepted.D.days" and "closed.D.days" for all bins,
// "closed.D.ends", "screened.D.outcomes". Empty for anything else.
std::vector<std::string> MeasuresMeant(std::string_view shorthand);

// SNS-E is about calendar years (measures.csv: screens from 1 January to 1 December).
bool IsSnsMeasure(std::string_view name);

}  // namespace equinode
