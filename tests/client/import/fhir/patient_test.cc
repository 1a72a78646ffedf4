#include "client/import/fhir/patient.h"

#include <gtest/gtest.h>

#include "tests/client/import/fhir/parsed.h"

namespace equinode::fhir {
namespace {

std::string PatientJson(std::string_view rest) {
  return R"({"resourceType":"Patient","id":"p1",)" + std::string(rest) + "}";
}

TEST(FhirPatient, ReadsThePlainParts) {
  const Reading reading(
      PatientJson(R"("active":false,"birthDate":"1987-02-20","deceasedDateTime":"2022-07-22",
    "name":[{"use":"usual","family":"Baxter","given":["Amy",null,"V."],"prefix":["Dr.","Prof."],
             "suffix":["PharmD"],"text":"Dr. Baxter"}],
    "identifier":[{"type":{"coding":[{"system":"x","code":"XX"},
        {"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},
        "system":"http://clinic/mrn","value":"1032702"},{"system":"only-a-system"}],
    "address":[{"use":"home","line":["183 Mountain View St","Apt 2"],"city":"Mounds",
        "district":"Creek","state":"OK","postalCode":"74048","country":"US"}],
    "telecom":[{"system":"phone","value":"555-555-5555","use":"home"},{"use":"home"}],
    "managingOrganization":{"reference":"Organization/o1"})"));
  ASSERT_EQ(reading.reason(), "");
  const PersonRecord& person = reading.person();
  ASSERT_EQ(person.names.size(), 1u);
  EXPECT_EQ(person.names[0],
            (HumanName{"usual", "Baxter", {"Amy", "V."}, "Dr. Baxter", "Dr. Prof.", "PharmD"}));
  EXPECT_EQ(person.birth_date, (PartialDate{1987, 2, 20}));
  EXPECT_TRUE(person.deceased);
  EXPECT_FALSE(person.active);
  ASSERT_EQ(person.identifiers.size(), 1u);
  EXPECT_EQ(person.identifiers[0], (Identifier{"http://clinic/mrn", "1032702", "MR"}));
  ASSERT_EQ(person.addresses.size(), 1u);
  EXPECT_EQ(person.addresses[0].lines.size(), 2u);
  EXPECT_EQ(person.addresses[0].district, "Creek");
  ASSERT_EQ(person.telecoms.size(), 1u);
  EXPECT_EQ(person.managing_organization, "clinic/Organization/o1");
  EXPECT_EQ(reading.read.patient.mrns, std::vector<std::size_t>{0});
}

TEST(FhirPatient, APlainOneIsActiveAndAlive) {
  const Reading reading(PatientJson(R"("name":[])"));
  EXPECT_TRUE(reading.person().active);
  EXPECT_FALSE(reading.person().deceased);
  EXPECT_TRUE(reading.person().birth_date.empty());
  EXPECT_FALSE(Reading(PatientJson(R"("deceasedBoolean":false)")).person().deceased);
  EXPECT_TRUE(Reading(PatientJson(R"("deceasedBoolean":true)")).person().deceased);
}

TEST(FhirPatient, TheProfileSaysWhichNumbersAreRecordNumbers) {
  const std::string identifiers = R"("identifier":[
      {"type":{"coding":[{"code":"MR"}]},"system":"a","value":"1"},{"system":"b","value":"2"}])";
  EXPECT_EQ(Reading(PatientJson(identifiers)).read.patient.mrns, std::vector<std::size_t>{0});
  SourceProfile profile;
  profile.mrn_system = "b";
  EXPECT_EQ(Reading(PatientJson(identifiers), profile).read.patient.mrns,
            std::vector<std::size_t>{1});
}

TEST(FhirPatient, RefusesABirthDateThatIsNoneOrStillToCome) {
  EXPECT_EQ(Reading(PatientJson(R"("birthDate":"1987-02-30")")).reason(), "BAD_BIRTH_DATE");
  EXPECT_EQ(Reading(PatientJson(R"("birthDate":"02/20/1987")")).reason(), "BAD_BIRTH_DATE");
  EXPECT_EQ(Reading(PatientJson(R"("birthDate":"1987-02-20T00:00:00Z")")).reason(),
            "BAD_BIRTH_DATE");
  EXPECT_EQ(Reading(PatientJson(R"("birthDate":19870220)")).reason(), "WRONG_TYPE");
  EXPECT_EQ(Reading(PatientJson(R"("birthDate":"2026-11-02")")).reason(), "FUTURE_BIRTH_DATE");
  EXPECT_EQ(Reading(PatientJson(R"("birthDate":"2027")")).reason(), "FUTURE_BIRTH_DATE");
  EXPECT_EQ(Reading(PatientJson(R"("birthDate":"2026-11-01")")).reason(), "");
  EXPECT_EQ(Reading(PatientJson(R"("birthDate":"2026")")).reason(), "");
  EXPECT_EQ(Reading(PatientJson(R"("birthDate":null)")).reason(), "");
  EXPECT_EQ(Reading(PatientJson(R"("_birthDate":{"extension":[{"url":
      "http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]})"))
                .reason(),
            "");
}

TEST(FhirPatient, RefusesWrongTypesAndHostileTexts) {
  EXPECT_EQ(Reading(PatientJson(R"("name":{"family":"x"})")).reason(), "WRONG_TYPE");
  EXPECT_EQ(Reading(PatientJson(R"("name":["x"])")).reason(), "WRONG_TYPE");
  EXPECT_EQ(Reading(PatientJson(R"("name":[{"given":"x"}])")).reason(), "WRONG_TYPE");
  EXPECT_EQ(Reading(PatientJson(R"("active":"true")")).reason(), "WRONG_TYPE");
  EXPECT_EQ(Reading(PatientJson(R"("extension":{})")).reason(), "WRONG_TYPE");
  EXPECT_EQ(Reading(PatientJson(R"("name":[{"family":"a\u0000b"}])")).reason(),
            "CONTROL_CHARACTER");
  EXPECT_EQ(Reading(PatientJson(R"("name":[{"family":"a\u001bb"}])")).reason(),
            "CONTROL_CHARACTER");
  EXPECT_EQ(
      Reading(PatientJson("\"name\":[{\"family\":\"" + std::string(1025, 'x') + "\"}]")).reason(),
      "TEXT_TOO_LONG");
  std::string many = "\"telecom\":[";
  for (int i = 0; i < 65; ++i) many += std::string(i ? "," : "") + R"({"value":"1"})";
  EXPECT_EQ(Reading(PatientJson(many + "]")).reason(), "TOO_MANY");
  const Reading tab(PatientJson(R"("name":[{"family":"a\tb\nc"}])"));
  EXPECT_EQ(tab.person().names.at(0).family, "a b c");
}

TEST(FhirPatient, ARefusalSaysNothingOfThePerson) {
  const Reading reading(PatientJson(R"("name":[{"family":7}],"birthDate":"1987-02-20")"));
  EXPECT_EQ(reading.status.error().message,
            "Patient.name is not a string; write it as FHIR R4 JSON has it");
}

}  // namespace
}  // namespace equinode::fhir
