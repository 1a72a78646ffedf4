#include "server/records/record_facts.h"

#include <gtest/gtest.h>

#include "client/convert/record_body.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

sys_days Day(int year, unsigned month, unsigned day) {
  return sys_days{std::chrono::year{year} / month / day};
}

CoverageFact Covered(PartialDate start, PartialDate end) {
  CoverageRecord record;
  record.payer = "spiffe://n/payer/p";
  record.line_of_business = "medicaid";
  record.start = start;
  record.end = end;
  record.status = "active";
  const RecordFacts facts = FactsOf(record);
  return std::get<CoverageFact>(facts);
}

TEST(RecordFacts, ADateThatIsPartlyKnownCoversAllThatItMayMean) {
  const CoverageFact full = Covered({2024, 2, 3}, {2024, 11, 30});
  EXPECT_EQ(full.payer, "spiffe://n/payer/p");
  EXPECT_EQ(full.line_of_business, "medicaid");
  EXPECT_EQ(full.start, Day(2024, 2, 3));
  EXPECT_EQ(full.end, Day(2024, 11, 30));
  const CoverageFact months = Covered({2024, 2, 0}, {2024, 2, 0});
  EXPECT_EQ(months.start, Day(2024, 2, 1));
  EXPECT_EQ(months.end, Day(2024, 2, 29));
  const CoverageFact years = Covered({2024, 0, 0}, {2025, 0, 0});
  EXPECT_EQ(years.start, Day(2024, 1, 1));
  EXPECT_EQ(years.end, Day(2025, 12, 31));
  const CoverageFact open = Covered({}, {});
  EXPECT_FALSE(open.start.has_value());
  EXPECT_FALSE(open.end.has_value());
}

TEST(RecordFacts, OnlyACoverageInForceCounts) {
  for (const auto& [status, counts] :
       {std::pair{"active", true}, std::pair{"", true}, std::pair{"cancelled", false},
        std::pair{"draft", false}, std::pair{"entered-in-error", false}}) {
    CoverageRecord record;
    record.status = status;
    const RecordFacts facts = FactsOf(record);
    EXPECT_EQ(std::holds_alternative<CoverageFact>(facts), counts) << status;
  }
}

TEST(RecordFacts, EveryKindOfBodyIsReadAndABadOneRefused) {
  const FactsReader read = BodyFacts([](const PersonRecord& person) {
    PersonFacts facts;
    facts.zip3 = person.addresses.empty() ? "UNKNOWN" : person.addresses.front().postal_code;
    return facts;
  });
  PersonRecord person;
  person.addresses.push_back({.postal_code = "945"});
  EXPECT_EQ(std::get<PersonFacts>(*read(RecordKind::kPerson, BodyFrom(person))).zip3, "945");
  MeasureResultRecord result{"M", "2025", true, false};
  EXPECT_EQ(std::get<MeasureFact>(*read(RecordKind::kMeasureResult, BodyFrom(result))),
            (MeasureFact{"M", "2025", true, false}));
  CoverageRecord coverage;
  coverage.line_of_business = "medicare";
  EXPECT_EQ(std::get<CoverageFact>(*read(RecordKind::kCoverage, BodyFrom(coverage))),
            (CoverageFact{"", "medicare", {}, {}}));
  OrganizationRecord organization{"Clinic", {}};
  EXPECT_TRUE(std::holds_alternative<std::monostate>(
      *read(RecordKind::kOrganization, BodyFrom(organization))));
  const Bytes bad{0xff, 0xff, 0xff};
  for (const RecordKind kind : {RecordKind::kPerson, RecordKind::kCoverage,
                                RecordKind::kMeasureResult, RecordKind::kOrganization}) {
    EXPECT_EQ(read(kind, bad).error().reason, "BAD_RECORD");
  }
}

}  // namespace
}  // namespace equinode
