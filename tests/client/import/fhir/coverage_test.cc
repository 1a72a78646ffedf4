#include "client/import/fhir/coverage.h"

#include <gtest/gtest.h>

#include "tests/client/import/fhir/parsed.h"

namespace equinode::fhir {
namespace {

SourceProfile Profile() {
  SourceProfile profile;
  profile.payers = {
      {.identifier = "urn:oid:2.16.840.1.113883.6.300|55555",
       .type = "MCPOL",
       .uri = "spiffe://net/payer/acme",
       .line_of_business = "medicaid"},
      {.identifier = "urn:oid:2.16.840.1.113883.6.300|55555",
       .uri = "spiffe://net/payer/acme",
       .line_of_business = "commercial"},
      {.reference = "Organization/acme", .uri = "spiffe://net/payer/acme"},
      {.name = "Golden  State Health ", .uri = "spiffe://net/payer/golden"},
  };
  return profile;
}

std::string CoverageJson(std::string_view rest) {
  return R"({"resourceType":"Coverage","id":"c1","status":"active",)"
         R"("beneficiary":{"reference":"Patient/p1"},)" +
         std::string(rest) + "}";
}

TEST(FhirCoverage, ReadsWhoByWhomAndWhen) {
  const Reading reading(
      CoverageJson(R"("payor":[{"reference":"Organization/acme"}],"subscriberId":"S1",
      "identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203",
      "code":"MB"}]},"value":"M1"}],"period":{"start":"2025-01-01","end":"2025-06"})"),
      Profile());
  ASSERT_EQ(reading.reason(), "");
  EXPECT_EQ(reading.read.kind, ResourceKind::kCoverage);
  EXPECT_EQ(reading.read.coverage.patient_id, "p1");
  const CoverageRecord& coverage = reading.read.coverage.coverage;
  EXPECT_EQ(coverage.payer, "spiffe://net/payer/acme");
  EXPECT_EQ(coverage.line_of_business, "");
  EXPECT_EQ(coverage.payor, "Organization/acme");
  EXPECT_EQ(coverage.member_id, "M1");
  EXPECT_EQ(coverage.start, (PartialDate{2025, 1, 1}));
  EXPECT_EQ(coverage.end, (PartialDate{2025, 6, 0}));
  EXPECT_EQ(coverage.status, "active");
}

TEST(FhirCoverage, APayorIsMappedByIdentifierReferenceOrName) {
  const auto payer = [](std::string_view payor, std::string_view more = "") {
    const Reading reading(
        CoverageJson("\"payor\":[" + std::string(payor) + "]" + std::string(more)), Profile());
    EXPECT_EQ(reading.reason(), "");
    const ReadCoverage& read = reading.read.coverage;
    return read.mapped ? read.coverage.payer + " " + read.coverage.line_of_business : "-";
  };
  const std::string by_identifier =
      R"({"identifier":{"system":"urn:oid:2.16.840.1.113883.6.300","value":"55555"}})";
  EXPECT_EQ(payer(by_identifier), "spiffe://net/payer/acme commercial");
  EXPECT_EQ(payer(by_identifier, R"(,"type":{"coding":[{"code":"x"},{"code":"MCPOL"}]})"),
            "spiffe://net/payer/acme medicaid");
  EXPECT_EQ(payer(R"({"identifier":{"system":"other","value":"55555"}})"), "-");
  EXPECT_EQ(payer(R"({"reference":"Organization/acme"})"), "spiffe://net/payer/acme ");
  EXPECT_EQ(payer(R"({"reference":"https://ehr/fhir/Organization/acme"})"),
            "spiffe://net/payer/acme ");
  EXPECT_EQ(payer(R"({"display":"golden state HEALTH"})"), "spiffe://net/payer/golden ");
  EXPECT_EQ(payer(R"({"display":"nobody"},{"display":"Golden State Health"})"),
            "spiffe://net/payer/golden ");
  EXPECT_EQ(payer(R"({"reference":"#o"})",
                  R"(,"contained":[{"resourceType":"Organization","id":"o",
                     "name":"Golden State Health"}])"),
            "spiffe://net/payer/golden ");
}

TEST(FhirCoverage, WhatNoRuleMapsIsKeptAsItWas) {
  const auto payor = [](std::string_view given) {
    const Reading reading(CoverageJson("\"payor\":[" + std::string(given) + "]"), Profile());
    EXPECT_FALSE(reading.read.coverage.mapped);
    return reading.read.coverage.coverage.payor;
  };
  EXPECT_EQ(payor(R"({"identifier":{"system":"s","value":"v"},"display":"D"})"), "s|v");
  EXPECT_EQ(payor(R"({"reference":"Organization/x","display":"D"})"), "Organization/x");
  EXPECT_EQ(payor(R"({"display":"Unheard Of Health"})"), "Unheard Of Health");
  EXPECT_EQ(payor(R"({"reference":"Patient/p1"})"), "(a person)");
}

TEST(FhirCoverage, RefusesWhatCannotBeAttributed) {
  const auto reason = [](std::string_view json) { return Reading(json, Profile()).reason(); };
  const std::string payor = R"("payor":[{"display":"x"}])";
  EXPECT_EQ(reason(CoverageJson(payor)), "");
  EXPECT_EQ(reason(CoverageJson(R"("payor":[])")), "MISSING_PAYOR");
  EXPECT_EQ(reason(CoverageJson(R"("payor":[{}])")), "MISSING_PAYOR");
  EXPECT_EQ(reason(CoverageJson(R"("period":{})")), "MISSING_PAYOR");
  EXPECT_EQ(reason(CoverageJson(payor + R"(,"period":{"start":"2025-13-01"})")), "BAD_PERIOD");
  EXPECT_EQ(reason(CoverageJson(payor + R"(,"period":{"start":"2025-02","end":"2025-01-31"})")),
            "BAD_PERIOD");
  EXPECT_EQ(reason(CoverageJson(payor + R"(,"period":{"start":"2025-01-31","end":"2025-01"})")),
            "");
  EXPECT_EQ(reason(CoverageJson(payor + R"(,"period":"2025")")), "WRONG_TYPE");
  EXPECT_EQ(reason(R"({"resourceType":"Coverage","id":"c","status":"active",)" + payor + "}"),
            "MISSING_REFERENCE");
  EXPECT_EQ(
      reason(R"({"resourceType":"Coverage","id":"c","beneficiary":{"reference":"Patient/p"},)" +
             payor + "}"),
      "MISSING_STATUS");
  EXPECT_EQ(reason(R"({"resourceType":"Coverage","id":"c","status":"Active",)"
                   R"("beneficiary":{"reference":"Patient/p"},)" +
                   payor + "}"),
            "BAD_STATUS");
}

TEST(FhirCoverage, AUsCoreCoverageHasAMemberNumberUnlessTheProfileKeepsIt) {
  const std::string claim =
      R"("payor":[{"display":"x"}],"meta":{"profile":[)"
      R"("http://hl7.org/fhir/us/core/StructureDefinition/us-core-coverage|7.0.0"]})";
  EXPECT_EQ(Reading(CoverageJson(claim)).reason(), "US_CORE_15");
  EXPECT_EQ(Reading(CoverageJson(claim + R"(,"subscriberId":"1")")).reason(), "");
  SourceProfile keep;
  keep.invariants = InvariantPolicy::kKeep;
  EXPECT_EQ(Reading(CoverageJson(claim), keep).reason(), "");
}

}  // namespace
}  // namespace equinode::fhir
