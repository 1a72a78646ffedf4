#include "client/import/observation_table.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "client/import/importer.h"
#include "tests/client/import/collecting_sink.h"

namespace equinode {
namespace {

constexpr const char* kHeader = "DATE,PATIENT,ENCOUNTER,CATEGORY,CODE,DESCRIPTION,VALUE,UNITS,TYPE";

std::string Refusal(const std::string& line) {
  auto table = ObservationTable::FromHeader(kHeader);
  ObservationRow row;
  const Status read = table->Read(line, "f", row);
  return read.ok() ? "" : read.error().reason;
}

ObservationRow Row(const std::string& line) {
  auto table = ObservationTable::FromHeader(kHeader);
  ObservationRow row;
  const Status read = table->Read(line, "f", row);
  EXPECT_TRUE(read.ok()) << read.error().message;
  return row;
}

TEST(ObservationTable, WordsBecomeTheAnswersThatTheyStandFor) {
  const ObservationRow row = Row(
      "2023-05-17T17:58:13Z,p1,e1,survey,67875-5,What is your work?,Unemployed (finding),,text");
  ASSERT_TRUE(row.screening);
  EXPECT_EQ(row.patient, "p1");
  EXPECT_EQ(row.record.on, (PartialDate{2023, 5, 17}));
  EXPECT_EQ(row.record.encounter, "f/Encounter/e1");
  EXPECT_EQ(row.record.answers.at(0).answers, std::vector<std::string>{"LA17956-6"});
  EXPECT_EQ(Row("2023-05-17,p1,e1,survey,93033-9,q,I choose not to answer this question,,text")
                .record.answers.at(0)
                .answers,
            std::vector<std::string>{"LA30122-8"});
  EXPECT_EQ(
      Row("2023-05-17,p1,e1,survey,55758-7,PHQ-2,5.0,{score},numeric").record.answers.at(0).milli,
      5000);
  EXPECT_EQ(Row("2023-05-17,p1,e1,survey,93033-9,q,perhaps,,text").record.answers.at(0).text,
            "perhaps");
}

TEST(ObservationTable, OtherRowsArePassedOver) {
  EXPECT_FALSE(Row("2023-05-17,p1,e1,vital-signs,8302-2,Body Height,127.9,cm,numeric").screening);
}

TEST(ObservationTable, SeveralAnswersAreSeveralRows) {
  const char* food = "2023-05-17,p1,e1,survey,93031-3,q,Food,,text";
  const char* phone = "2023-05-17,p1,e1,survey,93031-3,q,Phone,,text";
  EXPECT_NE(Row(food).id, Row(phone).id);
  EXPECT_EQ(Row(food).id, Row(food).id);
}

TEST(ObservationTable, BadRowsAreRefused) {
  EXPECT_EQ(Refusal("2023-02-30,p1,e1,survey,93033-9,q,Yes,,text"), "BAD_DATE");
  EXPECT_EQ(Refusal("2023-02-03,,e1,survey,93033-9,q,Yes,,text"), "MISSING_PERSON");
  EXPECT_EQ(Refusal("2023-02-03,p 1,e1,survey,93033-9,q,Yes,,text"), "BAD_ID");
  EXPECT_EQ(Refusal("2023-02-03,p1,e1,survey,93033-9,q,Yes,,text,more"), "CELL_MISSING");
  EXPECT_FALSE(ObservationTable::FromHeader("DATE,PATIENT,CODE,VALUE").ok());
  EXPECT_FALSE(ObservationTable::IsHeader("mrn,measure,period,denominator,numerator"));
}

TEST(ObservationTable, AWholeFileGoesThroughTheImport) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("equinode-observations-" + std::to_string(::getpid()) + ".csv");
  std::ofstream(path) << kHeader << "\n"
                      << "2023-05-17,p1,e1,survey,93033-9,q,Yes,,text\n"
                      << "2023-05-17,p1,e1,vital-signs,8302-2,q,1,cm,numeric\n"
                      << "2023-13-17,p1,e1,survey,93033-9,q,Yes,,text\n";
  CollectingSink sink;
  ImportOptions options;
  options.feed = "f";
  options.paths = {path};
  const auto report = Import(options, sink.sink());
  std::filesystem::remove(path);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->screenings, 1u);
  EXPECT_EQ(report->passed_over.at("Observation"), 1u);
  EXPECT_EQ(report->refused_by_reason.at("BAD_DATE"), 1u);
  ASSERT_EQ(sink.records.size(), 1u);
  EXPECT_EQ(sink.records[0].person, "f/Patient/p1");
}

}  // namespace
}  // namespace equinode
