// Resources about social needs, one by one. Made up here, in the forms that the guides use.
#include "client/import/fhir/social.h"

#include <gtest/gtest.h>

#include "client/import/fhir/resource.h"
#include "tests/client/import/fhir/parsed.h"

namespace equinode::fhir {
namespace {

class SocialTest : public ::testing::Test {
 protected:
  // The resource with `more` in it.
  const ReadSocial& Read(const std::string& type, const std::string& more) {
    const std::string text = R"({"resourceType":")" + type +
                             R"(","id":"x1","subject":{"reference":"Patient/p1"})" +
                             (more.empty() ? "" : "," + more) + "}";
    return ReadAll(text);
  }
  const ReadSocial& ReadAll(const std::string& text) {
    text_ = text;
    text_.reserve(text_.size() + kPadding);
    const auto root = parser_.Parse(text_);
    EXPECT_TRUE(root.ok()) << text;
    const Surroundings around{profile_, "f", kToday, nullptr};
    const Status read = ReadFhirResource(*root, {}, around, payers_, read_);
    why_ = read.ok() ? "" : read.error().reason;
    return read_.social;
  }
  const ReadSocial& Observed(const std::string& more) { return Read("Observation", more); }

  static constexpr std::chrono::sys_days kToday = std::chrono::year{2026} / 11 / 27;
  SourceProfile profile_{};
  PayerMap payers_{profile_.payers};
  Parser parser_{};
  std::string text_{};
  ReadResource read_{};
  std::string why_{};
};

std::string Code(const char* question) {
  return std::string(R"("code":{"coding":[{"system":"http://loinc.org","code":")") + question +
         R"("}]})";
}
std::string Value(const char* answer, const char* system = "http://loinc.org") {
  return std::string(R"("valueCodeableConcept":{"coding":[{"system":")") + system +
         R"(","code":")" + answer + R"("}]})";
}

TEST_F(SocialTest, AnAnswerWithWhoWhenAndWhence) {
  const ReadSocial& read = Observed(
      Code("88122-7") + "," + Value("LA28397-0") +
      R"(,"status":"final","effectiveDateTime":"2026-03-01T10:00:00Z","encounter":{"reference":"Encounter/e1"},)"
      R"("performer":[{"reference":"RelatedPerson/r"}],"derivedFrom":[{"reference":"QuestionnaireResponse/q1"}])");
  ASSERT_EQ(why_, "");
  ASSERT_EQ(read.kind, SocialKind::kScreening);
  EXPECT_EQ(read.patient_id, "p1");
  EXPECT_EQ(read.screening.on, (PartialDate{2026, 3, 1}));
  EXPECT_EQ(read.screening.by, "proxy");
  EXPECT_EQ(read.screening.encounter, "f/Encounter/e1");
  EXPECT_EQ(read.screening.part_of, "f/QuestionnaireResponse/q1");
  ASSERT_EQ(read.screening.answers.size(), 1u);
  EXPECT_EQ(read.screening.answers[0].question, "88122-7");
  EXPECT_EQ(read.screening.answers[0].answers, std::vector<std::string>{"LA28397-0"});
}

TEST_F(SocialTest, WhatIsNotAboutThePatientIsPassedOver) {
  const std::string answer = Code("93033-9") + "," + Value("LA33-6");
  EXPECT_EQ(Observed(answer).kind, SocialKind::kScreening);
  const char* others[] = {
      R"("focus":[{"reference":"RelatedPerson/mother"}])",
      R"("focus":[{"reference":"Patient/p2"}])",
      R"("extension":[{"url":"http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.subject","valueReference":{"reference":"Practitioner/d"}}])",
  };
  for (const char* other : others) {
    const ReadSocial& read = Observed(answer + "," + other);
    EXPECT_EQ(read.kind, SocialKind::kPassedOver) << other;
    EXPECT_EQ(read.passed_over, "Observation (not about the patient)");
  }
  EXPECT_EQ(Observed(answer + R"(,"focus":[{"reference":"Patient/p1"}])").kind,
            SocialKind::kScreening);
  // By a practitioner about himself: no subject that is a patient.
  EXPECT_EQ(ReadAll(R"({"resourceType":"Observation","id":"x",)" + answer +
                    R"(,"performer":[{"reference":"Practitioner/d"}]})")
                .kind,
            SocialKind::kPassedOver);
  EXPECT_EQ(ReadAll(R"({"resourceType":"Observation","id":"x","subject":{"reference":"Group/g"},)" +
                    answer + "}")
                .kind,
            SocialKind::kPassedOver);
}

TEST_F(SocialTest, ReasonsForHavingNoAnswer) {
  const auto given = [&](const std::string& more) {
    return Observed(Code("93033-9") + more).screening.answers.at(0).given;
  };
  const std::string absent = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
  const auto reason = [&](const char* code) {
    return R"(,"dataAbsentReason":{"coding":[{"system":")" + absent + R"(","code":")" + code +
           R"("}]})";
  };
  EXPECT_EQ(given(reason("asked-declined")), AnswerGiven::kDeclined);
  EXPECT_EQ(given(reason("not-asked")), AnswerGiven::kNotAsked);
  EXPECT_EQ(given(reason("unknown")), AnswerGiven::kUnable);
  EXPECT_EQ(given("," + Value("asked-declined", absent.c_str())), AnswerGiven::kDeclined);
  EXPECT_EQ(given(""), AnswerGiven::kNothing);
  // A declined answer that LOINC has a code for keeps it.
  EXPECT_EQ(Observed(Code("93033-9") + "," + Value("LA30122-8")).screening.answers[0].answers[0],
            "LA30122-8");
}

TEST_F(SocialTest, MultiSelectInComponentsAndPanelsWithMembers) {
  const ReadSocial& many =
      Observed(Code("93031-3") + R"(,"component":[{)" + Code("93031-3") + "," + Value("LA30126-9") +
               "},{" + Code("93031-3") + "," + Value("LA30125-1") + "}]");
  ASSERT_EQ(many.screening.answers.size(), 1u);
  EXPECT_EQ(many.screening.answers[0].answers,
            (std::vector<std::string>{"LA30126-9", "LA30125-1"}));
  const ReadSocial& panel =
      Observed(Code("93025-5") +
               R"(,"hasMember":[{"reference":"Observation/a"},{"reference":"Observation/b"}])");
  EXPECT_EQ(panel.kind, SocialKind::kScreening);
  EXPECT_EQ(panel.screening.instrument, "PRAPARE");
  EXPECT_EQ(panel.screening.members,
            (std::vector<std::string>{"f/Observation/a", "f/Observation/b"}));
  EXPECT_TRUE(panel.screening.answers.empty());
}

TEST_F(SocialTest, NumbersBooleansAndMistakes) {
  const ReadSocial& total = Observed(Code("95614-4") + R"(,"valueQuantity":{"value":11})");
  EXPECT_EQ(total.screening.answers.at(0).milli, 11'000);
  EXPECT_EQ(Observed(Code("93033-9") + R"(,"valueBoolean":true)").screening.answers.at(0).answers,
            std::vector<std::string>{"LA33-6"});
  // Entered in error: kept empty, in the place of what it was.
  const ReadSocial& mistaken =
      Observed(Code("93033-9") + "," + Value("LA33-6") + R"(,"status":"entered-in-error")");
  EXPECT_EQ(mistaken.kind, SocialKind::kScreening);
  EXPECT_TRUE(mistaken.screening.answers.empty());
}

TEST_F(SocialTest, AnAssessmentInSnomedIsAFindingThatNobodyConfirmed) {
  const std::string code =
      R"("code":{"coding":[{"system":"http://snomed.info/sct","code":"160695008"}]})";
  const ReadSocial& read = Observed(code + R"(,"valueBoolean":true)");
  EXPECT_EQ(read.kind, SocialKind::kCondition);
  EXPECT_EQ(read.condition.verification, "unconfirmed");
  EXPECT_EQ(Observed(code + R"(,"valueBoolean":false)").condition.verification, "refuted");
}

TEST_F(SocialTest, OtherObservationsArePassedOverByType) {
  EXPECT_EQ(Observed(Code("8302-2") + R"(,"valueQuantity":{"value":170})").passed_over,
            "Observation");
  EXPECT_EQ(why_, "");
}

TEST_F(SocialTest, AResponseWithNestedItems) {
  const ReadSocial& read = Read(
      "QuestionnaireResponse",
      R"("status":"completed","authored":"2026-03-01","source":{"reference":"Patient/p1"},"item":[
        {"linkId":"/93025-5","item":[{"linkId":"/93041-2","item":[
          {"linkId":"/93041-2/93031-3","answer":[{"valueCoding":{"system":"http://loinc.org","code":"LA30125-1"}},
                                                 {"valueCoding":{"system":"http://loinc.org","code":"LA30124-4"}}]},
          {"linkId":"/93041-2/93030-5"},
          {"linkId":"unknown","answer":[{"valueString":"x"}]}]}]}])");
  ASSERT_EQ(why_, "");
  ASSERT_EQ(read.kind, SocialKind::kScreening);
  EXPECT_EQ(read.screening.instrument, "PRAPARE");
  EXPECT_EQ(read.screening.by, "self");
  ASSERT_EQ(read.screening.answers.size(), 2u);
  EXPECT_EQ(read.screening.answers[0].answers.size(), 2u);
  EXPECT_EQ(read.screening.answers[1].given, AnswerGiven::kNothing);
  EXPECT_EQ(Read("QuestionnaireResponse", R"("item":[{"linkId":"1","answer":[]}])").kind,
            SocialKind::kPassedOver);
}

TEST_F(SocialTest, AConditionOfASocialNeed) {
  const ReadSocial& read = Read(
      "Condition",
      R"("code":{"coding":[{"system":"http://snomed.info/sct","code":"733423003"},{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"Z59.41"}]},
         "verificationStatus":{"coding":[{"code":"confirmed"}]},"clinicalStatus":{"coding":[{"code":"resolved"}]},
         "category":[{"coding":[{"code":"problem-list-item"}]},{"coding":[{"code":"encounter-diagnosis"}]},
                     {"coding":[{"system":"http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes","code":"food-insecurity"}]}],
         "encounter":{"reference":"Encounter/e1"},"recordedDate":"2026-03-01","abatementDateTime":"2026-05-01",
         "recorder":{"reference":"Practitioner/d","display":"Dr Jan Water"},"asserter":{"reference":"Patient/p1"})");
  ASSERT_EQ(why_, "");
  ASSERT_EQ(read.kind, SocialKind::kCondition);
  EXPECT_EQ(read.condition.category, "encounter-diagnosis");
  EXPECT_EQ(read.condition.signed_by, "Dr Jan Water");
  EXPECT_EQ(read.condition.asserted_by, "patient");
  EXPECT_EQ(read.condition.domains, std::vector<std::string>{"food-insecurity"});
  EXPECT_TRUE(read.condition.abated);
  EXPECT_EQ(read.condition.abated_on, (PartialDate{2026, 5, 1}));
  EXPECT_EQ(Read("Condition",
                 R"("code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006"}]})")
                .passed_over,
            "Condition");
  // A code that was never there is of a social need all the same: it is told, not lost.
  EXPECT_EQ(
      Read("Condition",
           R"("code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"Z59.49"}]})")
          .kind,
      SocialKind::kCondition);
}

TEST_F(SocialTest, ADeviceMayAssert) {
  const ReadSocial& read =
      Read("Condition",
           R"("code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"Z59.41"}]},
         "extension":[{"url":"http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionConditionAsserter","valueReference":{"reference":"Device/d"}}])");
  EXPECT_EQ(read.condition.asserted_by, "device");
}

TEST_F(SocialTest, AnEncounterWithItsDiagnoses) {
  const ReadSocial& read =
      Read("Encounter",
           R"("status":"finished","period":{"start":"2026-03-01T08:00:00-08:00"},
         "participant":[{"individual":{"reference":"Practitioner/a"}},
                        {"type":[{"coding":[{"code":"ATND"}]}],"individual":{"reference":"Practitioner/b","display":"Dr B"}}],
         "diagnosis":[{"condition":{"reference":"Condition/c1"},"rank":2,"use":{"coding":[{"code":"DD"}]}}])");
  ASSERT_EQ(why_, "");
  ASSERT_EQ(read.kind, SocialKind::kEncounter);
  EXPECT_EQ(read.encounter.clinician, "Dr B");
  ASSERT_EQ(read.encounter.diagnoses.size(), 1u);
  EXPECT_EQ(read.encounter.diagnoses[0].condition, "f/Condition/c1");
  EXPECT_EQ(read.encounter.diagnoses[0].position, 2u);
  EXPECT_EQ(read.encounter.diagnoses[0].use, "DD");
  EXPECT_EQ(Read("Encounter", R"("status":"finished")").kind, SocialKind::kPassedOver);
  EXPECT_EQ(
      Read(
          "Encounter",
          R"("status":"finished","reasonCode":[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"Z59.41"}]}])")
          .encounter.diagnoses.at(0)
          .codes.at(0)
          .code,
      "Z59.41");
}

TEST_F(SocialTest, WhatCannotBeReadIsRefused) {
  const std::string answer = Code("93033-9") + "," + Value("LA33-6");
  EXPECT_EQ((Observed(answer + R"(,"effectiveDateTime":"2026-02-023")"), why_), "BAD_DATE");
  EXPECT_EQ((Observed(answer + R"(,"effectiveDateTime":"2026-11-28")"), why_), "") << "by UTC";
  EXPECT_EQ((Observed(answer + R"(,"effectiveDateTime":"2026-11-29")"), why_), "FUTURE_DAY");
  EXPECT_EQ((Observed(answer + R"(,"effectiveDateTime":"2035")"), why_), "FUTURE_DAY");
  EXPECT_EQ((Observed(answer + R"(,"hasMember":{})"), why_), "WRONG_TYPE");
  EXPECT_EQ((Observed(R"("code":[])"), why_), "WRONG_TYPE");
  EXPECT_EQ(
      (Read("Encounter", R"("diagnosis":[{"condition":{"reference":"Condition/c"},"rank":0}])"),
       why_),
      "WRONG_TYPE");
  EXPECT_EQ(ReadAll(R"({"resourceType":"Observation","id":"x","subject":{"display":"Ann"},)" +
                    answer + "}")
                .kind,
            SocialKind::kPassedOver);
  EXPECT_EQ(why_, "MISSING_REFERENCE");
}

}  // namespace
}  // namespace equinode::fhir
