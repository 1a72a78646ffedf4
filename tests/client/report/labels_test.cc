#include "client/report/labels.h"

#include <gtest/gtest.h>

#include "domain/counts/stratifier.h"

namespace equinode {
namespace {

TEST(Labels, EveryStratifierAndClosedStratumHasWords) {
  for (const Stratifier one : kAllStratifiers) {
    const auto wire = static_cast<v1::Stratifier>(one);
    EXPECT_EQ(StratifierWord(wire), StratifierName(one));
    EXPECT_NE(StratifierLabel(wire), "Unknown stratifier") << StratifierName(one);
    EXPECT_FALSE(StratifierMeaning(wire).empty());
    for (const std::string_view stratum : ClosedStrata(one)) {
      EXPECT_NE(StratumLabel(stratum), stratum) << "no words for " << stratum;
    }
  }
  EXPECT_NE(StratumLabel(kStratumNone), kStratumNone);
  EXPECT_NE(StratumLabel(kStratumOtherValues), kStratumOtherValues);
  EXPECT_EQ(StratifierWord(v1::STRATIFIER_UNSPECIFIED), "unknown");
  EXPECT_EQ(StratifierWord(static_cast<v1::Stratifier>(99)), "unknown");
}

TEST(Labels, OpenStrataStayAsTheyAre) {
  EXPECT_EQ(StratumLabel("18-44"), "18-44");
  EXPECT_EQ(StratumLabel("CA/Los Angeles"), "CA/Los Angeles");
  EXPECT_EQ(StratumLabel(""), "All");
}

TEST(Labels, OnlyThePopulationHasNoNumerator) {
  EXPECT_TRUE(MeaningOf("population").numerator.empty());
  for (const char* measure : {"available.race", "selfreported.language", "CBP"}) {
    EXPECT_FALSE(MeaningOf(measure).numerator.empty()) << measure;
  }
  EXPECT_EQ(MeasureLabel("available.race"), "Known race");
  EXPECT_EQ(MeasureLabel("CBP"), "CBP");
}

}  // namespace
}  // namespace equinode
