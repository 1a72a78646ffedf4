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

struct Case {
  const char* name;
  AssertionField field;
  std::vector<Coded> values;
  AnswerState state;
  std::string_view conflict;
};

class Judging : public ::testing::TestWithParam<Case> {};

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
        Case{"Nothing", kRace, {}, AnswerState::kAbsent, ""},
        Case{"OneRace", kRace, {Cdcrec("2106-3", "White")}, AnswerState::kKnown, ""},
        Case{"TwoRaces", kRace, {Cdcrec("2106-3"), Cdcrec("2028-9")}, AnswerState::kKnown, ""},
        Case{"DetailCode", kRace, {Cdcrec("2129-5", "Arab")}, AnswerState::kKnown, ""},
        Case{"OtherRace", kRace, {Cdcrec("2131-1", "Other Race")}, AnswerState::kKnown, ""},
        Case{"EthnicityInRace",
             kRace,
             {Cdcrec("2135-2", "Other")},
             AnswerState::kKnown,
             conflict::kEthnicityCodeInRace},
        Case{"RaceInEthnicity",
             kEthnicity,
             {Cdcrec("2106-3")},
             AnswerState::kKnown,
             conflict::kRaceCodeInEthnicity},
        Case{"HispanicAndNot",
             kEthnicity,
             {Cdcrec("2186-5"), Cdcrec("2148-5")},
             AnswerState::kKnown,
             conflict::kSeveralAnswers},
        Case{"HispanicInDetail",
             kEthnicity,
             {Cdcrec("2135-2"), Cdcrec("2148-5")},
             AnswerState::kKnown,
             ""},
        // us-core-23
        Case{"UnknownBesideAValue",
             kRace,
             {Cdcrec("2106-3"), Null("UNK")},
             AnswerState::kKnown,
             conflict::kNullWithValue},
        Case{"OtherBesideAValue", kRace, {Cdcrec("2106-3"), Null("OTH")}, AnswerState::kKnown, ""},
        Case{"AskedUnknown", kRace, {Null("ASKU")}, AnswerState::kAskedUnknown, ""},
        Case{"Declined", kRace, {Absent("asked-declined")}, AnswerState::kDeclined, ""},
        Case{"NotAsked", kRace, {Null("NASK")}, AnswerState::kNotAsked, ""},
        Case{"Masked", kRace, {Absent("masked")}, AnswerState::kMasked, ""},
        Case{"NullThatNobodyKnows", kRace, {Null("ZZZ")}, AnswerState::kUnknown, ""},
        Case{"OtherByNull", kRace, {Null("OTH")}, AnswerState::kOther, ""},
        Case{"WordsOnly", kRace, {Words("Mixteco")}, AnswerState::kOther, ""},
        Case{"CodeThatNobodyKnows", kRace, {Cdcrec("9999-9")}, AnswerState::kUnmapped, ""},
        Case{
            "HalfUnknown", kRace, {Cdcrec("2106-3"), Cdcrec("9999-9")}, AnswerState::kUnmapped, ""},
        Case{"WordsOfAnother",
             kRace,
             {Cdcrec("2106-3", "Asian")},
             AnswerState::kKnown,
             conflict::kCodeDisplayDiffer},
        Case{"OwnWordsInCapitals", kRace, {Cdcrec("2106-3", "WHITE")}, AnswerState::kKnown, ""},
        Case{"WordsNearby",
             kRace,
             {Cdcrec("2106-3", "White or Caucasian")},
             AnswerState::kKnown,
             ""},
        // New York's template: non-binary shown as "male".
        Case{"NonbinaryShownAsMale",
             AssertionField::kGenderIdentity,
             {kMaleWords},
             AnswerState::kKnown,
             conflict::kCodeDisplayDiffer},
        Case{"GenderInCapitals",
             AssertionField::kAdministrativeGender,
             {{"http://hl7.org/fhir/administrative-gender", "Male", {}, {}}},
             AnswerState::kUnmapped,
             ""},
        Case{"GenderUnknown",
             AssertionField::kAdministrativeGender,
             {{"http://hl7.org/fhir/administrative-gender", "unknown", {}, {}}},
             AnswerState::kUnknown,
             ""},
        Case{"LanguageWithRegion",
             AssertionField::kLanguage,
             {{std::string(kLanguageSystem), "en-US", {}, {}}},
             AnswerState::kKnown,
             ""},
        Case{"LanguageThatIsNoTag",
             AssertionField::kLanguage,
             {{std::string(kLanguageSystem), "e1n", {}, {}}},
             AnswerState::kUnmapped,
             ""},
        Case{"LanguageThatNobodySpeaks",
             AssertionField::kLanguage,
             {{std::string(kLanguageSystem), "zz", {}, {}}},
             AnswerState::kUnmapped,
             ""},
        Case{"LanguageInTwoSpellings",
             AssertionField::kLanguage,
             {{std::string(kLanguageSystem), "es-MX", {}, {}}, {{}, "spa", {}, {}}},
             AnswerState::kKnown,
             ""},
        Case{"LanguageUndetermined",
             AssertionField::kLanguage,
             {{std::string(kLanguageSystem), "und", {}, {}}},
             AnswerState::kUnknown,
             ""},
        Case{"InterpreterNeeded",
             AssertionField::kInterpreterNeeded,
             {{"http://snomed.info/sct", "373066001", {}, {}}},
             AnswerState::kKnown,
             ""},
        Case{"ChoseNotToAnswer",
             AssertionField::kInterpreterNeeded,
             {{"http://loinc.org", "LA30122-8", {}, {}}},
             AnswerState::kDeclined,
             ""},
        Case{"GroupOfTribes",
             AssertionField::kTribalAffiliation,
             {{"http://terminology.hl7.org/CodeSystem/v3-TribalEntityUS",
               "_NativeEntityAlaska",
               {},
               {}}},
             AnswerState::kUnmapped,
             ""},
        Case{"Tribe",
             AssertionField::kTribalAffiliation,
             {{"http://terminology.hl7.org/CodeSystem/v3-TribalEntityUS", "338", {}, {}}},
             AnswerState::kKnown,
             ""},
        Case{"TribeUnderAnOlderName",
             AssertionField::kTribalAffiliation,
             {{"urn:oid:2.16.840.1.113883.5.140", "338", {}, {}}},
             AnswerState::kKnown,
             ""},
        // A bare number of some other list.
        Case{"TribeOfAnotherSystem",
             AssertionField::kTribalAffiliation,
             {{"http://clinic.example/tribes", "338", {}, {}}},
             AnswerState::kUnmapped,
             ""},
        Case{"TribeWithoutASystem",
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
