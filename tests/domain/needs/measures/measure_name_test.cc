#include "domain/needs/measures/measure_name.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "domain/counts/stratifier.h"
#include "domain/report/definition.h"

namespace equinode {
namespace {

TEST(MeasureName, EachIsReadAndWrittenTheSame) {
  for (const char* name :
       {"screened.food-insecurity", "screened.food-insecurity.declined", "screened.snse.food",
        "positive.homelessness", "intervened.snse.housing", "coded.food-insecurity",
        "referred.stress", "accepted.food-insecurity", "accepted.food-insecurity.d61",
        "accepted.food-insecurity.at.harvest", "accepted.food-insecurity.at.harvest.d3-4",
        "closed.food-insecurity.evidence", "closed.food-insecurity.at.st.mary.unmet",
        "closed.food-insecurity.at.st.mary"}) {
    const auto measure = NeedMeasureNamed(name);
    ASSERT_TRUE(measure) << name;
    EXPECT_EQ(NameOf(*measure), name);
    EXPECT_TRUE(IsComputedMeasure(name)) << name;
    EXPECT_TRUE(IsMeasureId(name)) << name;
    EXPECT_EQ(CountsPopulation(name), measure->count == NeedCount::kScreened) << name;
  }
}

TEST(MeasureName, NothingElseIsOne) {
  for (const char* name :
       {"screened.", "screened.hunger", "screened.food-insecurity.yes", "positive.snse.food",
        "coded.food-insecurity.d0", "coded.food-insecurity.at.harvest",
        "intervened.food-insecurity", "screened.snse.water", "closed.food-insecurity.d4",
        "closed.food-insecurity.at.", "closed.food-insecurity.at.Harvest",
        "accepted.food-insecurity.lost", "referred.food-insecurity.",
        "closed.food-insecurity.at.harvest.won!"}) {
    EXPECT_FALSE(NeedMeasureNamed(name)) << name;
    EXPECT_FALSE(IsMeasureId(name)) << name;
  }
  EXPECT_FALSE(NeedMeasureNamed("CMS122"));
  EXPECT_FALSE(IsComputedMeasure("CMS122"));
}

TEST(MeasureName, AShorthandMeansTheWholeList) {
  EXPECT_EQ(MeasuresMeant("closed.stress.ends"),
            (std::vector<std::string>{"closed.stress.evidence", "closed.stress.reported",
                                      "closed.stress.unmet", "closed.stress.lost"}));
  EXPECT_EQ(MeasuresMeant("screened.stress.outcomes").size(), 4u);
  const auto days = MeasuresMeant("accepted.stress.at.harvest.days");
  ASSERT_EQ(days.size(), 9u);
  EXPECT_EQ(days.front(), "accepted.stress.at.harvest.d0");
  EXPECT_TRUE(std::ranges::all_of(days, [](const auto& one) { return IsMeasureId(one); }));
  for (const char* none : {"population", "coded.stress.days", "closed.stress.d0.days", "days",
                           "screened.snse.food.outcomes", "CMS122.days"}) {
    EXPECT_TRUE(MeasuresMeant(none).empty()) << none;
  }
}

}  // namespace
}  // namespace equinode
