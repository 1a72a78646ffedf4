#include "client/import/fhir/reference.h"

#include <gtest/gtest.h>

#include "client/import/fhir/parser.h"

namespace equinode::fhir {
namespace {

// "id" or the refusal's reason, of a reference to a Patient.
std::string PatientOf(std::string json, const FullUrls* urls = nullptr) {
  json.reserve(json.size() + kPadding);
  Parser parser;
  const auto root = parser.Parse(json);
  if (!root.ok()) return root.error().reason;
  const auto reference = ReadReference(*root, "here", urls);
  if (!reference.ok()) return reference.error().reason;
  const auto id = IdOf(*reference, "Patient", "here");
  return id.ok() ? std::string(*id) : id.error().reason;
}

TEST(FhirReference, ResolvesEveryFormThatNamesAnId) {
  EXPECT_EQ(PatientOf(R"({"reference":"Patient/p1"})"), "p1");
  EXPECT_EQ(PatientOf(R"({"reference":"Patient/p1/_history/3"})"), "p1");
  EXPECT_EQ(PatientOf(R"({"reference":"https://ehr.example/fhir/r4/Patient/p1"})"), "p1");
  EXPECT_EQ(PatientOf(R"({"reference":"https://ehr.example/Patient/p1/_history/2"})"), "p1");
  EXPECT_EQ(PatientOf(R"({"reference":"urn:uuid:d78af07c-9cb9-4f31-9b11-c45a28f2eec8"})"),
            "d78af07c-9cb9-4f31-9b11-c45a28f2eec8");
  EXPECT_EQ(PatientOf(R"({"reference":"urn:oid:1.2.3"})"), "1.2.3");
  EXPECT_EQ(PatientOf(R"({"reference":"Patient/p1","type":"Patient","display":"x"})"), "p1");
}

TEST(FhirReference, AUrnOfABundleIsTheEntryThatItNames) {
  const FullUrls urls = {{"urn:uuid:aa", "Patient/real"},
                         {"https://ehr/Patient/x", "Patient/y"},
                         {"urn:uuid:bb", "Practitioner/doc"}};
  EXPECT_EQ(PatientOf(R"({"reference":"urn:uuid:aa"})", &urls), "real");
  EXPECT_EQ(PatientOf(R"({"reference":"https://ehr/Patient/x"})", &urls), "y");
  EXPECT_EQ(PatientOf(R"({"reference":"urn:uuid:bb"})", &urls), "WRONG_REFERENCE_TYPE");
  EXPECT_EQ(PatientOf(R"({"reference":"urn:uuid:cc"})", &urls), "cc");  // In another file.
}

TEST(FhirReference, RefusesWhatNamesNobodyWithAReason) {
  EXPECT_EQ(PatientOf(R"({})"), "MISSING_REFERENCE");
  EXPECT_EQ(PatientOf(R"({"display":"Somebody"})"), "MISSING_REFERENCE");
  EXPECT_EQ(PatientOf(R"({"reference":""})"), "MISSING_REFERENCE");
  EXPECT_EQ(PatientOf(R"({"identifier":{"system":"s","value":"v"}})"), "IDENTIFIER_ONLY_REFERENCE");
  EXPECT_EQ(PatientOf(R"({"reference":"#p"})"), "CONTAINED_REFERENCE");
  EXPECT_EQ(PatientOf(R"({"reference":"Patient/##PatientID##"})"), "PLACEHOLDER_ID");
  EXPECT_EQ(PatientOf(R"({"reference":"Patient?identifier=a|b"})"), "CONDITIONAL_REFERENCE");
  EXPECT_EQ(PatientOf(R"({"reference":"Group/g1"})"), "WRONG_REFERENCE_TYPE");
  EXPECT_EQ(PatientOf(R"({"reference":"Practitioner/p1"})"), "WRONG_REFERENCE_TYPE");
  EXPECT_EQ(PatientOf(R"({"reference":"p1"})"), "UNRESOLVED_REFERENCE");
  EXPECT_EQ(PatientOf(R"({"reference":"Patient/"})"), "UNRESOLVED_REFERENCE");
  EXPECT_EQ(PatientOf(R"({"reference":"Patient/a b"})"), "UNRESOLVED_REFERENCE");
  EXPECT_EQ(PatientOf(R"({"reference":"/p1"})"), "UNRESOLVED_REFERENCE");
  EXPECT_EQ(PatientOf(R"({"reference":"urn:uuid:"})"), "UNRESOLVED_REFERENCE");
  EXPECT_EQ(PatientOf(R"({"reference":7})"), "WRONG_TYPE");
  EXPECT_EQ(PatientOf(R"("Patient/p1")"), "WRONG_TYPE");
  EXPECT_EQ(PatientOf(R"({"type":"Group","reference":"urn:uuid:aa"})"), "WRONG_REFERENCE_TYPE");
}

TEST(FhirReference, AnIdIsShortAndPlain) {
  EXPECT_TRUE(IsId("A-1.b_2"));
  EXPECT_TRUE(IsId(std::string(64, 'a')));
  EXPECT_FALSE(IsId(std::string(65, 'a')));
  EXPECT_FALSE(IsId("a/b"));
  EXPECT_FALSE(IsId("ä"));
  EXPECT_EQ(CheckId("##PatientID##", "x").error().reason, "PLACEHOLDER_ID");
  EXPECT_EQ(CheckId("{{id}}", "x").error().reason, "PLACEHOLDER_ID");
  EXPECT_EQ(CheckId("", "x").error().reason, "MISSING_ID");
  EXPECT_EQ(CheckId("John Smith", "x").error().reason, "BAD_ID");
}

TEST(FhirReference, AFullUrlGivesTheIdThatTheResourceLacks) {
  EXPECT_EQ(IdInUrl("urn:uuid:abc", "Patient"), "abc");
  EXPECT_EQ(IdInUrl("https://ehr/Patient/p1", "Patient"), "p1");
  EXPECT_EQ(IdInUrl("https://ehr/Patient/p1", "Coverage"), "");
  EXPECT_EQ(IdInUrl("nonsense", "Patient"), "");
}

}  // namespace
}  // namespace equinode::fhir
