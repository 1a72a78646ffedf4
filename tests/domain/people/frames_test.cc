#include <gtest/gtest.h>

#include "domain/people/frames/person_facts.h"
#include "domain/people/frames/race_ethnicity.h"
#include "tests/domain/people/answers.h"

namespace equinode {
namespace {

using testing::Absent;
using testing::Answer;
using testing::Cdcrec;
using testing::Null;
using testing::Words;

struct FrameCase {
  const char* name;
  std::vector<Coded> race;
  std::vector<Coded> ethnicity;
  Race1997 race1997;
  Ethnicity1997 ethnicity1997;
  RaceEthnicity2024 race2024;
};

class RollUp : public ::testing::TestWithParam<FrameCase> {};

TEST_P(RollUp, ToBothRevisions) {
  std::vector<Assertion> assertions(2);
  assertions[0].field = AssertionField::kRace;
  assertions[0].values = GetParam().race;
  assertions[1].field = AssertionField::kEthnicity;
  assertions[1].values = GetParam().ethnicity;
  JudgeAll(assertions);
  EXPECT_EQ(Race1997Of(&assertions[0]), GetParam().race1997);
  EXPECT_EQ(Ethnicity1997Of(&assertions[1]), GetParam().ethnicity1997);
  EXPECT_EQ(RaceEthnicity2024Of(&assertions[0], &assertions[1]), GetParam().race2024);
}

using R = Race1997;
using E = Ethnicity1997;
using C = RaceEthnicity2024;
const Coded kNot = Cdcrec("2186-5");
const Coded kHispanic = Cdcrec("2135-2");

INSTANTIATE_TEST_SUITE_P(
    All, RollUp,
    ::testing::Values(
        FrameCase{"White", {Cdcrec("2106-3")}, {kNot}, R::kWhite, E::kNotHispanic, C::kWhite},
        FrameCase{"HispanicAndWhite",
                  {Cdcrec("2106-3")},
                  {kHispanic},
                  R::kWhite,
                  E::kHispanic,
                  C::kTwoOrMore},
        FrameCase{"HispanicWithoutRace",
                  {Null("UNK")},
                  {kHispanic},
                  R::kUnknown,
                  E::kHispanic,
                  C::kHispanic},
        FrameCase{"HispanicAndOther",
                  {Cdcrec("2131-1")},
                  {kHispanic},
                  R::kOther,
                  E::kHispanic,
                  C::kHispanic},
        FrameCase{"EthnicityUnknown", {Cdcrec("2054-5")}, {}, R::kBlack, E::kUnknown, C::kBlack},
        FrameCase{"TwoRaces",
                  {Cdcrec("2028-9"), Cdcrec("2106-3")},
                  {kNot},
                  R::kTwoOrMore,
                  E::kNotHispanic,
                  C::kTwoOrMore},
        FrameCase{"DetailOfOne",
                  {Cdcrec("2028-9"), Cdcrec("2034-7")},
                  {kNot},
                  R::kAsian,
                  E::kNotHispanic,
                  C::kAsian},
        FrameCase{"MenaUnder1997White",
                  {Cdcrec("2106-3"), Cdcrec("2118-8")},
                  {kNot},
                  R::kWhite,
                  E::kNotHispanic,
                  C::kMena},
        FrameCase{"MenaAndEuropean",
                  {Cdcrec("2106-3"), Cdcrec("2120-4"), Cdcrec("2108-9")},
                  {kNot},
                  R::kWhite,
                  E::kNotHispanic,
                  C::kTwoOrMore},
        FrameCase{"Other", {Cdcrec("2131-1")}, {kNot}, R::kOther, E::kNotHispanic, C::kOther},
        FrameCase{"OtherAndBlack",
                  {Cdcrec("2131-1"), Cdcrec("2054-5")},
                  {kNot},
                  R::kTwoOrMore,
                  E::kNotHispanic,
                  C::kBlack},
        FrameCase{"OtherByNull", {Null("OTH")}, {kNot}, R::kOther, E::kNotHispanic, C::kOther},
        FrameCase{
            "WordsOnly", {Words("Mixteco")}, {kNot}, R::kUnknown, E::kNotHispanic, C::kUnknown},
        FrameCase{"Declined",
                  {Absent("asked-declined")},
                  {Absent("asked-declined")},
                  R::kDeclined,
                  E::kDeclined,
                  C::kDeclined},
        FrameCase{
            "NotAsked", {Null("NASK")}, {Null("NASK")}, R::kNotAsked, E::kNotAsked, C::kNotAsked},
        FrameCase{
            "AskedUnknown", {Null("ASKU")}, {Null("ASKU")}, R::kUnknown, E::kUnknown, C::kUnknown},
        FrameCase{"EthnicityInConflict",
                  {Cdcrec("2106-3")},
                  {kNot, kHispanic},
                  R::kWhite,
                  E::kUnknown,
                  C::kUnknown},
        FrameCase{"OnlyTheEthnicitySaysWhy",
                  {Null("UNK")},
                  {Absent("asked-declined")},
                  R::kUnknown,
                  E::kDeclined,
                  C::kDeclined},
        FrameCase{"Absent", {}, {}, R::kUnknown, E::kUnknown, C::kUnknown},
        // Synthea of 2019: not "Hispanic = no".
        FrameCase{"EthnicityCodeInRace",
                  {Cdcrec("2135-2", "Other")},
                  {kNot},
                  R::kUnknown,
                  E::kUnknown,
                  C::kUnknown},
        FrameCase{"NullBesideAValue",
                  {Cdcrec("2106-3"), Null("UNK")},
                  {kNot},
                  R::kUnknown,
                  E::kNotHispanic,
                  C::kUnknown},
        FrameCase{"UnmappedCode",
                  {Cdcrec("2106-3"), Cdcrec("9999-9")},
                  {kNot},
                  R::kUnknown,
                  E::kNotHispanic,
                  C::kUnknown}),
    [](const auto& each) { return each.param.name; });

PersonRecord At(std::string state, std::string county, std::string zip, std::string use = "home") {
  PersonRecord person;
  PostalAddress address;
  address.use = std::move(use);
  address.state = std::move(state);
  address.district = std::move(county);
  address.postal_code = std::move(zip);
  person.addresses.push_back(address);
  return person;
}

TEST(PersonFacts, CountyAndZip3AreOfAnAmericanHome) {
  const PersonFacts facts = PersonFactsOf(At("CA", "Los Angeles", "90001-1234"));
  EXPECT_EQ(facts.county, "CA/Los Angeles");
  EXPECT_EQ(facts.zip3, "900");
  EXPECT_EQ(PersonFactsOf(At("CA", "Los Angeles", "9000")).zip3, "UNKNOWN");
  EXPECT_EQ(PersonFactsOf(At("California", "Los Angeles County", "90001")).county,
            "CA/Los Angeles");
  EXPECT_EQ(PersonFactsOf(At("CA", "Somewhere", "90001")).county, "UNKNOWN");
  EXPECT_EQ(PersonFactsOf(At("", "Los Angeles", "90001")).county, "UNKNOWN");
  EXPECT_EQ(PersonFactsOf(At("CA", "", "90001")).county, "UNKNOWN");
  EXPECT_EQ(PersonFactsOf(At("CA", "Kern", "93301", "old")).zip3, "UNKNOWN");
}

TEST(PersonFacts, SexIsTheFirstUsableOfThreeQuestions) {
  PersonRecord person;
  person.assertions = {
      Answer(AssertionField::kAdministrativeGender,
             {{"http://hl7.org/fhir/administrative-gender", "male", {}, {}}}),
      Answer(AssertionField::kBirthSex,
             {{"http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender", "F", {}, {}}}),
      Answer(AssertionField::kSex, {Absent("unknown")})};
  EXPECT_EQ(PersonFactsOf(person).sex, SexStratum::kFemale);
  person.assertions.erase(person.assertions.begin() + 1);
  EXPECT_EQ(PersonFactsOf(person).sex, SexStratum::kMale);
}

TEST(PersonFacts, KnownIsNotSelfReportedUnlessTheMethodSaysSo) {
  PersonRecord person;
  person.assertions = {Answer(AssertionField::kRace, {Cdcrec("2106-3")})};
  EXPECT_EQ(PersonFactsOf(person).race, (Availability{true, false}));
  person.assertions[0].method = CollectionMethod::kSelfReported;
  EXPECT_EQ(PersonFactsOf(person).race, (Availability{true, true}));
  // "None of these" is an answer, and OTHER its stratum (answer_states.csv); words without a code
  // have no stratum yet.
  person.assertions[0] = Answer(AssertionField::kRace, {Null("OTH")});
  EXPECT_EQ(PersonFactsOf(person).race1997, R::kOther);
  EXPECT_EQ(PersonFactsOf(person).race, (Availability{true, false}));
  person.assertions[0] = Answer(AssertionField::kRace, {Words("Mixteco")});
  EXPECT_EQ(PersonFactsOf(person).race, Availability{});
  person.assertions[0] = Answer(AssertionField::kEthnicity, {Null("OTH")});
  EXPECT_EQ(PersonFactsOf(person).ethnicity1997, E::kUnknown);
  EXPECT_EQ(PersonFactsOf(person).ethnicity, Availability{});
}

TEST(PersonFacts, WhatARecordTakesBackDoesNotCount) {
  PersonRecord person;
  person.assertions = {Answer(AssertionField::kRace, {Cdcrec("2106-3")})};
  EXPECT_EQ(PersonFactsOf(person).race1997, R::kWhite);
  Assertion back = Answer(AssertionField::kRace, {});
  back.retracts = {0};
  person.assertions.push_back(back);
  EXPECT_EQ(PersonFactsOf(person).race1997, R::kUnknown);
  // Also by an answer to another question.
  person.assertions[1].field = AssertionField::kEthnicity;
  EXPECT_EQ(PersonFactsOf(person).race1997, R::kUnknown);
}

TEST(PersonFacts, AProxysAnswerYieldsOnceThePersonWasAskedOfAge) {
  PersonRecord person;
  person.birth_date = {2000, 1, 1};
  Assertion proxy =
      Answer(AssertionField::kRace, {Cdcrec("2106-3")}, CollectionMethod::kProxyReported);
  proxy.collected_on = {2012, 1, 1};
  Assertion file =
      Answer(AssertionField::kRace, {Cdcrec("2028-9")}, CollectionMethod::kAdministrative);
  file.collected_on = {2015, 1, 1};
  person.assertions = {proxy, file};
  EXPECT_EQ(PersonFactsOf(person).race1997, R::kWhite);
  person.assertions[1].collected_on = {2019, 1, 1};
  EXPECT_EQ(PersonFactsOf(person).race1997, R::kAsian);
}

TEST(PersonFacts, TheLanguageIsOneOfTheRegistry) {
  PersonRecord person;
  const auto language = [&](std::string tag) {
    person.assertions = {Answer(AssertionField::kLanguage,
                                {{std::string(kLanguageSystem), std::move(tag), {}, {}}})};
    return PersonFactsOf(person).language;
  };
  EXPECT_EQ(language("spa-MX"), "es");
  EXPECT_EQ(language("zh-yue"), "yue");
  EXPECT_EQ(language("zz"), "UNKNOWN");
}

TEST(PersonFacts, AMonthOrAYearIsTakenAtItsFirstDay) {
  PersonRecord person;
  person.birth_date = {1980, 0, 0};
  EXPECT_EQ(PersonFactsOf(person).birth_date,
            std::chrono::sys_days{std::chrono::year{1980} / 1 / 1});
  person.birth_date = {};
  EXPECT_FALSE(PersonFactsOf(person).birth_date.has_value());
}

}  // namespace
}  // namespace equinode
