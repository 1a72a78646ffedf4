#include "client/import/fhir/demographics.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/client/import/fhir/parsed.h"

namespace equinode::fhir {
namespace {

constexpr std::string_view kCore = "http://hl7.org/fhir/us/core/StructureDefinition/";

std::string Patient(std::string_view rest) {
  return R"({"resourceType":"Patient","id":"p1",)" + std::string(rest) + "}";
}
std::string Extension(std::string_view name, std::string_view content) {
  return "{\"url\":\"" + std::string(kCore) + std::string(name) + "\"," + std::string(content) +
         "}";
}
std::string Extended(std::string_view name, std::string_view content) {
  return Patient("\"extension\":[" + Extension(name, content) + "]");
}
std::string Cdcrec(std::string_view slot, std::string_view code, std::string_view display = "d") {
  return R"({"url":")" + std::string(slot) +
         R"(","valueCoding":{"system":"urn:oid:2.16.840.1.113883.6.238","code":")" +
         std::string(code) + R"(","display":")" + std::string(display) + "\"}}";
}
std::string Null(std::string_view code) {
  return R"({"url":"ombCategory","valueCoding":{"system":"http://terminology.hl7.org/CodeSystem/v3-NullFlavor","code":")" +
         std::string(code) + "\"}}";
}
std::string Absent(std::string_view code) {
  return R"({"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":")" +
         std::string(code) + "\"}";
}
std::string Parts(std::initializer_list<std::string> parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : ",") + part;
  return "\"extension\":[" + all + "]";
}

std::set<std::string> Codes(const Assertion* assertion) {
  std::set<std::string> codes;
  if (assertion == nullptr) return {"none"};
  for (const Coded& value : assertion->values) codes.insert(value.code);
  return codes;
}

TEST(Demographics, ARaceIsOneSetOfCategoriesAndDetails) {
  const Reading reading(Extended(
      "us-core-race",
      Parts({Cdcrec("ombCategory", "2106-3", "White"), Cdcrec("ombCategory", "2028-9", "Asian"),
             Cdcrec("detailed", "2036-2", "Filipino"),
             R"({"url":"text","valueString":"Mixed"})"})));
  const Assertion* race = reading.Find(AssertionField::kRace);
  EXPECT_EQ(Codes(race), (std::set<std::string>{"2106-3", "2028-9", "2036-2"}));
  EXPECT_EQ(race->state, AnswerState::kKnown);
  EXPECT_EQ(race->conflict, "");
  EXPECT_EQ(race->values[0].text, "Mixed");
  EXPECT_EQ(race->method, CollectionMethod::kUnknown);
  EXPECT_EQ(race->asserter, "");
  EXPECT_EQ(race->instrument, "us-core");
  EXPECT_TRUE(race->collected_on.empty());
}

TEST(Demographics, WordsThatRepeatTheCodesAreNotKeptTwice) {
  const Reading reading(
      Extended("us-core-race", Parts({Cdcrec("ombCategory", "2106-3", "White"),
                                      R"({"url":"text","valueString":"White"})"})));
  EXPECT_EQ(reading.Find(AssertionField::kRace)->values[0].text, "");
}

TEST(Demographics, AnEthnicityCodeInTheRaceSlotIsAConflictAndNotAnAnswer) {
  const Reading reading(
      Patient("\"extension\":[" +
              Extension("us-core-race", Parts({Cdcrec("ombCategory", "2135-2", "Other")})) + "," +
              Extension("us-core-ethnicity", Parts({Cdcrec("ombCategory", "2186-5")})) + "]"));
  const Assertion* race = reading.Find(AssertionField::kRace);
  EXPECT_EQ(race->conflict, "ETHNICITY_CODE_IN_RACE");
  EXPECT_EQ(reading.Find(AssertionField::kEthnicity)->conflict, "CONTRADICTED_BY_RACE");
  EXPECT_EQ(reading.read.patient.conflicts, 1u);
}

struct Case {
  std::string name{};
  std::string json{};
  AssertionField field = AssertionField::kRace;
  AnswerState state = AnswerState::kKnown;
  std::set<std::string> codes{};
  std::string conflict{};
};

class Answers : public ::testing::TestWithParam<Case> {};

TEST_P(Answers, AreInTheStateThatWasSaid) {
  const Case& c = GetParam();
  const Reading reading(c.json);
  ASSERT_EQ(reading.reason(), "");
  const Assertion* assertion = reading.Find(c.field);
  ASSERT_NE(assertion, nullptr);
  EXPECT_EQ(assertion->state, c.state);
  EXPECT_EQ(Codes(assertion), c.codes);
  EXPECT_EQ(assertion->conflict, c.conflict);
}

const std::string kSnomedFemale =
    R"("valueCoding":{"system":"http://snomed.info/sct","code":"248152002"})";

INSTANTIATE_TEST_SUITE_P(
    All, Answers,
    ::testing::Values(
        Case{"RaceUnknown",
             Extended("us-core-race", Parts({Null("UNK")})),
             AssertionField::kRace,
             AnswerState::kUnknown,
             {},
             ""},
        Case{"RaceAskedUnknown",
             Extended("us-core-race", Parts({Null("ASKU")})),
             AssertionField::kRace,
             AnswerState::kAskedUnknown,
             {},
             ""},
        Case{"RaceDeclined",
             Extended("us-core-race", Parts({Absent("asked-declined")})),
             AssertionField::kRace,
             AnswerState::kDeclined,
             {},
             ""},
        Case{"RaceNotAsked",
             Extended("us-core-race", Parts({Absent("not-asked")})),
             AssertionField::kRace,
             AnswerState::kNotAsked,
             {},
             ""},
        Case{"RaceOther",
             Extended("us-core-race", Parts({Null("OTH")})),
             AssertionField::kRace,
             AnswerState::kOther,
             {"OTH"},
             ""},
        Case{"RaceOtherBesideOthers",
             Extended("us-core-race", Parts({Cdcrec("ombCategory", "2106-3"), Null("OTH")})),
             AssertionField::kRace,
             AnswerState::kKnown,
             {"2106-3", "OTH"},
             ""},
        Case{"RaceUnknownBesideOthers",
             Extended("us-core-race", Parts({Cdcrec("ombCategory", "2106-3"), Null("UNK")})),
             AssertionField::kRace,
             AnswerState::kKnown,
             {"2106-3"},
             "NULL_BESIDE_VALUE"},
        Case{"RaceInWords",
             Extended("us-core-race", Parts({R"({"url":"text","valueString":"Purepecha"})"})),
             AssertionField::kRace,
             AnswerState::kOther,
             {""},
             ""},
        Case{
            "RaceInsideTheCoding",
            Extended("us-core-race", Parts({R"({"url":"ombCategory","valueCoding":{"extension":[)" +
                                            Absent("masked") + "]}}"})),
            AssertionField::kRace,
            AnswerState::kMasked,
            {},
            ""},
        Case{"EthnicityBoth",
             Extended("us-core-ethnicity",
                      Parts({Cdcrec("ombCategory", "2186-5"), Cdcrec("detailed", "2148-5")})),
             AssertionField::kEthnicity,
             AnswerState::kKnown,
             {"2148-5", "2186-5"},
             "SEVERAL_ANSWERS"},
        Case{"EthnicityRaceCode",
             Extended("us-core-ethnicity", Parts({Cdcrec("ombCategory", "2106-3")})),
             AssertionField::kEthnicity,
             AnswerState::kKnown,
             {"2106-3"},
             "RACE_CODE_IN_ETHNICITY"},
        Case{"BirthSex",
             Extended("us-core-birthsex", R"("valueCode":"F")"),
             AssertionField::kBirthSex,
             AnswerState::kKnown,
             {"F"},
             ""},
        Case{"BirthSexUnknown",
             Extended("us-core-birthsex", R"("valueCode":"UNK")"),
             AssertionField::kBirthSex,
             AnswerState::kUnknown,
             {},
             ""},
        Case{"BirthSexAbsent",
             Extended("us-core-birthsex",
                      "\"_valueCode\":{\"extension\":[" + Absent("asked-declined") + "]}"),
             AssertionField::kBirthSex,
             AnswerState::kDeclined,
             {},
             ""},
        Case{"SexOfVersionNine",
             Extended("us-core-individual-sex", kSnomedFemale),
             AssertionField::kSex,
             AnswerState::kKnown,
             {"248152002"},
             ""},
        Case{"SexOfVersionSeven",
             Extended("us-core-sex", R"("valueCode":"248152002")"),
             AssertionField::kSex,
             AnswerState::kKnown,
             {"248152002"},
             ""},
        Case{"SexDeclined",
             Extended("us-core-sex", R"("valueCode":"asked-declined")"),
             AssertionField::kSex,
             AnswerState::kDeclined,
             {},
             ""},
        Case{"Gender",
             Patient(R"("gender":"other")"),
             AssertionField::kAdministrativeGender,
             AnswerState::kKnown,
             {"other"},
             ""},
        Case{"GenderUnknown",
             Patient(R"("gender":"unknown")"),
             AssertionField::kAdministrativeGender,
             AnswerState::kUnknown,
             {},
             ""},
        Case{"GenderWithACapital",
             Patient(R"("gender":"Male")"),
             AssertionField::kAdministrativeGender,
             AnswerState::kUnmapped,
             {"Male"},
             ""},
        Case{"GenderAbsent",
             Patient("\"_gender\":{\"extension\":[" + Absent("masked") + "]}"),
             AssertionField::kAdministrativeGender,
             AnswerState::kMasked,
             {},
             ""},
        Case{"Interpreter",
             Extended("us-core-interpreter-needed",
                      R"("valueCoding":{"system":"http://snomed.info/sct","code":"373066001"})"),
             AssertionField::kInterpreterNeeded,
             AnswerState::kKnown,
             {"373066001"},
             ""},
        Case{"InterpreterOfTheBaseSpecification",
             Patient(R"("extension":[{"url":"http://hl7.org/fhir/StructureDefinition/)"
                     R"(patient-interpreterRequired","valueBoolean":false}])"),
             AssertionField::kInterpreterNeeded,
             AnswerState::kKnown,
             {"373067005"},
             ""},
        Case{"LanguageUndetermined",
             Patient(R"("communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47",)"
                     R"("code":"und"}]}}])"),
             AssertionField::kLanguage,
             AnswerState::kUnknown,
             {},
             ""},
        Case{"LanguageDeclined",
             Patient("\"communication\":[{\"language\":{\"coding\":[{\"system\":\"http://"
                     "terminology.hl7.org/CodeSystem/data-absent-reason\",\"code\":\"asked-"
                     "declined\"}]}}]"),
             AssertionField::kLanguage,
             AnswerState::kDeclined,
             {},
             ""}),
    [](const auto& c) { return c.param.name; });

TEST(Demographics, TheLanguageIsThePreferredOneOrTheOnlyOne) {
  const auto language = [](std::string_view communication) {
    const Reading reading(Patient("\"communication\":[" + std::string(communication) + "]"));
    return Codes(reading.Find(AssertionField::kLanguage));
  };
  const std::string en = R"({"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"en"}]})";
  const std::string es = R"({"language":{"coding":[{"system":"x","code":"Spanish"},)"
                         R"({"system":"urn:ietf:bcp:47","code":"es"}]})";
  using Set = std::set<std::string>;
  EXPECT_EQ(language(en + "}"), Set{"en"});
  EXPECT_EQ(language(en + "}," + es + R"(,"preferred":true})"), Set{"es"});
  EXPECT_EQ(language(es + R"(,"preferred":false})"), Set{"es"});
  EXPECT_EQ(language(en + "}," + es + "}"), Set{"none"});
  EXPECT_EQ(language(en + R"(,"preferred":true},)" + es + R"(,"preferred":true})"),
            (Set{"en", "es"}));
  EXPECT_EQ(language(""), Set{"none"});
}

TEST(Demographics, SensitiveAnswersBearTheirLabel) {
  const Reading gender(Extended(
      "us-core-genderIdentity",
      R"("valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"1"}]})"));
  EXPECT_EQ(gender.Find(AssertionField::kGenderIdentity)->labels, std::vector<std::string>{"SOGI"});
  const Reading tribe(Extended(
      "us-core-tribal-affiliation",
      Parts({R"({"url":"tribalAffiliation","valueCodeableConcept":{"coding":[{"system":)"
             R"("http://terminology.hl7.org/CodeSystem/v3-TribalEntityUS","code":"187"}]}})",
             R"({"url":"isEnrolled","valueBoolean":true})"})));
  EXPECT_EQ(tribe.Find(AssertionField::kTribalAffiliation)->labels,
            std::vector<std::string>{"TRIBAL"});
  EXPECT_EQ(Codes(tribe.Find(AssertionField::kTribalAffiliation)), std::set<std::string>{"187"});
}

TEST(Demographics, AGenderIdentityThatHasEndedIsNotReported) {
  const auto identity = [](std::string_view more) {
    const Reading reading(
        Patient(R"("extension":[{"url":"http://hl7.org/fhir/StructureDefinition/)"
                R"(individual-genderIdentity","extension":[{"url":"value",)"
                R"("valueCodeableConcept":{"coding":[{"code":"446141000124107"}]}})" +
                std::string(more) + "]}]"));
    return reading.Find(AssertionField::kGenderIdentity) != nullptr;
  };
  EXPECT_TRUE(identity(""));
  EXPECT_TRUE(identity(R"(,{"url":"period","valuePeriod":{"start":"2020"}})"));
  EXPECT_FALSE(identity(R"(,{"url":"period","valuePeriod":{"start":"2020","end":"2021"}})"));
}

TEST(Demographics, TheProfileSaysHowAndWhenItWasCollected) {
  SourceProfile profile;
  profile.method = CollectionMethod::kSelfReported;
  profile.instrument = "SPD15-1997";
  profile.collected_on = CollectedOn::kLastUpdated;
  const std::string json =
      Patient(R"("gender":"female","meta":{"lastUpdated":"2025-03-04T23:59:59-08:00"})");
  const Reading reading(json, profile);
  const Assertion* gender = reading.Find(AssertionField::kAdministrativeGender);
  EXPECT_EQ(gender->method, CollectionMethod::kSelfReported);
  EXPECT_EQ(gender->asserter, "self");
  EXPECT_EQ(gender->instrument, "SPD15-1997");
  EXPECT_EQ(gender->collected_on, (PartialDate{2025, 3, 4}));
  profile.collected_on = CollectedOn::kFixed;
  profile.collected_day = {2024, 5, 6};
  EXPECT_EQ(Reading(json, profile).Find(AssertionField::kAdministrativeGender)->collected_on,
            (PartialDate{2024, 5, 6}));
}

TEST(Demographics, AUsCorePatientWhoseRaceIsUnknownAndMoreIsRefusedUnlessTheProfileKeepsIt) {
  const std::string json = Patient(
      "\"meta\":{\"profile\":[\"" + std::string(kCore) + "us-core-patient\"]},\"extension\":[" +
      Extension("us-core-race", Parts({Cdcrec("ombCategory", "2106-3"), Null("ASKU")})) + "]");
  EXPECT_EQ(Reading(json).reason(), "US_CORE_23");
  SourceProfile keep;
  keep.invariants = InvariantPolicy::kKeep;
  const Reading kept(json, keep);
  EXPECT_EQ(kept.reason(), "");
  EXPECT_EQ(kept.Find(AssertionField::kRace)->conflict, "NULL_BESIDE_VALUE");
}

TEST(Demographics, AnAnswerOfMoreThanThirtyTwoCodesIsRefused) {
  std::string parts;
  for (int i = 0; i < 33; ++i)
    parts += (i ? "," : "") + Cdcrec("detailed", std::to_string(1000 + i));
  EXPECT_EQ(Reading(Extended("us-core-race", "\"extension\":[" + parts + "]")).reason(),
            "TOO_MANY");
}

// Nothing of one person may be seen in the next, whose record is made in the same memory.
TEST(Demographics, ThePersonBeforeLeavesNoTrace) {
  const std::string full = Patient(
      R"("name":[{"use":"u","family":"f","given":["g"],"text":"t","prefix":["p"],"suffix":["s"]}],
      "identifier":[{"type":{"coding":[{"code":"MR"}]},"system":"s","value":"v"}],
      "address":[{"use":"u","line":["l"],"city":"c","district":"d","state":"s","postalCode":"p",
      "country":"c"}],"telecom":[{"system":"s","value":"v","use":"u"}],"gender":"female",
      "active":false,"deceasedBoolean":true,"managingOrganization":{"reference":"Organization/o"},
      "birthDate":"1980-01-01","extension":[)" +
      Extension("us-core-race",
                Parts({Cdcrec("ombCategory", "2106-3"), Cdcrec("detailed", "2036-2")})) +
      "]");
  const std::string bare =
      Patient(R"("name":[{"text":"x"}],"identifier":[{"value":"1"}],
      "address":[{"city":"y"}],"telecom":[{"value":"2"}],"extension":[)" +
              Extension("us-core-race", Parts({Cdcrec("detailed", "2036-2")})) + "]");
  const std::string none = Patient(R"("active":true)");
  Parser parser;
  ReadResource reused;
  const SourceProfile profile;
  const PayerMap payers(profile.payers);
  const Surroundings around{profile, "clinic", Reading::kToday, nullptr};
  for (std::string text : {full, bare, full, none, bare, none, full}) {
    text.reserve(text.size() + kPadding);
    const auto root = parser.Parse(text);
    ASSERT_TRUE(root.ok());
    ASSERT_TRUE(ReadFhirResource(*root, {}, around, payers, reused).ok());
    EXPECT_EQ(reused.patient.person, Reading(text).person());
  }
}

}  // namespace
}  // namespace equinode::fhir
