#include "server/reports/answerer.h"

#include <algorithm>

#include "tests/server/reports/report_town.h"

namespace equinode {
namespace {

class Answerer : public testing::ReportTown {
 protected:
  Answerer() {
    north_.TakeIn(60, Race1997::kWhite, hub_.uri);
    north_.TakeIn(40, Race1997::kBlack, hub_.uri);
  }
  // North has heard a request for this definition.
  void Hear(const ReportDefinition& definition) {
    ASSERT_TRUE(Create(definition).ok());
    ASSERT_TRUE(Start(true, definition.name).ok());
    ASSERT_EQ(Carry(hub_, north_), "OK");
  }
  std::size_t Step() {
    const auto step = north_.answerer->Step(north_.now());
    EXPECT_TRUE(step.ok()) << Why(step);
    return step.ok() ? *step : 0;
  }
  std::vector<ReleasedFamilyRow> Released() {
    return *north_.store.db().Read([&](ReadTx& tx) { return ReportStore::Released(tx, hub_.uri); });
  }
};

TEST_F(Answerer, CountsItsOwnRecordsOnly) {
  north_.TakeIn(1000, Race1997::kWhite, hub_.uri, south_.uri);
  north_.TakeIn(1000, Race1997::kWhite, pki_.Uri("payer", "another"));
  Hear(Definition());
  EXPECT_EQ(Step(), 1u);
  const ReceivedAnswer answer = AnswerOf(north_);
  ASSERT_EQ(answer.tables.size(), 3u);
  EXPECT_EQ(answer.tables[0].cells.back().denominator, (ShownValue{ShownKind::kCount, 100}));
  EXPECT_EQ(answer.head.counted_at, north_.now());
}

TEST_F(Answerer, WaitsWhileCountsAreRebuiltAndRefusesNothing) {
  north_.ready = false;
  Hear(Definition());
  EXPECT_EQ(Step(), 0u);
  EXPECT_TRUE(north_.Waiting(hub_).empty());
  north_.ready = true;
  EXPECT_EQ(Step(), 1u);
  EXPECT_TRUE(AnswerOf(north_).refused_reason.empty());
  EXPECT_EQ(Step(), 0u) << "once";
  EXPECT_EQ(north_.Waiting(hub_).size(), 1u);
}

TEST_F(Answerer, ARequestThatNeedsNoCountIsNotHeldUpByOneThatDoes) {
  Hear(Definition());
  EXPECT_EQ(Step(), 1u);
  north_.ready = false;
  ReportDefinition next = Definition();
  next.name = "another-year";
  next.period_start = Day(2024, 1, 1);
  next.period_end = Day(2024, 12, 31);
  Hear(next);
  ReportDefinition finer = Definition();
  finer.name = "finer";
  finer.tables.push_back({"age", {"population"}, {Stratifier::kAgeBand}});
  Hear(finer);
  EXPECT_EQ(Step(), 1u);
  EXPECT_EQ(AnswerOf(north_).refused_reason, "OTHER_RELEASE_OF_PERIOD");
}

TEST_F(Answerer, WithoutARuleNothingLeavesAndNothingIsKeptAsReleased) {
  north_.ShareCounts(hub_, false);
  Hear(Definition());
  EXPECT_EQ(Step(), 1u);
  EXPECT_EQ(AnswerOf(north_).refused_reason, "NOT_SHARED");
  EXPECT_TRUE(Released().empty());
  EXPECT_EQ(north_.Audited("REPORT_REFUSED", "NOT_SHARED"), 1u);
  EXPECT_EQ(north_.Audited("REPORT_ANSWERED", "OK"), 0u);
}

TEST_F(Answerer, ARuleThatIsTakenBackStopsTheStoredAnswerToo) {
  Hear(Definition());
  EXPECT_EQ(Step(), 1u);
  north_.ShareCounts(hub_, false);
  ReportDefinition second = Definition();
  second.version = 2;
  second.title = "same tables";
  Hear(second);
  EXPECT_EQ(Step(), 1u);
  EXPECT_EQ(AnswerOf(north_).refused_reason, "NOT_SHARED");
}

TEST_F(Answerer, TI14AFuturePeriodIsRefused) {
  Hear(Definition());
  // The hub's clock is ahead of north's by a year.
  north_.store.clock().Set(Instant{Day(2025, 12, 31)});
  EXPECT_EQ(Step(), 1u);
  EXPECT_EQ(AnswerOf(north_).refused_reason, "PERIOD_NOT_OVER");
}

TEST_F(Answerer, APanelIsKeptForTheDefinitionsPopulation) {
  const std::size_t before = north_.population.Memory().cells;
  Hear(Definition());
  EXPECT_EQ(Step(), 1u);
  EXPECT_GT(north_.population.Memory().cells, before);
  for (unsigned year = 2000; year < 2020; ++year) {
    ReportDefinition other = Definition();
    other.name = "year-" + std::to_string(year);
    other.period_start = Day(static_cast<int>(year), 1, 1);
    other.period_end = Day(static_cast<int>(year), 12, 31);
    Hear(other);
    EXPECT_EQ(Step(), 1u);
  }
  // At most so many, whatever was asked: the population's own bound is never reached.
  int free = 0;
  while (north_.population
             .RegisterPanel({.payer = hub_.uri, .day = Day(1990, 1, 1) + std::chrono::days{free}})
             .ok()) {
    ++free;
  }
  EXPECT_EQ(static_cast<std::size_t>(free),
            PopulationLimits{}.panels - ReportAnswerer::kMostPanels);
}

TEST_F(Answerer, APayerWithoutARuleMakesNoPanel) {
  north_.ShareCounts(hub_, false);
  const std::size_t before = north_.population.Memory().cells;
  Hear(Definition());
  Step();
  EXPECT_EQ(north_.population.Memory().cells, before);
}

TEST_F(Answerer, CountsThatAreOutOfStepAreRefusedWithTheirReason) {
  north_.population.RemoveCoverage(1, {pki_.Uri("payer", "never"), "", {}, {}});
  Hear(Definition());
  EXPECT_EQ(Step(), 1u);
  EXPECT_EQ(AnswerOf(north_).refused_reason, "COUNTS_OUT_OF_STEP");
  EXPECT_TRUE(Released().empty());
}

}  // namespace
}  // namespace equinode
