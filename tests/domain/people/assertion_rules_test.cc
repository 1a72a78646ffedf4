#include "domain/people/assertion_rules.h"

#include <gtest/gtest.h>

#include "tests/domain/people/answers.h"

namespace equinode {
namespace {

using testing::Absent;
using testing::Answer;
using testing::Cdcrec;
using testing::Null;
using testing::Words;

constexpr AssertionField kRace = AssertionField::kRace;
constexpr AssertionField kEthnicity = AssertionField::kEthnicity;

struct RuleCase {
  const char* name;
  AssertionField field;
  std::vector<Coded> values;
  AnswerState state;
  std::string_view conflict;
};

class Judging : public ::testing::TestWithParam<RuleCase> {};

TEST_P(Judging, DecidesStateAndConflict) {
  Assertion assertion;
  assertion.field = GetParam().field;
  assertion.values = GetParam().values;
  assertion.conflict = "LEFT_OVER";
  Judge(assertion);
  EXPECT_EQ(assertion.state, GetParam().state);
  EXPECT_EQ(assertion.conflict, GetParam().conflict);
}

const Coded kMaleWords{"http://snomed.info/sct", "33791000087105", "male", {}};

INSTANTIATE_TEST_SUITE_P(
    All, Judging,
    ::testing::Values(
        RuleCase{"Nothing", kRace, {}, AnswerState::kAbsent, ""},
        RuleCase{"OneRace", kRace, {Cdcrec("2106-3", "White")}, AnswerState::kKnown, ""},
        RuleCase{"TwoRaces", kRace, {Cdcrec("2106-3"), Cdcrec("2028-9")}, AnswerState::kKnown, ""},
        RuleCase{"DetailCode", kRace, {Cdcrec("2129-5", "Arab")}, AnswerState::kKnown, ""},
        RuleCase{"OtherRace", kRace, {Cdcrec("2131-1", "Other Race")}, AnswerState::kKnown, ""},
        RuleCase{"EthnicityInRace",
                 kRace,
                 {Cdcrec("2135-2", "Other")},
                 AnswerState::kKnown,
                 conflict::kEthnicityCodeInRace},
        RuleCase{"RaceInEthnicity",
                 kEthnicity,
                 {Cdcrec("2106-3")},
                 AnswerState::kKnown,
                 conflict::kRaceCodeInEthnicity},
        RuleCase{"HispanicAndNot",
                 kEthnicity,
                 {Cdcrec("2186-5"), Cdcrec("2148-5")},
                 AnswerState::kKnown,
                 conflict::kSeveralAnswers},
        RuleCase{"HispanicInDetail",
                 kEthnicity,
                 {Cdcrec("2135-2"), Cdcrec("2148-5")},
                 AnswerState::kKnown,
                 ""},
        // us-core-23
        RuleCase{"UnknownBesideAValue",
                 kRace,
                 {Cdcrec("2106-3"), Null("UNK")},
                 AnswerState::kKnown,
                 conflict::kNullWithValue},
        RuleCase{
            "OtherBesideAValue", kRace, {Cdcrec("2106-3"), Null("OTH")}, AnswerState::kKnown, ""},
        RuleCase{"AskedUnknown", kRace, {Null("ASKU")}, AnswerState::kAskedUnknown, ""},
        RuleCase{"Declined", kRace, {Absent("asked-declined")}, AnswerState::kDeclined, ""},
        RuleCase{"NotAsked", kRace, {Null("NASK")}, AnswerState::kNotAsked, ""},
        RuleCase{"Masked", kRace, {Absent("masked")}, AnswerState::kMasked, ""},
        RuleCase{"NullThatNobodyKnows", kRace, {Null("ZZZ")}, AnswerState::kUnknown, ""},
        RuleCase{"OtherByNull", kRace, {Null("OTH")}, AnswerState::kOther, ""},
        RuleCase{"WordsOnly", kRace, {Words("Mixteco")}, AnswerState::kOther, ""},
        RuleCase{"CodeThatNobodyKnows", kRace, {Cdcrec("9999-9")}, AnswerState::kUnmapped, ""},
        RuleCase{
            "HalfUnknown", kRace, {Cdcrec("2106-3"), Cdcrec("9999-9")}, AnswerState::kUnmapped, ""},
        RuleCase{"WordsOfAnother",
                 kRace,
                 {Cdcrec("2106-3", "Asian")},
                 AnswerState::kKnown,
                 conflict::kCodeDisplayDiffer},
        RuleCase{"OwnWordsInCapitals", kRace, {Cdcrec("2106-3", "WHITE")}, AnswerState::kKnown, ""},
        RuleCase{"WordsNearby",
                 kRace,
                 {Cdcrec("2106-3", "White or Caucasian")},
                 AnswerState::kKnown,
                 ""},
        // New York's template: non-binary shown as "male".
        RuleCase{"NonbinaryShownAsMale",
                 AssertionField::kGenderIdentity,
                 {kMaleWords},
                 AnswerState::kKnown,
                 conflict::kCodeDisplayDiffer},
        RuleCase{"GenderInCapitals",
                 AssertionField::kAdministrativeGender,
                 {{"http://hl7.org/fhir/administrative-gender", "Male", {}, {}}},
                 AnswerState::kUnmapped,
                 ""},
        RuleCase{"GenderUnknown",
                 AssertionField::kAdministrativeGender,
                 {{"http://hl7.org/fhir/administrative-gender", "unknown", {}, {}}},
                 AnswerState::kUnknown,
                 ""},
        RuleCase{"LanguageWithRegion",
                 AssertionField::kLanguage,
                 {{std::string(kLanguageSystem), "en-US", {}, {}}},
                 AnswerState::kKnown,
                 ""},
        RuleCase{"LanguageThatIsNoTag",
                 AssertionField::kLanguage,
                 {{std::string(kLanguageSystem), "e1n", {}, {}}},
                 AnswerState::kUnmapped,
                 ""},
        RuleCase{"LanguageThatNobodySpeaks",
                 AssertionField::kLanguage,
                 {{std::string(kLanguageSystem), "zz", {}, {}}},
                 AnswerState::kUnmapped,
                 ""},
        RuleCase{"LanguageInTwoSpellings",
                 AssertionField::kLanguage,
                 {{std::string(kLanguageSystem), "es-MX", {}, {}}, {{}, "spa", {}, {}}},
                 AnswerState::kKnown,
                 ""},
        RuleCase{"LanguageUndetermined",
                 AssertionField::kLanguage,
                 {{std::string(kLanguageSystem), "und", {}, {}}},
                 AnswerState::kUnknown,
                 ""},
        RuleCase{"InterpreterNeeded",
                 AssertionField::kInterpreterNeeded,
                 {{"http://snomed.info/sct", "373066001", {}, {}}},
                 AnswerState::kKnown,
                 ""},
        RuleCase{"ChoseNotToAnswer",
                 AssertionField::kInterpreterNeeded,
                 {{"http://loinc.org", "LA30122-8", {}, {}}},
                 AnswerState::kDeclined,
                 ""},
        RuleCase{"GroupOfTribes",
                 AssertionField::kTribalAffiliation,
                 {{"http://terminology.hl7.org/CodeSystem/v3-TribalEntityUS",
                   "_NativeEntityAlaska",
                   {},
                   {}}},
                 AnswerState::kUnmapped,
                 ""},
        RuleCase{"Tribe",
                 AssertionField::kTribalAffiliation,
                 {{"http://terminology.hl7.org/CodeSystem/v3-TribalEntityUS", "338", {}, {}}},
                 AnswerState::kKnown,
                 ""},
        RuleCase{"TribeUnderAnOlderName",
                 AssertionField::kTribalAffiliation,
                 {{"urn:oid:2.16.840.1.113883.5.140", "338", {}, {}}},
                 AnswerState::kKnown,
                 ""},
        // A bare number of some other list.
        RuleCase{"TribeOfAnotherSystem",
                 AssertionField::kTribalAffiliation,
                 {{"http://clinic.example/tribes", "338", {}, {}}},
                 AnswerState::kUnmapped,
                 ""},
        RuleCase{"TribeWithoutASystem",
                 AssertionField::kTribalAffiliation,
                 {{{}, "338", {}, {}}},
                 AnswerState::kUnmapped,
                 ""}),
    [](const auto& each) { return each.param.name; });

TEST(JudgeAll, NotHispanicBesideAHispanicCodeInTheRaceIsNoAnswer) {
  std::vector<Assertion> assertions = {Answer(kRace, {Cdcrec("2135-2", "Other")}),
                                       Answer(kEthnicity, {Cdcrec("2186-5")})};
  JudgeAll(assertions);
  EXPECT_EQ(assertions[1].conflict, conflict::kContradictedByRace);
  EXPECT_FALSE(IsUsable(assertions[1]));
}

TEST(JudgeAll, HispanicBesideAHispanicCodeInTheRaceStands) {
  std::vector<Assertion> assertions = {Answer(kRace, {Cdcrec("2135-2")}),
                                       Answer(kEthnicity, {Cdcrec("2135-2")})};
  JudgeAll(assertions);
  EXPECT_EQ(assertions[1].conflict, "");
}

TEST(Judge, LabelsWhatIsSensitive) {
  EXPECT_EQ(Answer(AssertionField::kGenderIdentity, {}).labels, std::vector<std::string>{"SOGI"});
  EXPECT_EQ(Answer(AssertionField::kTribalAffiliation, {}).labels,
            std::vector<std::string>{"TRIBAL"});
  EXPECT_TRUE(Answer(kRace, {}).labels.empty());
}

}  // namespace
}  // namespace equinode
