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

TEST(PersonView, ShowsTheWinnerOfEachField) {
  PersonRecord person;
  person.assertions = {Race("2106-3", CollectionMethod::kAdministrative),
                       Race("2028-9", CollectionMethod::kSelfReported)};
  v1::GetPersonResponse out;
  ASSERT_TRUE(AddProjectedFields(BodyFrom(person), out).ok());
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
  ASSERT_TRUE(AddProjectedFields(BodyFrom(person), out).ok());
  EXPECT_TRUE(out.fields(0).conflict());
}

TEST(PersonView, RefusesWhatIsNoPerson) {
  v1::GetPersonResponse out;
  const Bytes junk = {0xFF, 0xFF, 0x01};
  EXPECT_EQ(AddProjectedFields(junk, out).error().reason, "BAD_RECORD");
}

}  // namespace
}  // namespace equinode
