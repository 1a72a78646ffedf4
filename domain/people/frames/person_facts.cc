#include "domain/people/frames/person_facts.h"

#include <array>
#include <string_view>

#include "domain/people/assertion_rules.h"
#include "domain/people/frames/race_ethnicity.h"
#include "domain/people/projection.h"
#include "domain/people/tables.h"

namespace equinode {
namespace {

using Winners = std::array<const Assertion*, 10>;  // By AssertionField.

Winners WinnersOf(const PersonRecord& person) {
  Winners winners{};
  bool twice = false;
  for (const Assertion& assertion : person.assertions) {
    const Assertion*& slot = winners[static_cast<std::size_t>(assertion.field)];
    twice = twice || slot != nullptr;
    slot = &assertion;
  }
  if (!twice) return winners;  // One answer a field: it is the winner.
  std::vector<SourcedAssertion> sourced;
  for (std::uint32_t i = 0; i < person.assertions.size(); ++i) {
    sourced.push_back({&person.assertions[i], {}, i, {}});
  }
  for (const ProjectedField& field : Project(sourced)) {
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
    if (auto subtag = LanguageSubtag(coded.code)) return *std::move(subtag);
  }
  return "UNKNOWN";
}

Availability AvailabilityOf(const Assertion* assertion, bool has_stratum) {
  Availability availability;
  availability.known = assertion != nullptr && assertion->conflict.empty() &&
                       assertion->state == AnswerState::kKnown && has_stratum;
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

bool IsUs(const PostalAddress& address) {
  return address.country.empty() || address.country == "US" || address.country == "USA" ||
         address.country == "United States";
}

bool IsState(std::string_view state) {
  return state.size() == 2 && state[0] >= 'A' && state[0] <= 'Z' && state[1] >= 'A' &&
         state[1] <= 'Z';
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
  if (const PostalAddress* home = HomeOf(person); home != nullptr && IsUs(*home)) {
    if (IsState(home->state) && !home->district.empty()) {
      facts.county = home->state + '/' + home->district;
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
