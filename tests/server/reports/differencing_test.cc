// TA05 at the node that answers: a payer who asks for nearly the same people again and again, in
// tables cut a little differently, and subtracts. Whatever its hub sends, the node must refuse.
#include <map>

#include "base/crypto/cms.h"
#include "tests/server/reports/report_town.h"

namespace equinode {
namespace {

class Differencing : public testing::ReportTown {
 protected:
  Differencing() {
    // North's people, by age on the days asked for: one of 64, two of 65.
    for (const auto& [born, people] :
         std::map<int, int>{{1990, 40}, {1950, 40}, {1961, 1}, {1960, 2}}) {
      for (int i = 0; i < people; ++i) TakeIn(born);
    }
  }
  void TakeIn(int born) {
    PersonFacts facts;
    facts.race1997 = Race1997::kWhite;
    facts.birth_date = Day(born, 2, 1);
    const PersonNo person = ++north_.last_person;
    north_.population.PutPerson(person, north_.uri, facts);
    north_.population.AddCoverage(person, {hub_.uri, "medicaid", {}, {}});
    north_.population.AddMeasure(person, {"COL-E", "2024", true, person % 2 == 0});
  }

  // Tables of docs/first-network.md with an age band that begins at `old`.
  ReportDefinition Ask(std::uint32_t old, std::chrono::sys_days first, std::chrono::sys_days last,
                       std::string measured) {
    ReportDefinition definition = Definition();
    definition.name = "report-" + std::to_string(++asked_);
    definition.period_start = first;
    definition.period_end = last;
    definition.measure_period = std::move(measured);
    definition.age_band_starts = {0, 18, 45, old};
    definition.tables = {{"age", {"population"}, {Stratifier::kAgeBand}}};
    if (!definition.measure_period.empty()) definition.tables[0].measures.push_back("COL-E");
    return definition;
  }
  // What north does with a request that the payer's own node signed, past the checks of its hub.
  std::string Send(const ReportDefinition& definition) {
    const Bytes bytes = BytesFromDefinition(definition);
    const Bytes signature = *SignDetached(bytes, hub_.cert.certificate(), hub_.cert.key());
    const std::string taken = north_.Take(
        hub_.uri, exchange::PayloadKind::kReportRequest,
        BytesFromReportRequest({Uuid::MakeV7(hub_.now(), hub_.random), bytes, signature}));
    if (taken != "OK") return taken;
    const auto step = north_.answerer->Step(north_.now());
    EXPECT_TRUE(step.ok()) << Why(step);
    const ReceivedAnswer answer = AnswerOf(north_);
    return answer.refused_reason.empty() ? "answered" : answer.refused_reason;
  }
  std::size_t Answers() { return north_.Waiting(hub_).size(); }
  int asked_ = 0;
};

TEST_F(Differencing, TA05DaysNextToEachOtherAreNoPeriods) {
  north_.store.clock().Set(Instant{Day(2026, 2, 1)});
  for (const auto& [old, day] : std::map<std::uint32_t, unsigned>{{65, 1}, {64, 2}, {66, 3}}) {
    EXPECT_EQ(Send(Ask(old, Day(2026, 1, day), Day(2026, 1, day), "2025")), "PERIOD_NOT_WHOLE");
  }
  EXPECT_EQ(Send(Ask(65, Day(2026, 1, 1), Day(2026, 1, 31), "2025")), "PERIOD_NOT_WHOLE");
  EXPECT_EQ(Answers(), 0u);
}

TEST_F(Differencing, TA05WhatWasMeasuredIsReleasedOnceWhateverThePeriod) {
  EXPECT_EQ(Send(Ask(65, Day(2025, 1, 1), Day(2025, 3, 31), "2024")), "answered");
  EXPECT_EQ(Send(Ask(64, Day(2025, 4, 1), Day(2025, 6, 30), "2024")),
            "OTHER_RELEASE_OF_MEASURE_PERIOD");
  EXPECT_EQ(Send(Ask(65, Day(2025, 7, 1), Day(2025, 9, 30), "2024-Q4")),
            "OTHER_RELEASE_OF_MEASURE_PERIOD");
  EXPECT_EQ(north_.Audited("REPORT_REFUSED", "OTHER_RELEASE_OF_MEASURE_PERIOD"), 2u);
}

TEST_F(Differencing, TA05AgeBandsMovedByAYearAreRefusedInEveryLaterPeriod) {
  EXPECT_EQ(Send(Ask(65, Day(2025, 1, 1), Day(2025, 3, 31), "")), "answered");
  EXPECT_EQ(Send(Ask(64, Day(2025, 4, 1), Day(2025, 6, 30), "")), "OTHER_SHAPE_BEFORE");
  EXPECT_EQ(Send(Ask(66, Day(2025, 7, 1), Day(2025, 9, 30), "")), "OTHER_SHAPE_BEFORE");
  // What was released before is said to the payer.
  EXPECT_NE(AnswerOf(north_).refused_message.find("0,18,45,65"), std::string::npos)
      << AnswerOf(north_).refused_message;
  EXPECT_NE(AnswerOf(north_).refused_message.find("2025-01-01/2025-03-31"), std::string::npos);
  EXPECT_EQ(Send(Ask(65, Day(2025, 4, 1), Day(2025, 6, 30), "")), "answered");
}

}  // namespace
}  // namespace equinode
