#include "domain/people/projection.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "domain/people/assertion_rules.h"
#include "domain/people/languages.h"
#include "domain/people/tables.h"

namespace equinode {
namespace {

// 0 beats 1 beats ...
int StrengthOf(const Assertion& assertion) {
  // In words or in a code: the method decides between answers, not who has a code for them.
  if (IsUsable(assertion)) return 0;
  switch (assertion.state) {
    case AnswerState::kKnown:
    case AnswerState::kOther:
      return 2;  // In conflict: an answer, but one to ask again.
    case AnswerState::kDeclined:
    case AnswerState::kAskedUnknown:
    case AnswerState::kMasked:
    case AnswerState::kUnmapped:
    case AnswerState::kInvalid:
      return 3;
    case AnswerState::kUnknown:
    case AnswerState::kPending:
    case AnswerState::kError:
      return 4;
    case AnswerState::kNotAsked:
      return 5;
    case AnswerState::kAbsent:
    case AnswerState::kNotApplicable:
    case AnswerState::kUnsupported:
      return 6;
  }
  return 6;
}

// Empty: not known, older than any.
PartialDate DayOf(const SourcedAssertion& sourced) {
  if (!sourced.assertion->collected_on.empty()) return sourced.assertion->collected_on;
  if (sourced.recorded_at == Instant{}) return {};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(sourced.recorded_at)};
  return {static_cast<std::uint16_t>(static_cast<int>(day.year())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.day()))};
}

// The day from which a person speaks for themselves; empty when that has not come, or is not known.
PartialDate CameOfAge(const Viewed& viewed) {
  constexpr std::uint16_t kOfAge = 18;
  if (viewed.birth_date.empty()) return {};
  PartialDate day = viewed.birth_date;
  day.year = static_cast<std::uint16_t>(day.year + kOfAge);
  if (day.month == 0) day.month = 1;
  if (day.day == 0) day.day = 1;
  return viewed.today < day ? PartialDate{} : day;
}

// An assertion with what decides between it and others, worked out once.
struct Candidate {
  const SourcedAssertion* sourced = nullptr;
  int strength = 0;  // 0 beats 1 beats ...
  int rank = 0;      // Of the method, lower is stronger.
  PartialDate day{};
  bool outgrown = false;  // A proxy's, from before the person came of age.
  const Assertion& assertion() const { return *sourced->assertion; }
  bool direct() const { return rank <= static_cast<int>(CollectionMethod::kProxyReported); }
};

Candidate CandidateOf(const SourcedAssertion& sourced, const PartialDate& came_of_age) {
  const Assertion& assertion = *sourced.assertion;
  Candidate candidate{&sourced, StrengthOf(assertion), static_cast<int>(assertion.method),
                      DayOf(sourced), false};
  candidate.outgrown = assertion.method == CollectionMethod::kProxyReported &&
                       !came_of_age.empty() && !candidate.day.empty() &&
                       candidate.day < came_of_age;
  if (candidate.outgrown) ++candidate.rank;
  return candidate;
}

// A total order: no two assertions have the same place.
bool Beats(const Candidate& a, const Candidate& b) {
  if (a.strength != b.strength) return a.strength < b.strength;
  if (a.rank != b.rank) return a.rank < b.rank;
  if (a.day != b.day) return a.day > b.day;
  const std::size_t detail_a = a.assertion().values.size();
  const std::size_t detail_b = b.assertion().values.size();
  if (detail_a != detail_b) return detail_a > detail_b;
  return std::tie(a.sourced->record, a.sourced->position) <
         std::tie(b.sourced->record, b.sourced->position);
}

// The assertions of one record that nothing later in it corrects or takes back, from the last to
// the first. Only earlier positions can be named, so that there is no circle.
void KeepStanding(std::vector<const SourcedAssertion*>& record) {
  std::sort(record.begin(), record.end(),
            [](const auto* a, const auto* b) { return a->position > b->position; });
  std::set<std::uint32_t> retracted;
  std::set<std::uint32_t> superseded;
  for (const SourcedAssertion* each : record) {
    if (retracted.contains(each->position)) continue;
    for (const std::uint32_t at : each->assertion->retracts) {
      if (at < each->position) retracted.insert(at);
    }
    for (const std::uint32_t at : each->assertion->supersedes) {
      if (at < each->position) superseded.insert(at);
    }
  }
  std::erase_if(record, [&](const SourcedAssertion* each) {
    return retracted.contains(each->position) || superseded.contains(each->position);
  });
}

std::vector<const SourcedAssertion*> Standing(std::span<const SourcedAssertion> assertions) {
  std::map<std::string_view, std::vector<const SourcedAssertion*>> records;
  for (const SourcedAssertion& each : assertions) records[each.record].push_back(&each);
  std::vector<const SourcedAssertion*> all;
  for (auto& [name, record] : records) {
    KeepStanding(record);
    all.insert(all.end(), record.begin(), record.end());
  }
  return all;
}

// What a value says once detail, region and spelling of the system are left aside: "en" and
// "en-US", White and German, are no contradiction.
std::string Rough(AssertionField field, const Coded& coded) {
  const CdcrecCode* cdcrec = nullptr;
  if (field == AssertionField::kRace || field == AssertionField::kEthnicity) {
    cdcrec = FindCdcrec(coded.system, coded.code);
  }
  if (cdcrec != nullptr) return "omb " + std::to_string(static_cast<int>(cdcrec->in1997));
  if (field == AssertionField::kLanguage) {
    if (const auto subtag = LanguageSubtag(coded.code)) return std::string(*subtag);
  }
  if (const auto meaning = SexMeaning(field, coded.system, coded.code)) {
    return std::string(*meaning);
  }
  return coded.system + '|' + coded.code + '|' + (coded.code.empty() ? coded.text : "");
}

std::set<std::string> RoughSet(const Assertion& assertion) {
  std::set<std::string> all;
  for (const Coded& coded : assertion.values) all.insert(Rough(assertion.field, coded));
  return all;
}

// A direct answer differs, or one that is not direct and newer than the winner.
bool Disputes(const Candidate& each, const Candidate& winner) {
  if (!IsUsable(each.assertion()) || !IsUsable(winner.assertion()) || !winner.direct())
    return false;
  const bool heard = each.direct() || each.day > winner.day;
  return heard && RoughSet(each.assertion()) != RoughSet(winner.assertion());
}

ProjectedField FieldOf(AssertionField field, const std::vector<Candidate>& candidates) {
  const Candidate& winner = *std::min_element(candidates.begin(), candidates.end(), Beats);
  ProjectedField projected;
  projected.field = field;
  projected.winner = &winner.assertion();
  projected.conflict = !winner.assertion().conflict.empty();
  projected.came_of_age = winner.outgrown;
  for (const Candidate& each : candidates) {
    if (&each == &winner) continue;
    if (Disputes(each, winner)) projected.conflict = true;
    const bool declined = each.assertion().state == AnswerState::kDeclined &&
                          IsUsable(winner.assertion()) && each.day > winner.day;
    if (declined) projected.declined_on = std::max(projected.declined_on, each.day);
  }
  return projected;
}

}  // namespace

std::vector<ProjectedField> Project(std::span<const SourcedAssertion> assertions,
                                    const Viewed& viewed) {
  const PartialDate came_of_age = CameOfAge(viewed);
  std::map<AssertionField, std::vector<Candidate>> by_field;
  for (const SourcedAssertion* each : Standing(assertions)) {
    by_field[each->assertion->field].push_back(CandidateOf(*each, came_of_age));
  }
  std::vector<ProjectedField> fields;
  for (const auto& [field, candidates] : by_field) fields.push_back(FieldOf(field, candidates));
  return fields;
}

}  // namespace equinode
