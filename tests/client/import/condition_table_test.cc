#include "client/import/condition_table.h"

#include <gtest/gtest.h>

#include "client/import/importer.h"
#include "tests/client/import/collecting_sink.h"
#include "tests/support/temp_folder.h"

namespace equinode {
namespace {

constexpr const char* kOldConditions = "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION";
constexpr const char* kNewConditions = "START,STOP,PATIENT,ENCOUNTER,SYSTEM,CODE,DESCRIPTION";

Result<ConditionRow> ReadCondition(const std::string& line, const char* header = kOldConditions) {
  auto table = ConditionTable::FromHeader(header);
  ConditionRow row;
  EQN_CHECK(table->Read(line, "f", *ZCodeTable::BuiltIn(), row));
  return row;
}
std::string RefusalOfCondition(const std::string& line) {
  const auto row = ReadCondition(line);
  return row.ok() ? "" : row.error().reason;
}

TEST(ConditionTable, AFindingAboutANeedIsKept) {
  const auto row = ReadCondition("2023-05-17,2024-01-02,p1,e1,73438004,Unemployed (finding)");
  ASSERT_TRUE(row.ok()) << row.error().message;
  ASSERT_TRUE(row->social);
  EXPECT_EQ(row->patient, "p1");
  EXPECT_EQ(row->id, "p1|e1|73438004|2023-05-17");
  const ConditionRecord& record = row->record;
  EXPECT_EQ(record.codes.at(0).system, "http://snomed.info/sct");
  EXPECT_EQ(record.onset, (PartialDate{2023, 5, 17}));
  EXPECT_EQ(record.abated_on, (PartialDate{2024, 1, 2}));
  EXPECT_TRUE(record.abated);
  EXPECT_EQ(record.clinical, "resolved");
  EXPECT_EQ(record.encounter, "f/Encounter/e1");
  EXPECT_EQ(record.signed_by, "");
  EXPECT_EQ(ReadCondition("2023-05-17,,p1,e1,73438004,Unemployed (finding)")->record.clinical,
            "active");
}

TEST(ConditionTable, TheSystemIsTheColumnsWhereThereIsOne) {
  const auto system = [](const char* cell) {
    return ReadCondition(std::string("2023-05-17,,p1,e1,") + cell + ",73438004,q", kNewConditions);
  };
  EXPECT_TRUE(system("http://snomed.info/sct")->social);
  EXPECT_TRUE(system("SNOMED-CT")->social);
  EXPECT_TRUE(system("")->social);
  EXPECT_FALSE(system("http://loinc.org")->social);
}

TEST(ConditionTable, OtherRowsArePassedOver) {
  EXPECT_FALSE(
      ReadCondition("2023-05-17,,p1,e1,195662009,Acute viral pharyngitis (disorder)")->social);
  // Also those that would be refused.
  EXPECT_FALSE(ReadCondition("yesterday,,p 1,e1,195662009,x")->social);
}

TEST(ConditionTable, BadRowsAreRefused) {
  EXPECT_EQ(RefusalOfCondition("2023-02-30,,p1,e1,73438004,x"), "BAD_DATE");
  EXPECT_EQ(RefusalOfCondition(",,p1,e1,73438004,x"), "BAD_DATE");
  EXPECT_EQ(RefusalOfCondition("2023-02-03,soon,p1,e1,73438004,x"), "BAD_DATE");
  EXPECT_EQ(RefusalOfCondition("2023-02-03,2023-02-02,p1,e1,73438004,x"), "BAD_PERIOD");
  EXPECT_EQ(RefusalOfCondition("2023-02-03,,,e1,73438004,x"), "MISSING_PERSON");
  EXPECT_EQ(RefusalOfCondition("2023-02-03,,p 1,e1,73438004,x"), "BAD_ID");
  EXPECT_EQ(RefusalOfCondition("2023-02-03,,p1,e1,73438004"), "CELL_MISSING");
}

TEST(ConditionTable, ItsHeaderIsToldFromThoseOfOtherTables) {
  EXPECT_TRUE(ConditionTable::IsHeader(kOldConditions));
  EXPECT_TRUE(ConditionTable::IsHeader(kNewConditions));
  EXPECT_TRUE(ConditionTable::IsHeader("code;description;encounter;patient;start;stop"));
  for (const char* other :
       {"START,STOP,PATIENT,ENCOUNTER,SYSTEM,CODE,DESCRIPTION,BASE_COST,REASONCODE",
        "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION,UDI",
        "DATE,PATIENT,ENCOUNTER,CATEGORY,CODE,DESCRIPTION,VALUE,UNITS,TYPE",
        "mrn,measure,period,denominator,numerator", "START,STOP,PATIENT,CODE,DESCRIPTION"}) {
    EXPECT_FALSE(ConditionTable::IsHeader(other)) << other;
  }
}

TEST(ConditionTable, AWholeFileGoesThroughTheImportAndSuggests) {
  testing::TempFolder folder;
  const auto path = folder.path() / "conditions.csv";
  std::ofstream(path) << kOldConditions << "\n"
                      << "2023-05-17,,p1,e1,73438004,Unemployed (finding)\n\n"
                      << "2023-05-17,,p1,e1,195662009,Acute viral pharyngitis (disorder)\n"
                      << "2023-13-17,,p1,e1,73438004,x\n";
  CollectingSink sink;
  ImportOptions options;
  options.feed = "f";
  options.paths = {path};
  options.today = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};
  const auto report = Import(options, sink.sink());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->conditions, 1u);
  EXPECT_EQ(report->lines, 3u);
  EXPECT_EQ(report->passed_over.at("Condition"), 1u);
  EXPECT_EQ(report->refused_by_reason.at("BAD_DATE"), 1u);
  ASSERT_EQ(sink.records.size(), 1u);
  EXPECT_EQ(sink.records[0].person, "f/Patient/p1");
  EXPECT_EQ(sink.records[0].source_id, "f/Condition/p1|e1|73438004|2023-05-17");
}

}  // namespace
}  // namespace equinode
