#include "domain/needs/measures/judge.h"

#include <algorithm>
#include <map>
#include <optional>

#include "domain/needs/measures/day_bins.h"
#include "domain/referral/clocks.h"

namespace equinode {
namespace {

using referral::Grade;
using std::chrono::sys_days;

bool Within(sys_days day, sys_days first, sys_days last) { return first <= day && day <= last; }

const DomainFacts& FactsOf(const CareFacts& facts, std::string_view domain) {
  static const DomainFacts none;
  const auto found = facts.domains.find(domain);
  return found == facts.domains.end() ? none : found->second;
}

// The weightiest outcome of the askings from `first` to `last`.
std::optional<ScreenOutcome> OutcomeIn(const DomainFacts& facts, sys_days first, sys_days last) {
  std::optional<ScreenOutcome> best;
  for (const auto& [day, outcome] : facts.outcomes) {
    if (Within(day, first, last) && (!best || outcome < *best)) best = outcome;
  }
  return best;
}

bool IsAnswer(std::optional<ScreenOutcome> outcome) {
  return outcome == ScreenOutcome::kPositive || outcome == ScreenOutcome::kNegative;
}

std::optional<sys_days> FirstPositive(const DomainFacts& facts, sys_days first, sys_days last) {
  std::optional<sys_days> found;
  for (const auto& [day, outcome] : facts.outcomes) {
    if (outcome != ScreenOutcome::kPositive || !Within(day, first, last)) continue;
    if (!found || day < *found) found = day;
  }
  return found;
}

Standing Of(bool denominator, bool numerator) {
  if (!denominator) return Standing::kOut;
  return numerator ? Standing::kNumerator : Standing::kDenominator;
}

// --- SNS-E

struct SnsYear {
  sys_days first{};
  sys_days last_screen{};
};
SnsYear YearOf(const CountPeriod& period) {
  const auto year = std::chrono::year_month_day{period.last}.year();
  return {sys_days{year / 1 / 1}, sys_days{year / 12 / 1}};
}

bool ServedWithin(const CareFacts& facts, const std::string& domain, sys_days positive,
                  sys_days last) {
  const auto counts = [&](sys_days day) {
    return day <= last && referral::WithinIntervention(Instant{positive}, Instant{day});
  };
  if (std::ranges::any_of(FactsOf(facts, domain).served, counts)) return true;
  return std::ranges::any_of(facts.referrals, [&](const ReferralFact& one) {
    if (one.domain != domain) return false;
    const bool served =
        one.grade == Grade::kServedWithEvidence || one.grade == Grade::kServedAsReported;
    return counts(one.sent) || (served && one.ended && counts(*one.ended));
  });
}

Standing JudgeSns(const NeedMeasure& measure, const CareFacts& facts, const CountPeriod& period) {
  const SnsYear year = YearOf(period);
  const std::vector<std::string>& domains = DomainsOf(*measure.sns);
  if (measure.count == NeedCount::kScreened) {
    return Of(true, std::ranges::any_of(domains, [&](const std::string& domain) {
                return IsAnswer(OutcomeIn(FactsOf(facts, domain), year.first, year.last_screen));
              }));
  }
  std::map<std::string, sys_days> positive;  // By domain: the first.
  std::optional<sys_days> first;
  for (const std::string& domain : domains) {
    const auto day = FirstPositive(FactsOf(facts, domain), year.first, year.last_screen);
    if (!day) continue;
    positive.emplace(domain, *day);
    if (!first || *day < *first) first = day;
  }
  return Of(first.has_value(), std::ranges::any_of(positive, [&](const auto& one) {
              return one.second == *first && ServedWithin(facts, one.first, *first, period.last);
            }));
}

// --- Loops

struct Loop {
  sys_days begun{};
  std::string organisation{};
  std::optional<std::uint32_t> days_to_accept{};
  std::optional<std::uint32_t> days_to_close{};
  std::optional<LoopEnd> end{};  // Closed so.
};

std::optional<LoopEnd> EndOf(const ReferralFact& one, sys_days last) {
  if (!one.ended || *one.ended > last || !one.acknowledged || *one.acknowledged > last) {
    return std::nullopt;
  }
  switch (one.grade) {
    case Grade::kServedWithEvidence:
      return LoopEnd::kEvidence;
    case Grade::kServedAsReported:
      return LoopEnd::kReported;
    case Grade::kUnmet:
      return LoopEnd::kUnmet;
    case Grade::kLost:
      return LoopEnd::kLost;
    case Grade::kOpen:
    case Grade::kVoid:
      break;
  }
  return std::nullopt;
}

// The higher decides: service with evidence, service, what is open, what ended without.
int WeightOf(std::optional<LoopEnd> end) {
  if (!end) return 1;
  if (*end == LoopEnd::kEvidence) return 3;
  return *end == LoopEnd::kReported ? 2 : 0;
}

std::uint32_t DaysBetween(sys_days from, sys_days to) {
  return to <= from ? 0 : static_cast<std::uint32_t>((to - from).count());
}

// The day on which each need of the domain was first referred, by the period's end.
std::map<Uuid, sys_days> NeedsBegun(const CareFacts& facts, std::string_view domain,
                                    const CountPeriod& period) {
  std::map<Uuid, sys_days> begun;
  for (const ReferralFact& one : facts.referrals) {
    if (one.domain != domain) continue;
    const auto [entry, first] = begun.emplace(one.need, one.sent);
    if (!first) entry->second = std::min(entry->second, one.sent);
  }
  std::erase_if(begun,
                [&](const auto& each) { return !Within(each.second, period.first, period.last); });
  return begun;
}

std::optional<Loop> LoopOf(const CareFacts& facts, std::string_view domain,
                           const CountPeriod& period) {
  const auto begun = NeedsBegun(facts, domain, period);
  const auto newest =
      std::ranges::max_element(begun, {}, [](const auto& each) { return each.second; });
  if (newest == begun.end()) return std::nullopt;
  const ReferralFact* decides = nullptr;
  for (const ReferralFact& one : facts.referrals) {
    if (one.need != newest->first || one.domain != domain || one.sent > period.last) continue;
    if (decides != nullptr) {
      const int before = WeightOf(EndOf(*decides, period.last));
      const int now = WeightOf(EndOf(one, period.last));
      if (now < before || (now == before && one.sent < decides->sent)) continue;
    }
    decides = &one;
  }
  Loop loop;
  loop.begun = newest->second;
  loop.organisation = decides->organisation;
  if (decides->accepted && *decides->accepted <= period.last) {
    loop.days_to_accept = DaysBetween(loop.begun, *decides->accepted);
  }
  loop.end = EndOf(*decides, period.last);
  if (loop.end) loop.days_to_close = DaysBetween(loop.begun, *decides->acknowledged);
  return loop;
}

Standing JudgeLoop(const NeedMeasure& measure, const CareFacts& facts, const CountPeriod& period) {
  const auto loop = LoopOf(facts, measure.domain, period);
  if (!loop || (!measure.at.empty() && measure.at != loop->organisation)) return Standing::kOut;
  const bool accepting = measure.count == NeedCount::kAccepted;
  const auto days = accepting ? loop->days_to_accept : loop->days_to_close;
  if (measure.bin) return Of(days.has_value(), days && BinOfDays(*days) == *measure.bin);
  if (measure.end) return Of(true, loop->end == measure.end);
  return Of(true, days.has_value());
}

}  // namespace

Standing Judge(const NeedMeasure& measure, const CareFacts& facts, const CountPeriod& period) {
  if (measure.sns) return JudgeSns(measure, facts, period);
  const DomainFacts& domain = FactsOf(facts, measure.domain);
  const auto outcome = OutcomeIn(domain, period.first, period.last);
  const bool positive = outcome == ScreenOutcome::kPositive;
  switch (measure.count) {
    case NeedCount::kScreened:
      return Of(true, measure.outcome ? outcome == measure.outcome : IsAnswer(outcome));
    case NeedCount::kPositive:
      return Of(IsAnswer(outcome), positive);
    case NeedCount::kCoded:
      return Of(positive, std::ranges::any_of(domain.coded, [&](const CodedFact& coded) {
                  const bool stands = !coded.refuted_on || *coded.refuted_on > period.last;
                  return stands && Within(coded.on, period.first, period.last);
                }));
    case NeedCount::kReferred: {
      const auto first = FirstPositive(domain, period.first, period.last);
      const auto begun = NeedsBegun(facts, measure.domain, period);
      return Of(positive, std::ranges::any_of(
                              begun, [&](const auto& need) { return need.second >= *first; }));
    }
    case NeedCount::kAccepted:
    case NeedCount::kClosed:
      return JudgeLoop(measure, facts, period);
    case NeedCount::kIntervened:
      break;  // SNS-E only.
  }
  return Standing::kOut;
}

Status CheckSnsPeriod(const CountPeriod& period) {
  const auto year = std::chrono::year_month_day{period.last}.year();
  if (period.first == sys_days{year / 1 / 1} && period.last == sys_days{year / 12 / 31}) {
    return Ok();
  }
  return Error{Code::kInvalidArgument, "NOT_A_YEAR",
               "the SNS-E measures are of a calendar year: from 1 January to 31 December"};
}

}  // namespace equinode
