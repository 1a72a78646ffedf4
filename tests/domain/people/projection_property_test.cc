// Whatever the answers: what one sees of a person does not depend on the order in which they came.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

#include "domain/people/assertion_rules.h"
#include "domain/people/projection.h"
#include "tests/domain/people/answers.h"

namespace equinode {
namespace {

using testing::Absent;
using testing::Cdcrec;
using testing::Null;
using testing::Words;

template <typename T>
T Pick(std::vector<T> from) {
  return *rc::gen::elementOf(std::move(from));
}
int Below(int most) { return *rc::gen::inRange(0, most); }

// A code that the field may hold, a reason for none, words, or one that nobody knows.
Coded AnyCode(AssertionField field) {
  static const std::string kSnomed = "http://snomed.info/sct";
  static const std::string kGender = "http://hl7.org/fhir/administrative-gender";
  switch (Below(10)) {
    case 0:
      return Null(Pick<std::string>({"UNK", "ASKU", "NASK", "OTH", "MSK", "NA"}));
    case 1:
      return Absent(Pick<std::string>({"asked-declined", "not-asked", "unsupported", "error"}));
    case 2:
      return Words(Pick<std::string>({"Mixteco", "other"}));
    case 3:
      return {"http://clinic.example/codes", Pick<std::string>({"1", "2"}), {}, {}};
    default:
      break;
  }
  switch (field) {
    case AssertionField::kRace:
      return Cdcrec(
          Pick<std::string>({"2106-3", "2028-9", "2112-1", "2118-8", "2131-1", "2135-2"}));
    case AssertionField::kEthnicity:
      return Cdcrec(Pick<std::string>({"2135-2", "2186-5", "2148-5", "2106-3"}));
    case AssertionField::kLanguage:
      return {
          std::string(kLanguageSystem), Pick<std::string>({"en", "en-US", "spa", "zz"}), {}, {}};
    case AssertionField::kInterpreterNeeded:
      return {kSnomed, Pick<std::string>({"373066001", "373067005"}), {}, {}};
    case AssertionField::kSex:
      return {kSnomed, Pick<std::string>({"248152002", "248153007"}), {}, {}};
    case AssertionField::kBirthSex:
      return {"http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender",
              Pick<std::string>({"F", "M"}),
              {},
              {}};
    case AssertionField::kAdministrativeGender:
      return {kGender, Pick<std::string>({"female", "male", "other", "unknown"}), {}, {}};
    case AssertionField::kGenderIdentity:
      return {kSnomed, Pick<std::string>({"446141000124107", "33791000087105"}), {}, {}};
    case AssertionField::kTribalAffiliation:
      return {"http://terminology.hl7.org/CodeSystem/v3-TribalEntityUS",
              Pick<std::string>({"338", "339"}),
              {},
              {}};
  }
  return {};
}

PartialDate AnyDate() {
  if (Below(4) == 0) return {};
  const auto month = static_cast<std::uint8_t>(Below(4));
  const auto day = static_cast<std::uint8_t>(month == 0 ? 0 : Below(3));
  return {static_cast<std::uint16_t>(2018 + Below(8)), month, day};
}

struct AnyPerson {
  std::vector<Assertion> assertions{};
  std::vector<SourcedAssertion> sourced{};
  Viewed viewed{};
};

AnyPerson Any() {
  AnyPerson person;
  std::vector<std::uint32_t> in_record(3, 0);
  const int count = Below(14);
  for (int i = 0; i < count; ++i) {
    Assertion& assertion = person.assertions.emplace_back();
    assertion.field = static_cast<AssertionField>(1 + Below(9));
    const int values = Below(4);
    for (int n = 0; n < values; ++n) assertion.values.push_back(AnyCode(assertion.field));
    Judge(assertion);
    assertion.method = static_cast<CollectionMethod>(1 + Below(7));
    assertion.collected_on = AnyDate();
    SourcedAssertion& sourced = person.sourced.emplace_back();
    const auto record = static_cast<std::size_t>(Below(3));
    sourced.record = std::string(1, static_cast<char>('a' + record));
    sourced.position = in_record[record]++;
    if (Below(2) == 0)
      sourced.recorded_at = Instant{Millis{1'600'000'000'000 + Below(4) * 86'400'000LL}};
    for (std::uint32_t at = 0; at < sourced.position; ++at) {
      if (Below(8) == 0) assertion.supersedes.push_back(at);
      if (Below(8) == 0) assertion.retracts.push_back(at);
    }
  }
  for (std::size_t i = 0; i < person.assertions.size(); ++i) {
    person.sourced[i].assertion = &person.assertions[i];
  }
  if (Below(3) > 0) person.viewed.birth_date = {static_cast<std::uint16_t>(2000 + Below(12)), 1, 1};
  if (Below(3) > 0) person.viewed.today = {static_cast<std::uint16_t>(2018 + Below(9)), 6, 1};
  return person;
}

bool Same(const ProjectedField& a, const ProjectedField& b) {
  return a.field == b.field && a.winner == b.winner && a.conflict == b.conflict &&
         a.declined_on == b.declined_on && a.came_of_age == b.came_of_age;
}

TEST(ProjectionProperty, DoesNotDependOnTheOrder) {
  EXPECT_TRUE(rc::check("every field, in every order", [] {
    const AnyPerson person = Any();
    const auto fields = Project(person.sourced, person.viewed);
    std::vector<std::size_t> order(person.sourced.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (int round = 0; round < 6; ++round) {
      for (std::size_t i = order.size(); i > 1; --i) {
        std::swap(order[i - 1], order[static_cast<std::size_t>(Below(static_cast<int>(i)))]);
      }
      std::vector<SourcedAssertion> shuffled;
      for (const std::size_t at : order) shuffled.push_back(person.sourced[at]);
      const auto again = Project(shuffled, person.viewed);
      RC_ASSERT(std::equal(fields.begin(), fields.end(), again.begin(), again.end(), Same));
    }
  }));
}

TEST(ProjectionProperty, AnAnswerIsShownWheneverOneStands) {
  EXPECT_TRUE(rc::check("usable answers first, taken-back ones never", [] {
    const AnyPerson person = Any();
    const auto fields = Project(person.sourced, person.viewed);
    for (std::size_t i = 1; i < fields.size(); ++i)
      RC_ASSERT(fields[i - 1].field < fields[i].field);
    for (const SourcedAssertion& each : person.sourced) {
      const bool named = std::any_of(
          person.sourced.begin(), person.sourced.end(), [&](const SourcedAssertion& other) {
            const auto names = [&](const std::vector<std::uint32_t>& list) {
              return std::find(list.begin(), list.end(), each.position) != list.end();
            };
            return other.record == each.record &&
                   (names(other.assertion->supersedes) || names(other.assertion->retracts));
          });
      if (named) continue;  // May be out, or not.
      const auto field = std::find_if(fields.begin(), fields.end(), [&](const ProjectedField& one) {
        return one.field == each.assertion->field;
      });
      RC_ASSERT(field != fields.end());
      RC_ASSERT(!IsUsable(*each.assertion) || IsUsable(*field->winner));
      const bool direct =
          IsUsable(*each.assertion) && each.assertion->method == CollectionMethod::kSelfReported;
      RC_ASSERT(!direct || field->winner->method == CollectionMethod::kSelfReported);
    }
  }));
}

}  // namespace
}  // namespace equinode
