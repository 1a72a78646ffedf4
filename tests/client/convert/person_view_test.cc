#include "client/convert/person_view.h"

#include <gtest/gtest.h>

#include "client/convert/record_body.h"

namespace equinode {
namespace {

Assertion Race(std::string code, CollectionMethod method) {
  Assertion assertion;
  assertion.field = AssertionField::kRace;
  assertion.values = {{"urn:oid:2.16.840.1.113883.6.238", std::move(code), {}, {}}};
  assertion.state = AnswerState::kKnown;
  assertion.method = method;
  return assertion;
}

const Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 27}};

TEST(PersonView, ShowsTheWinnerOfEachField) {
  PersonRecord person;
  person.assertions = {Race("2106-3", CollectionMethod::kAdministrative),
                       Race("2028-9", CollectionMethod::kSelfReported)};
  v1::GetPersonResponse out;
  ASSERT_TRUE(AddProjectedFields(BodyFrom(person), kNow, out).ok());
  ASSERT_EQ(out.fields_size(), 1);
  EXPECT_EQ(out.fields(0).field(), v1::ASSERTION_FIELD_RACE);
  EXPECT_EQ(out.fields(0).winner().values(0).code(), "2028-9");
  EXPECT_FALSE(out.fields(0).conflict());
}

TEST(PersonView, SaysWhatToAskAgain) {
  PersonRecord person;
  person.assertions = {Race("2135-2", CollectionMethod::kSelfReported)};
  person.assertions[0].conflict = "ETHNICITY_CODE_IN_RACE";
  v1::GetPersonResponse out;
  ASSERT_TRUE(AddProjectedFields(BodyFrom(person), kNow, out).ok());
  EXPECT_TRUE(out.fields(0).conflict());
}

TEST(PersonView, ALaterDeclinedIsToldWithItsDay) {
  PersonRecord person;
  person.assertions = {Race("2028-9", CollectionMethod::kSelfReported),
                       Race("2028-9", CollectionMethod::kSelfReported)};
  person.assertions[0].collected_on = {2024, 1, 1};
  person.assertions[1].values.clear();
  person.assertions[1].state = AnswerState::kDeclined;
  v1::GetPersonResponse out;
  out.mutable_record()->mutable_recorded_at()->set_seconds(1'772'000'000);  // 2026-02-25
  ASSERT_TRUE(AddProjectedFields(BodyFrom(person), kNow, out).ok());
  ASSERT_EQ(out.fields_size(), 1);
  EXPECT_EQ(out.fields(0).winner().values(0).code(), "2028-9");
  EXPECT_EQ(out.fields(0).declined_on().year(), 2026u);
  EXPECT_EQ(out.fields(0).declined_on().month(), 2u);
  EXPECT_EQ(out.fields(0).declined_on().day(), 25u);
  EXPECT_FALSE(out.fields(0).came_of_age());
}

TEST(PersonView, SaysThatAMinorHasComeOfAge) {
  PersonRecord person;
  person.birth_date = {2008, 11, 27};
  person.assertions = {Race("2028-9", CollectionMethod::kProxyReported)};
  person.assertions[0].collected_on = {2024, 1, 1};
  v1::GetPersonResponse out;
  ASSERT_TRUE(AddProjectedFields(BodyFrom(person), kNow, out).ok());
  EXPECT_TRUE(out.fields(0).came_of_age());
  EXPECT_FALSE(out.fields(0).has_declined_on());
  out.clear_fields();
  ASSERT_TRUE(AddProjectedFields(BodyFrom(person), kNow - std::chrono::days{1}, out).ok());
  EXPECT_FALSE(out.fields(0).came_of_age());
}

TEST(PersonView, RefusesWhatIsNoPerson) {
  v1::GetPersonResponse out;
  const Bytes junk = {0xFF, 0xFF, 0x01};
  EXPECT_EQ(AddProjectedFields(junk, kNow, out).error().reason, "BAD_RECORD");
}

}  // namespace
}  // namespace equinode
