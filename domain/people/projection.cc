#include "domain/people/projection.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "domain/people/assertion_rules.h"
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

PartialDate DayOf(const SourcedAssertion& sourced) {
  if (!sourced.assertion->collected_on.empty()) return sourced.assertion->collected_on;
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(sourced.recorded_at)};
  return {static_cast<std::uint16_t>(static_cast<int>(day.year())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.day()))};
}

bool Beats(const SourcedAssertion& a, const SourcedAssertion& b) {
  const auto key = [](const SourcedAssertion& each) {
    return std::make_tuple(StrengthOf(*each.assertion), static_cast<int>(each.assertion->method));
  };
  if (key(a) != key(b)) return key(a) < key(b);
  const PartialDate day_a = DayOf(a);
  const PartialDate day_b = DayOf(b);
  if (day_a != day_b) return day_a > day_b;
  if (a.assertion->values.size() != b.assertion->values.size()) {
    return a.assertion->values.size() > b.assertion->values.size();
  }
  return std::tie(a.record, a.position) < std::tie(b.record, b.position);
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
    if (auto subtag = LanguageSubtag(coded.code)) return *std::move(subtag);
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
bool Disputes(const SourcedAssertion& each, const SourcedAssertion& winner) {
  if (!IsUsable(*each.assertion) || !IsUsable(*winner.assertion)) return false;
  if (!CountsAsDirect(winner.assertion->method)) return false;
  const bool heard = CountsAsDirect(each.assertion->method) || DayOf(each) > DayOf(winner);
  return heard && RoughSet(*each.assertion) != RoughSet(*winner.assertion);
}

}  // namespace

std::vector<ProjectedField> Project(std::span<const SourcedAssertion> assertions) {
  std::map<AssertionField, std::vector<const SourcedAssertion*>> by_field;
  for (const SourcedAssertion& each : assertions) {
    by_field[each.assertion->field].push_back(&each);
  }
  std::vector<ProjectedField> fields;
  for (const auto& [field, candidates] : by_field) {
    const SourcedAssertion* winner = *std::min_element(
        candidates.begin(), candidates.end(),
        [](const SourcedAssertion* a, const SourcedAssertion* b) { return Beats(*a, *b); });
    ProjectedField projected{field, winner->assertion, !winner->assertion->conflict.empty(),
                             nullptr};
    const SourcedAssertion* declined = nullptr;
    for (const SourcedAssertion* each : candidates) {
      if (each == winner) continue;
      if (Disputes(*each, *winner)) projected.conflict = true;
      if (each->assertion->state == AnswerState::kDeclined && IsUsable(*winner->assertion) &&
          DayOf(*each) > DayOf(*winner) && (declined == nullptr || Beats(*each, *declined))) {
        declined = each;
      }
    }
    if (declined != nullptr) projected.declined_later = declined->assertion;
    fields.push_back(projected);
  }
  return fields;
}

}  // namespace equinode
