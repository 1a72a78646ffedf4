#include "domain/people/frames/person_facts.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "domain/people/assertion_rules.h"
#include "domain/people/frames/race_ethnicity.h"
#include "domain/people/languages.h"
#include "domain/people/places.h"
#include "domain/people/projection.h"
#include "domain/people/tables.h"

namespace equinode {
namespace {

using Winners = std::array<const Assertion*, 10>;  // By AssertionField.

// The latest day on which anything was asked: the day on which one looks, so that equal bodies have
// equal facts whenever they are read.
PartialDate LastAsked(const PersonRecord& person) {
  PartialDate last;
  for (const Assertion& assertion : person.assertions) {
    last = std::max(last, assertion.collected_on);
  }
  return last;
}

Winners WinnersOf(const PersonRecord& person) {
  Winners winners{};
  bool plain = true;  // One answer a field, and none takes another back: each is the winner.
  for (const Assertion& assertion : person.assertions) {
    const Assertion*& slot = winners[static_cast<std::size_t>(assertion.field)];
    plain = plain && slot == nullptr && assertion.retracts.empty() && assertion.supersedes.empty();
    slot = &assertion;
  }
  if (plain) return winners;
  winners.fill(nullptr);
  std::vector<SourcedAssertion> sourced;
  for (std::uint32_t i = 0; i < person.assertions.size(); ++i) {
    sourced.push_back({&person.assertions[i], {}, i, {}});
  }
  for (const ProjectedField& field : Project(sourced, {person.birth_date, LastAsked(person)})) {
    winners[static_cast<std::size_t>(field.field)] = field.winner;
  }
  return winners;
}

const Assertion* Of(const Winners& winners, AssertionField field) {
  return winners[static_cast<std::size_t>(field)];
}

std::optional<SexStratum> SexOf(const Assertion* assertion) {
  if (assertion == nullptr || !IsUsable(*assertion)) return std::nullopt;
  for (const Coded& coded : assertion->values) {
    const auto meaning = SexMeaning(assertion->field, coded.system, coded.code);
    if (meaning == "FEMALE") return SexStratum::kFemale;
    if (meaning == "MALE") return SexStratum::kMale;
    if (meaning == "OTHER") return SexStratum::kOther;
    if (StateOfNull(coded.system, coded.code) == AnswerState::kOther) return SexStratum::kOther;
  }
  return std::nullopt;
}

SexStratum SexOf(const Winners& winners) {
  constexpr std::array kFields = {AssertionField::kSex, AssertionField::kBirthSex,
                                  AssertionField::kAdministrativeGender};
  for (const AssertionField field : kFields) {
    if (const auto sex = SexOf(Of(winners, field))) return *sex;
  }
  for (const AssertionField field : kFields) {
    const Assertion* assertion = Of(winners, field);
    if (assertion == nullptr || !assertion->conflict.empty()) continue;
    if (assertion->state == AnswerState::kDeclined) return SexStratum::kDeclined;
    if (assertion->state == AnswerState::kNotAsked) return SexStratum::kNotAsked;
  }
  return SexStratum::kUnknown;
}

// A subtag, or the stratum of a state.
std::string LanguageOf(const Assertion* assertion) {
  if (assertion == nullptr || !assertion->conflict.empty()) return "UNKNOWN";
  if (assertion->state == AnswerState::kDeclined) return "DECLINED";
  if (assertion->state == AnswerState::kNotAsked) return "NOT_ASKED";
  if (assertion->state != AnswerState::kKnown) return "UNKNOWN";
  for (const Coded& coded : assertion->values) {
    if (StateOfNull(coded.system, coded.code)) continue;
    const bool tag = coded.system.empty() || coded.system == kLanguageSystem;
    if (const auto subtag = tag ? LanguageSubtag(coded.code) : std::nullopt) {
      return std::string(*subtag);
    }
  }
  return "UNKNOWN";
}

Availability AvailabilityOf(const Assertion* assertion, bool has_stratum) {
  Availability availability;
  availability.known = assertion != nullptr && assertion->conflict.empty() &&
                       CountsAsAnswered(assertion->state) && has_stratum;
  availability.self_reported =
      availability.known && assertion->method == CollectionMethod::kSelfReported;
  return availability;
}

const PostalAddress* HomeOf(const PersonRecord& person) {
  const PostalAddress* first = nullptr;
  for (const PostalAddress& address : person.addresses) {
    if (address.use == "old") continue;
    if (address.use == "home") return &address;
    if (first == nullptr) first = &address;
  }
  return first;
}

std::string Zip3Of(const PostalAddress& address) {
  const std::string_view code = address.postal_code;
  const bool five = code.size() == 5;
  const bool nine = (code.size() == 10 && code[5] == '-') || code.size() == 9;
  if (!five && !nine) return "UNKNOWN";
  for (std::size_t i = 0; i < code.size(); ++i) {
    const bool dash = code.size() == 10 && i == 5;
    if (!dash && (code[i] < '0' || code[i] > '9')) return "UNKNOWN";
  }
  return std::string(code.substr(0, 3));
}

}  // namespace

PersonFacts PersonFactsOf(const PersonRecord& person) {
  const Winners winners = WinnersOf(person);
  const Assertion* race = Of(winners, AssertionField::kRace);
  const Assertion* ethnicity = Of(winners, AssertionField::kEthnicity);
  const Assertion* language = Of(winners, AssertionField::kLanguage);
  PersonFacts facts;
  facts.race1997 = Race1997Of(race);
  facts.ethnicity1997 = Ethnicity1997Of(ethnicity);
  facts.race2024 = RaceEthnicity2024Of(race, ethnicity);
  facts.sex = SexOf(winners);
  facts.language = LanguageOf(language);
  facts.race = AvailabilityOf(race, facts.race1997 != Race1997::kUnknown);
  facts.ethnicity = AvailabilityOf(ethnicity, facts.ethnicity1997 != Ethnicity1997::kUnknown);
  facts.language_known = AvailabilityOf(language, facts.language != "UNKNOWN");
  if (const PostalAddress* home = HomeOf(person);
      home != nullptr && IsUnitedStates(home->country)) {
    if (const auto state = home->district.empty() ? std::nullopt : UsState(home->state)) {
      if (const auto county = UsCounty(*state, home->district)) {
        facts.county.assign(*state).append("/").append(*county);
      }
    }
    facts.zip3 = Zip3Of(*home);
  }
  const PartialDate& born = person.birth_date;
  if (!born.empty()) {
    const std::chrono::year_month_day day{std::chrono::year{born.year},
                                          std::chrono::month{born.month == 0 ? 1u : born.month},
                                          std::chrono::day{born.day == 0 ? 1u : born.day}};
    if (day.ok()) facts.birth_date = std::chrono::sys_days{day};
  }
  return facts;
}

}  // namespace equinode
