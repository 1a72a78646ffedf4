#include "domain/zcodes/suggest.h"

#include <gtest/gtest.h>

#include "base/csv_rows.h"
#include "domain/zcodes/day.h"
#include "domain/zcodes/domains.h"
#include "domain/zcodes/unknown_domain.h"

namespace equinode {
namespace {

std::string Of(const char* domain, const char* question, const char* answer, const char* day) {
  return SuggestedCode(*ZCodeTable::BuiltIn(), domain, question, answer, *ReadDay(day));
}

TEST(Domains, AnUnknownOneNamesThoseThatMayBeMeant) {
  const auto said = [](std::string_view word) { return UnknownDomain(word).message; };
  EXPECT_EQ(UnknownDomain("x").reason, "UNKNOWN_DOMAIN");
  EXPECT_EQ(said("food"), "there is no need domain food; there is food-insecurity");
  EXPECT_EQ(
      said("intimate-partner-violense"),
      "there is no need domain intimate-partner-violense; there is intimate-partner-violence");
  EXPECT_EQ(said("digital"),
            "there is no need domain digital; there is digital-literacy, digital-access");
  for (const char* odd : {"", "zzz", "a\nb", "Maria Lopez of 12 Elm Street, born 1980-01-01"}) {
    EXPECT_NE(said(odd).find("food-insecurity"), std::string::npos) << odd;
    EXPECT_EQ(said(odd).find("need domain ") != std::string::npos, std::string(odd) == "zzz")
        << odd;
  }
}

TEST(Suggest, FollowsTheDay) {
  EXPECT_EQ(Of("food-insecurity", "", "", "2026-01-01"), "Z59.41");
  EXPECT_EQ(Of("food-insecurity", "", "", "2021-09-30"), "Z59.4");
  EXPECT_EQ(Of("financial-insecurity", "", "", "2025-09-30"), "Z59.86");
  EXPECT_EQ(Of("financial-insecurity", "", "", "2025-10-01"), "Z59.869");
}

TEST(Suggest, TheAnswerIsCloserThanTheDomain) {
  EXPECT_EQ(Of("housing-instability", "71802-3", "LA31994-9", "2026-01-01"), "Z59.811");
  EXPECT_EQ(Of("housing-instability", "", "", "2026-01-01"), "Z59.819");
  EXPECT_EQ(Of("inadequate-housing", "96778-6", "LA31998-0", "2026-01-01"), "Z59.11");
  // On a day on which none of the answer's row is good, the domain's row is asked.
  EXPECT_EQ(Of("utility-insecurity", "96779-4", "LA33-6", "2024-01-01"), "Z59.12");
}

TEST(Suggest, WhatHasNoCodeSuggestsNone) {
  EXPECT_EQ(Of("intimate-partner-violence", "76501-6", "LA33-6", "2026-01-01"), "");
  EXPECT_EQ(Of("food-insecurity", "", "", "2014-01-01"), "");
}

TEST(Suggest, ASnomedFindingSuggestsAndATraitDoesNot) {
  const auto table = ZCodeTable::BuiltIn();
  const auto day = *ReadDay("2026-01-01");
  const SocialFinding* food = FindSocialFinding("http://snomed.info/sct", "733423003");
  ASSERT_NE(food, nullptr);
  EXPECT_EQ(SuggestedBy(*food, *table, day), std::vector<std::string>{"Z59.41"});
  const SocialFinding* work = FindSocialFinding("http://snomed.info/sct", "160903007");
  ASSERT_NE(work, nullptr);
  EXPECT_TRUE(SuggestedBy(*work, *table, day).empty());
  EXPECT_EQ(FindSocialFinding("http://loinc.org", "733423003"), nullptr);
  EXPECT_EQ(FindSocialFinding("http://snomed.info/sct", "44054006"), nullptr);
}

TEST(Domains, HoldGravitysAndMarkTheSensitive) {
  EXPECT_EQ(NeedDomains().size(), 30u);
  ASSERT_NE(FindNeedDomain("incarceration-status"), nullptr);
  EXPECT_TRUE(FindNeedDomain("incarceration-status")->sensitive);
  EXPECT_FALSE(FindNeedDomain("food-insecurity")->sensitive);
  EXPECT_EQ(FindNeedDomain("food"), nullptr);
}

}  // namespace
}  // namespace equinode
