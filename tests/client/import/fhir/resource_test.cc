#include "client/import/fhir/resource.h"

#include <gtest/gtest.h>

#include "tests/client/import/fhir/parsed.h"

namespace equinode::fhir {
namespace {

TEST(FhirResource, OtherTypesArePassedOverByType) {
  const Reading observation(R"({"resourceType":"Observation","subject":{"reference":"Patient/p"},
      "code":{"coding":[{"code":"72826-1"}]},"valueCodeableConcept":{"text":"x"}})");
  EXPECT_EQ(observation.reason(), "");
  EXPECT_EQ(observation.read.kind, ResourceKind::kPassedOver);
  EXPECT_EQ(observation.read.type, "Observation");
  EXPECT_EQ(Reading(R"({"exportId":"e","eventId":"kickoff"})").read.type, "(bulk export log)");
  EXPECT_EQ(Reading(R"({"resourceType":"Bundle"})").read.kind, ResourceKind::kBundle);
}

TEST(FhirResource, RefusesWhatIsNoResourceAndSaysWhichOneItWas) {
  EXPECT_EQ(Reading("[]").reason(), "NOT_A_RESOURCE");
  EXPECT_EQ(Reading("7").reason(), "NOT_A_RESOURCE");
  EXPECT_EQ(Reading("{}").reason(), "NOT_A_RESOURCE");
  EXPECT_EQ(Reading(R"({"resourceType":7})").reason(), "WRONG_TYPE");
  EXPECT_EQ(Reading(R"({"resourceType":"<script>"})").reason(), "NOT_A_RESOURCE");
  EXPECT_EQ(Reading(R"({"resourceType":"Patient"})").reason(), "MISSING_ID");
  EXPECT_EQ(Reading(R"({"resourceType":"Patient","id":7})").reason(), "WRONG_TYPE");
  EXPECT_EQ(Reading(R"({"resourceType":"Patient","id":"a","id":"b"})").reason(), "DUPLICATE_KEY");
  EXPECT_EQ(Reading(R"({"resourceType":"Patient","id":"##PatientID##"})").reason(),
            "PLACEHOLDER_ID");
  const Reading named(R"({"resourceType":"Patient","id":"p1","birthDate":"x"})");
  EXPECT_EQ(named.reason(), "BAD_BIRTH_DATE");
  EXPECT_EQ(Label(named.read), "Patient/p1");
  // An id that is none may be a name: it is not repeated.
  const Reading odd(R"({"resourceType":"Patient","id":"John Smith"})");
  EXPECT_EQ(odd.reason(), "BAD_ID");
  EXPECT_EQ(Label(odd.read), "Patient");
}

TEST(FhirResource, AnOrganizationHasANameOrAnIdentifier) {
  const Reading reading(R"({"resourceType":"Organization","id":"o1","name":"Acme Health Plan",
      "identifier":[{"system":"urn:oid:2.16.840.1.113883.6.300","value":"55555"}]})");
  ASSERT_EQ(reading.read.kind, ResourceKind::kOrganization);
  EXPECT_EQ(reading.read.organization.name, "Acme Health Plan");
  ASSERT_EQ(reading.read.organization.identifiers.size(), 1u);
  EXPECT_EQ(Reading(R"({"resourceType":"Organization","id":"o1"})").reason(),
            "NAMELESS_ORGANIZATION");
}

}  // namespace
}  // namespace equinode::fhir
