#include "client/import/importer.h"

#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "tests/client/import/collecting_sink.h"
#include "tests/client/import/gzip.h"
#include "tests/support/temp_folder.h"

namespace equinode {
namespace {

std::string Patient(int number) {
  return R"({"resourceType":"Patient","id":"p)" + std::to_string(number) +
         R"(","identifier":[{"type":{"coding":[{"code":"MR"}]},"value":"m)" +
         std::to_string(number) + R"("}],"birthDate":"1980-01-01","name":[{"family":"F)" +
         std::to_string(number) + "\"}]}";
}

std::string Coverage(int number, std::string_view beneficiary = "") {
  const std::string patient =
      beneficiary.empty() ? "Patient/p" + std::to_string(number) : std::string(beneficiary);
  return R"({"resourceType":"Coverage","id":"c)" + std::to_string(number) +
         R"(","status":"active","beneficiary":{"reference":")" + patient +
         R"("},"payor":[{"display":"Acme"}]})";
}

class Importing : public ::testing::Test {
 protected:
  Importing() {
    options.feed = "clinic";
    options.today = Day(2026, 11, 1);
    options.paths = {folder.path()};
  }
  void Write(const std::string& name, std::string_view text) {
    WriteFile(folder.path() / name, text);
  }
  ImportReport Run(CollectingSink& sink) {
    const auto report = Import(options, sink.sink());
    EXPECT_TRUE(report.ok()) << report.error().reason << ": " << report.error().message;
    return report.ok() ? *report : ImportReport{};
  }
  // "line reason", of one file.
  std::vector<std::string> Refused(const CollectingSink& sink) {
    std::vector<std::string> refused;
    for (const RejectedLine& line : sink.rejected) {
      refused.push_back(std::to_string(line.line) + " " + line.reason);
    }
    return refused;
  }

  testing::TempFolder folder{};
  ImportOptions options{};
};

TEST_F(Importing, OneBadLineDoesNotCostTheOthers) {
  Write("a.ndjson", "\xEF\xBB\xBF" + Patient(1) + "\r\ninvalid-row\n\n" +
                        R"({"resourceType":"Patient","id":"##PatientID##"})" + "\n" + Patient(2) +
                        "\n{\"resourceType\":\"Patient\",\"id\":\"p3\",\"birthDate\":\"x\"}\n" +
                        R"({"resourceType":"Observation"})" + "\n" + Patient(4));
  CollectingSink sink;
  const ImportReport report = Run(sink);
  EXPECT_EQ(report.persons, 3u);
  EXPECT_EQ(report.lines, 7u);
  EXPECT_EQ(report.passed_over.at("Observation"), 1u);
  EXPECT_EQ(Refused(sink),
            (std::vector<std::string>{"2 BAD_JSON", "4 PLACEHOLDER_ID", "6 BAD_BIRTH_DATE"}));
  EXPECT_EQ(sink.rejected[2].resource, "Patient/p3");
  EXPECT_EQ(sink.rejected[2].file, (folder.path() / "a.ndjson").string());
  EXPECT_EQ(report.refused, 3u);
  EXPECT_NE(sink.Find("clinic/Patient/p4"), nullptr);
  ASSERT_EQ(sink.aliases.size(), 3u);
  EXPECT_EQ(sink.aliases[0], (ImportAlias{"mrn:m1", "clinic/Patient/p1"}));
}

TEST_F(Importing, ReadsGzipAndEveryFileBelowAFolder) {
  Write("x/1.ndjson.gz", Gzip(Patient(1) + "\n" + Patient(2) + "\n"));
  Write("x/y/2.json", Patient(3));
  Write("3.json", "{\n\"resourceType\":\"Organization\",\n\"id\":\"o\",\n\"name\":\"N\"}\n");
  CollectingSink sink;
  const ImportReport report = Run(sink);
  EXPECT_EQ(report.files, 3u);
  EXPECT_EQ(report.persons, 3u);
  EXPECT_EQ(report.organizations, 1u);
  EXPECT_TRUE(sink.rejected.empty());
  EXPECT_EQ(sink.frame_sizes, std::vector<std::size_t>{4u});  // Small files share a frame.
}

TEST_F(Importing, AFrameHoldsThreeHundredRecordsOrHalfAMebibyte) {
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += Patient(i) + "\n";
  Write("a.ndjson", lines);
  CollectingSink sink;
  sink.under_way = 3;
  Run(sink);
  EXPECT_EQ(sink.records.size(), 1000u);
  EXPECT_EQ(sink.frame_sizes, (std::vector<std::size_t>{300u, 300u, 300u, 100u}));
  std::string large;
  for (int i = 0; i < 40; ++i) {
    large += R"({"resourceType":"Patient","id":"q)" + std::to_string(i) + R"(","name":[)";
    for (int n = 0; n < 60; ++n) {
      large += std::string(n ? "," : "") + "{\"family\":\"" + std::string(1000, 'x') + "\"}";
    }
    large += "]}\n";
  }
  Write("a.ndjson", large);
  CollectingSink second;
  Run(second);
  EXPECT_EQ(second.records.size(), 40u);
  for (const std::size_t bytes : second.frame_bytes) EXPECT_LT(bytes, 600u * 1024);
}

TEST_F(Importing, TheSameFileAgainChangesNothingAndAChangedResourceIsANewVersion) {
  Write("a.ndjson", Patient(1) + "\n" + Patient(2) + "\n");
  CollectingSink sink;
  const ImportReport first = Run(sink);
  EXPECT_EQ(first.created, 2u);
  const ImportReport again = Run(sink);
  EXPECT_EQ(again.created, 0u);
  EXPECT_EQ(again.unchanged, 2u);
  std::string changed = Patient(2);
  changed.replace(changed.find("1980"), 4, "1981");
  Write("a.ndjson", Patient(1) + "\n" + changed + "\n");
  const ImportReport third = Run(sink);
  EXPECT_EQ(third.changed, 1u);
  EXPECT_EQ(third.unchanged, 1u);
}

TEST_F(Importing, GoesOnWhereItWasCutOff) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += Patient(i) + "\n";
  lines += "bad\n";
  for (const bool gzip : {false, true}) {
    Write("a.ndjson", gzip ? Gzip(lines) : lines);
    if (gzip && std::filesystem::file_size(folder.path() / "a.ndjson") < 64 * 1024) {
      // Small files are read again as a whole; make this one large enough to have a cursor.
      std::string noise = lines;
      while (Gzip(noise).size() < 70'000) noise += noise;
      Write("a.ndjson", Gzip(noise));
    }
    CollectingSink broken;
    broken.break_after = 4;
    const auto failed = Import(options, broken.sink());
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().reason, "PEER_UNREACHABLE");
    ASSERT_EQ(broken.records.size(), 1200u);
    ASSERT_EQ(broken.cursors.size(), 1u);
    EXPECT_EQ(broken.cursors.begin()->second.line, 900u);  // As of the frame before the last.
    EXPECT_TRUE(broken.ends.empty());
    CollectingSink rest;
    rest.cursors = broken.cursors;
    const ImportReport report = Run(rest);
    EXPECT_EQ(rest.records.front().source_id, "clinic/Patient/p900");
    EXPECT_EQ(rest.ends.size(), 1u);
    if (!gzip) {
      EXPECT_EQ(rest.records.size(), 1100u);
      EXPECT_EQ(Refused(rest), std::vector<std::string>{"2001 BAD_JSON"});
    }
    EXPECT_EQ(report.files, 1u);
    // Taken in to the end, it is passed by; from_start reads it all the same.
    if (gzip) continue;
    CollectingSink third;
    third.cursors = rest.cursors;
    EXPECT_EQ(Run(third).files_done_before, 1u);
    EXPECT_TRUE(third.records.empty());
    options.from_start = true;
    EXPECT_EQ(Run(third).persons, 2000u);
    options.from_start = false;
  }
}

TEST_F(Importing, AnotherProfileReadsAFileAnew) {
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += Coverage(i) + "\n";
  Write("a.ndjson", lines);
  CollectingSink sink;
  const ImportReport first = Run(sink);
  EXPECT_EQ(first.unmapped_coverages, 1000u);
  ASSERT_EQ(first.unmapped_payors.size(), 1u);
  EXPECT_EQ(first.unmapped_payors[0].payor, "Acme");
  EXPECT_EQ(first.unmapped_payors[0].coverages, 1000u);
  EXPECT_EQ(Run(sink).files_done_before, 1u);
  options.profile.payers = {{.name = "ACME", .uri = "spiffe://net/payer/acme"}};
  const ImportReport mapped = Run(sink);
  EXPECT_EQ(mapped.coverages, 1000u);
  EXPECT_EQ(mapped.unmapped_coverages, 0u);
}

TEST_F(Importing, StopsInGoodOrderAndGoesOnLater) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += Patient(i) + "\n";
  Write("a.ndjson", lines);
  Write("b.ndjson", Patient(9000));
  CollectingSink sink;
  sink.stop_after = 600;
  sink.under_way = 5;
  const ImportReport report = Run(sink);
  EXPECT_TRUE(report.stopped);
  EXPECT_EQ(report.persons, sink.records.size());
  EXPECT_EQ(report.created, sink.records.size());
  EXPECT_LT(sink.records.size(), 1000u);
  CollectingSink rest;
  rest.cursors = sink.cursors;
  EXPECT_FALSE(Run(rest).stopped);
  EXPECT_EQ(rest.records.size() + sink.records.size(), 2001u);
}

TEST_F(Importing, ADryRunDoesEverythingButTheSink) {
  Write("a.ndjson", Patient(1) + "\nbad\n" + Coverage(1) + "\n");
  options.dry_run = true;
  CollectingSink sink;
  ImportSink functions = sink.sink();
  functions.frame = nullptr;
  functions.settle = nullptr;
  functions.cursor_of = nullptr;
  const auto report = Import(options, functions);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->persons, 1u);
  EXPECT_EQ(report->coverages, 1u);
  EXPECT_EQ(report->refused, 1u);
  EXPECT_EQ(report->unmapped_payors.size(), 1u);
  EXPECT_EQ(sink.rejected.size(), 1u);
  EXPECT_TRUE(sink.records.empty());
}

TEST_F(Importing, WhatTheNodeRefusesComesBackWithItsLine) {
  std::string lines;
  for (int i = 0; i < 700; ++i) lines += Coverage(i) + "\n";
  Write("a.ndjson", lines);
  CollectingSink sink;
  sink.under_way = 2;
  sink.refuse = {"clinic/Coverage/c5", "clinic/Coverage/c650"};
  const ImportReport report = Run(sink);
  EXPECT_EQ(Refused(sink), (std::vector<std::string>{"6 NO_SUCH_PERSON", "651 NO_SUCH_PERSON"}));
  EXPECT_EQ(sink.rejected[1].resource, "Coverage/c650");
  EXPECT_EQ(report.created, 698u);
  EXPECT_EQ(report.refused, 2u);
}

TEST_F(Importing, AnErrorOfTheSinkIsNotTakenForOneOfTheFile) {
  Write("a.ndjson", Patient(1));
  ImportSink sink;
  sink.frame = [](ImportFrame&&) -> Result<std::vector<FrameAnswer>> {
    return Error{Code::kInvalidArgument, "BAD_FRAME", "no"};
  };
  const auto report = Import(options, sink);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().reason, "BAD_FRAME");
}

TEST_F(Importing, ReferencesAreResolvedInEveryForm) {
  Write("1-coverage.ndjson", Coverage(1) + "\n" + Coverage(2, "urn:uuid:aa-bb") + "\n" +
                                 Coverage(3, "https://ehr/fhir/Patient/p3/_history/1") + "\n" +
                                 Coverage(4, "#p") + "\n" + Coverage(5, "Group/g"));
  Write("2-patients.ndjson", Patient(1));  // In a later file.
  CollectingSink sink;
  Run(sink);
  EXPECT_EQ(sink.Find("clinic/Coverage/c1")->person, "clinic/Patient/p1");
  EXPECT_EQ(sink.Find("clinic/Coverage/c2")->person, "clinic/Patient/aa-bb");
  EXPECT_EQ(sink.Find("clinic/Coverage/c3")->person, "clinic/Patient/p3");
  EXPECT_EQ(Refused(sink),
            (std::vector<std::string>{"4 CONTAINED_REFERENCE", "5 WRONG_REFERENCE_TYPE"}));
}

TEST_F(Importing, ABundleIsTakenApartAndItsUrnsResolved) {
  Write("b.json", R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"fullUrl":"urn:uuid:11-22","resource":{"resourceType":"Patient","name":[{"family":"x"}]}},
    {"fullUrl":"urn:uuid:33","resource":{"resourceType":"Patient","id":"real"}},
    {"resource":)" + Coverage(1, "urn:uuid:11-22") +
                      R"(},{"resource":)" + Coverage(2, "urn:uuid:33") +
                      R"(},{"resource":{"resourceType":"Patient"}},
    {"resource":{"resourceType":"Bundle"}},{"resource":{"resourceType":"Claim"}}]})");
  CollectingSink sink;
  const ImportReport report = Run(sink);
  EXPECT_NE(sink.Find("clinic/Patient/11-22"), nullptr);
  EXPECT_EQ(sink.Find("clinic/Coverage/c1")->person, "clinic/Patient/11-22");
  EXPECT_EQ(sink.Find("clinic/Coverage/c2")->person, "clinic/Patient/real");
  EXPECT_EQ(Refused(sink), (std::vector<std::string>{"5 MISSING_ID", "6 NESTED_BUNDLE"}));
  EXPECT_EQ(report.passed_over.at("Claim"), 1u);
}

TEST_F(Importing, ABundleOnALineIsTakenApartToo) {
  Write("b.ndjson", R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":)" +
                        Patient(1) + "}]}\n" + Patient(2) + "\n");
  CollectingSink sink;
  EXPECT_EQ(Run(sink).persons, 2u);
}

TEST_F(Importing, ALargeBundleIsReadAndOneOverSixteenMebibytesIsRefused) {
  std::string bundle = R"({"resourceType":"Bundle","type":"collection","entry":[)";
  const std::string note(3'000'000, 'x');
  for (int i = 0; i < 5; ++i) {
    bundle += std::string(i ? "," : "") + R"({"resource":{"resourceType":"Binary","data":")" +
              note + R"("}},{"resource":)" + Patient(i) + "}";
  }
  bundle += "]}";
  Write("b.json", bundle);
  CollectingSink sink;
  EXPECT_EQ(Run(sink).persons, 5u);
  EXPECT_EQ(sink.cursors.size(), 1u);
  EXPECT_EQ(Run(sink).files_done_before, 1u);
  bundle.insert(
      bundle.size() - 2,
      std::string(",") + R"({"resource":{"resourceType":"Binary","data":")" + note + R"("}})");
  // On one line, over several, and packed: the same words.
  for (const bool one_line : {true, false}) {
    if (!one_line) bundle.insert(1, "\n");
    for (const bool gzip : {false, true}) {
      std::filesystem::remove(folder.path() / "b.json");
      Write(gzip ? "b.json.gz" : "b.json", gzip ? Gzip(bundle) : bundle);
      CollectingSink refused;
      EXPECT_EQ(Run(refused).persons, 0u);
      EXPECT_EQ(Refused(refused), std::vector<std::string>{"0 DOCUMENT_TOO_LARGE"})
          << one_line << gzip;
      ASSERT_FALSE(refused.rejected.empty());
      EXPECT_NE(refused.rejected[0].what_to_do.find("convert to NDJSON"), std::string::npos);
      std::filesystem::remove(folder.path() / "b.json.gz");
    }
  }
}

// A first line that is longer than what tells the kind of a file does not make it a document.
TEST_F(Importing, LinesWithoutANameThatSaysSoAreReadWhateverTheirFirstIsLike) {
  const std::string note =
      "{\"resourceType\":\"Binary\",\"data\":\"" + std::string(300'000, 'x') + "\"}\n";
  std::string lines;
  while (lines.size() <= 17u << 20) lines += note;
  lines += Patient(1) + "\n";
  for (const bool gzip : {false, true}) {
    Write("export.txt", gzip ? Gzip(lines) : lines);
    CollectingSink sink;
    EXPECT_EQ(Run(sink).persons, 1u);
    EXPECT_EQ(Refused(sink), std::vector<std::string>{});
  }
}

TEST_F(Importing, MeasureRowsSpeakOfPeopleByRecordNumberOrId) {
  Write("a.csv",
        "mrn,person,measure,period,denominator,numerator\r\n"
        "m1,,HBA1C,2025,1,0\r\n,p2,HBA1C,2025,1,1\r\n,,HBA1C,2025,1,1\r\n"
        "\"m1,,HBA1C,2025,1,0\r\nm3,,BP,2025-Q1,0,0\r\n");
  Write("z.ndjson", Patient(1) + "\n" + Patient(2) + "\n");
  CollectingSink sink;
  const ImportReport report = Run(sink);
  EXPECT_EQ(report.measure_results, 3u);
  EXPECT_EQ(sink.records[0].kind, RecordKind::kPerson);  // Tables come last.
  const ImportedRecord& by_mrn = sink.records[2];
  EXPECT_EQ(by_mrn.person, "mrn:m1");
  EXPECT_EQ(by_mrn.source_id.find("m1"), std::string::npos) << "no record number in an id";
  EXPECT_EQ(by_mrn.source_id.substr(0, 25), "clinic/MeasureResult/mrn-");
  EXPECT_NE(by_mrn.source_id.find("|HBA1C|2025"), std::string::npos);
  const ImportedRecord* by_id = sink.Find("clinic/MeasureResult/p2|HBA1C|2025");
  ASSERT_NE(by_id, nullptr);
  EXPECT_EQ(by_id->person, "clinic/Patient/p2");
  EXPECT_EQ(Refused(sink), (std::vector<std::string>{"4 MISSING_PERSON", "5 BAD_CSV"}));
}

TEST_F(Importing, AMeasureFileGoesOnWhereItWasCutOff) {
  std::string rows = "mrn,measure,period,denominator,numerator\n";
  for (int i = 0; i < 5000; ++i) rows += "m" + std::to_string(i) + ",HBA1C,2025,1,1\n";
  Write("a.csv", rows);
  CollectingSink broken;
  broken.break_after = 3;
  ASSERT_FALSE(Import(options, broken.sink()).ok());
  CollectingSink rest;
  rest.cursors = broken.cursors;
  Run(rest);
  EXPECT_EQ(rest.records.front().person, "mrn:m600");
  EXPECT_EQ(rest.records.size(), 4400u);
}

// Whenever it is cut off, with frames under way whose refusals nobody has heard of: the lists of
// the two runs together are the list of one.
TEST_F(Importing, NoRefusalIsLostWhereverItIsCutOff) {
  std::string lines;
  for (int i = 0; i < 3000; ++i) lines += i % 7 == 0 ? "bad\n" : Coverage(i) + "\n";
  lines += "bad\nbad\n";
  Write("a.ndjson", lines);
  Write("b.ndjson", lines);
  const auto sink_of = [&](std::size_t under_way, std::size_t break_after) {
    CollectingSink sink;
    for (int i = 0; i < 3000; i += 5) sink.refuse.insert("clinic/Coverage/c" + std::to_string(i));
    sink.under_way = under_way;
    sink.break_after = break_after;
    return sink;
  };
  CollectingSink whole = sink_of(3, 0);
  Run(whole);
  const auto rows = [](const CollectingSink& sink) {
    std::multiset<std::string> all;
    for (const RejectedLine& line : sink.rejected) all.insert(CsvRow(line));
    return all;
  };
  ASSERT_GT(rows(whole).size(), 1000u);
  for (const std::size_t under_way : {0, 1, 5}) {
    for (std::size_t frames = 1; frames < 22; ++frames) {
      CollectingSink broken = sink_of(under_way, frames);
      const auto failed = Import(options, broken.sink());
      CollectingSink rest = sink_of(under_way, 0);
      rest.cursors = broken.cursors;
      if (!failed.ok()) Run(rest);
      // As rejected.csv does: what the first run wrote is not written again.
      std::multiset<std::string> all = rows(broken);
      std::multiset<std::string> again = all;
      for (const std::string& row : rows(rest)) {
        const auto known = again.find(row);
        known == again.end() ? (void)all.insert(row) : (void)again.erase(known);
      }
      EXPECT_EQ(all, rows(whole)) << under_way << " under way, cut off after " << frames;
    }
  }
}

TEST_F(Importing, AFileWhoseLastLinesAreRefusedIsDoneAllTheSame) {
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += Patient(i) + "\n";
  Write("a.ndjson", lines + "bad\nbad\n");
  std::string bad;
  for (int i = 0; i < 20'000; ++i) bad += "bad\n";
  Write("b.ndjson", bad);
  CollectingSink sink;
  sink.under_way = 2;
  EXPECT_EQ(Run(sink).refused, 20'002u);
  CollectingSink again;
  again.cursors = sink.cursors;
  EXPECT_EQ(Run(again).files_done_before, 2u);
}

TEST_F(Importing, TheEndIsToldUntilAllIsDecided) {
  Write("a.ndjson", Patient(1));
  options.restate = true;
  CollectingSink sink;
  sink.end_parts = 3;
  Run(sink);
  ASSERT_EQ(sink.ends.size(), 3u);
  EXPECT_EQ(sink.ends[2].feed, "clinic");
  EXPECT_TRUE(sink.ends[2].restate);
}

TEST_F(Importing, AResourceComesWithItsStamp) {
  std::string stamped = Patient(1);
  stamped.insert(1, R"("meta":{"versionId":"7","lastUpdated":"2025-03-04T10:11:12.5Z"},)");
  Write("a.ndjson", stamped + "\n" + Patient(2) + "\n" + Coverage(1) + "\n");
  CollectingSink sink;
  Run(sink);
  EXPECT_EQ(sink.Find("clinic/Patient/p1")->stamp, (SourceStamp{1741083072500000, 7}));
  EXPECT_TRUE(sink.Find("clinic/Patient/p2")->stamp.none());  // Not that of the one before it.
  EXPECT_TRUE(sink.Find("clinic/Coverage/c1")->stamp.none());
}

TEST_F(Importing, WhatIsNoInputIsRefusedAsAFile) {
  Write("1.xml", "<Patient/>");
  Write("2.json", "[]");
  Write("3.csv", "a,b\n1,2\n");
  Write("4.ndjson", "");
  Write("5.json", "{\"resourceType\":\"Patient\",\"id\":\"p\"");
  Write("6.gz", Gzip(Patient(1)).substr(0, 40));
  CollectingSink sink;
  const ImportReport report = Run(sink);
  EXPECT_EQ(sink.Reasons(), (std::set<std::string>{"NOT_JSON", "JSON_ARRAY", "CSV_HEADER",
                                                   "EMPTY_FILE", "BAD_JSON", "BAD_GZIP"}));
  EXPECT_EQ(report.refused, 6u);
  for (const RejectedLine& line : sink.rejected) {
    EXPECT_EQ(line.line, line.reason == "CSV_HEADER" || line.reason == "BAD_JSON" ? 1u : 0u);
  }
}

TEST_F(Importing, ADamagedGzipIsRefusedFromTheLineWhereItBreaks) {
  std::string lines;
  for (int i = 0; i < 5000; ++i) lines += Patient(i) + "\n";
  Write("a.ndjson.gz", Gzip(lines).substr(0, Gzip(lines).size() / 2));
  std::string rows = "mrn,measure,period,denominator,numerator\n";
  for (int i = 0; i < 50'000; ++i) rows += "m" + std::to_string(i * 7919) + ",HBA1C,2025,1,1\n";
  Write("b.csv.gz", Gzip(rows).substr(0, Gzip(rows).size() / 2));
  std::string bundle = R"({"resourceType":"Bundle","type":"collection","entry":[)";
  for (int i = 0; i < 5000; ++i)
    bundle += (i ? ",{\"resource\":" : "{\"resource\":") + Patient(i) + "}";
  bundle = Gzip(bundle + "]}");
  Write("c.json.gz", bundle.substr(0, bundle.size() / 2));
  CollectingSink sink;
  const ImportReport report = Run(sink);
  ASSERT_EQ(sink.rejected.size(), 3u);
  EXPECT_EQ(sink.Reasons(), std::set<std::string>{"BAD_GZIP"});
  const auto find = [&](std::string_view name) -> const RejectedLine& {
    for (const RejectedLine& line : sink.rejected) {
      if (line.file.find(name) != std::string::npos) return line;
    }
    return sink.rejected.front();
  };
  EXPECT_GT(report.persons, 100u);
  EXPECT_EQ(find("a.ndjson").line, report.persons + 1);
  EXPECT_NE(find("a.ndjson").what_to_do.find("lines 1 to " + std::to_string(report.persons)),
            std::string::npos);
  EXPECT_GT(report.measure_results, 100u);
  EXPECT_EQ(find("b.csv").line, report.measure_results + 2);  // The header is a line.
  EXPECT_EQ(find("c.json").line, 0u);
  EXPECT_NE(find("c.json").what_to_do.find("nothing of it"), std::string::npos);
}

TEST_F(Importing, WhatABundleWouldDeleteIsNamedWithTheCommandThatDoes) {
  Write("b.json", R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"request":{"method":"DELETE","url":"Patient/p7"}},
    {"request":{"method":"DELETE","url":"https://ehr/fhir/Observation/o7"}},
    {"request":{"method":"DELETE","url":"Claim/c7"}},
    {"request":{"method":"DELETE","url":"Patient?identifier=7"}}]})");
  CollectingSink sink;
  Run(sink);
  ASSERT_EQ(sink.rejected.size(), 4u);
  const auto words = [&](std::size_t at) { return sink.rejected[at].what_to_do; };
  EXPECT_EQ(sink.rejected[0].resource, "Patient/p7");
  EXPECT_EQ(sink.rejected[0].reason, "DELETE_NOT_TAKEN");
  EXPECT_NE(words(0).find("equinode record delete person clinic/Patient/p7"), std::string::npos);
  EXPECT_NE(words(1).find("equinode record delete screening clinic/Observation/o7"),
            std::string::npos);
  EXPECT_EQ(sink.rejected[2].resource, "Claim/c7");
  for (const std::size_t at : {2, 3}) {
    EXPECT_NE(words(at).find("'equinode record delete'"), std::string::npos);
    EXPECT_EQ(words(at).find("Patient?identifier"), std::string::npos);
  }
}

// Whatever is refused says what to do: a sentence of two parts.
TEST_F(Importing, RowsAndReferencesThatAreRefusedSayWhatToDo) {
  Write("a.ndjson", Coverage(5, "Group/g"));
  Write("b.csv", "mrn,measure,period,denominator,numerator\nm1," + std::string(70'000, 'x') + "\n");
  Write("c.csv", "date,patient,encounter,code,value,units,type\n2025-01-01," +
                     std::string(70'000, 'x') + "\n");
  CollectingSink sink;
  Run(sink);
  EXPECT_EQ(sink.Reasons(), (std::set<std::string>{"WRONG_REFERENCE_TYPE", "LINE_TOO_LONG"}));
  ASSERT_EQ(sink.rejected.size(), 3u);
  for (const RejectedLine& line : sink.rejected) {
    EXPECT_NE(line.what_to_do.find("; "), std::string::npos) << line.what_to_do;
  }
}

TEST_F(Importing, ALineThatIsTooLongIsRefusedWithItsNumber) {
  Write("a.ndjson",
        Patient(1) + "\n{\"x\":\"" + std::string(5'000'000, 'x') + "\"}\n" + Patient(2) + "\n");
  CollectingSink sink;
  EXPECT_EQ(Run(sink).persons, 2u);
  EXPECT_EQ(Refused(sink), std::vector<std::string>{"2 LINE_TOO_LONG"});
}

TEST_F(Importing, TellsHowFarItIsInBytesOfTheDisk) {
  std::string lines;
  for (int i = 0; i < 40'000; ++i) lines += Patient(i) + "\n";
  Write("a.ndjson", lines);
  Write("b.ndjson", Patient(1));
  CollectingSink sink;
  Run(sink);
  ASSERT_GT(sink.progress.size(), 2u);
  for (std::size_t i = 1; i < sink.progress.size(); ++i) {
    EXPECT_GE(sink.progress[i].bytes_done, sink.progress[i - 1].bytes_done);
  }
  EXPECT_EQ(sink.progress.back().bytes_done, sink.progress.back().bytes_all);
  EXPECT_EQ(sink.progress.back().records, 40'001u);
}

TEST_F(Importing, NeedsAFeedAndAPathThatIsThere) {
  CollectingSink sink;
  options.feed.clear();
  EXPECT_EQ(Import(options, sink.sink()).error().reason, "NO_FEED");
  options.feed = "a b";
  EXPECT_EQ(Import(options, sink.sink()).error().reason, "BAD_FEED");
  options.feed.clear();
  options.profile.feed = "clinic";
  EXPECT_TRUE(Import(options, sink.sink()).ok());
  options.paths = {folder.path() / "none"};
  EXPECT_EQ(Import(options, sink.sink()).error().reason, "NO_SUCH_PATH");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// In a process of its own, so that the peak is the import's.
TEST_F(Importing, AnyFileTakesAtMostSixtyFourMebibytes) {
  std::string some;
  for (int i = 0; i < 2000; ++i) some += Patient(i) + "\n";
  const std::string just_enough = [] {
    std::string text = "{\"resourceType\":\"Basic\",\"x\":[1";
    for (std::size_t n = 0; n < 999'000; ++n) text += ",1";
    return text + "],\"y\":\"" + std::string(2'000'000, 'y') + "\"}\n";
  }();
  some += just_enough + "{\"x\":[1";
  for (std::size_t n = 0; n < (2u << 20) - 100; ++n) some += ",1";
  some += "]}\n" + std::string(5u << 20, 'x') + "\n";
  const std::string packed = Gzip(some);
  {
    std::ofstream out(folder.path() / "large.ndjson.gz", std::ios::binary);
    for (int i = 0; i < 20; ++i) out << packed;  // 200 MiB of text.
  }
  some = {};
  ::malloc_trim(0);
  std::fflush(stdout);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto status = [](const std::string& key) {  // In MiB.
      std::ifstream lines("/proc/self/status");
      std::string line;
      while (std::getline(lines, line)) {
        if (line.rfind(key, 0) == 0) return std::atol(line.c_str() + key.size()) / 1024;
      }
      return 0L;
    };
    std::ofstream("/proc/self/clear_refs") << 5 << std::flush;  // The peak begins anew.
    const long before = status("VmRSS:");
    std::uint64_t records = 0;
    ImportSink sink;
    sink.frame = [&](ImportFrame&& frame) -> Result<std::vector<FrameAnswer>> {
      records += frame.records.size();
      return std::vector<FrameAnswer>{{frame.number, {}, 0, 0, 0}};
    };
    const auto report = Import(options, sink);
    const long peak = status("VmHWM:") - before;
    std::printf("%ld MiB on top of the %ld of the test, %llu records\n", peak, before,
                static_cast<unsigned long long>(records));
    std::fflush(stdout);
    const bool good = report.ok() && records == 40'000 && report->refused == 40 && before > 0;
    // The program around it needs its own.
    ::_exit(!good ? 2 : peak <= 44 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "2 = the import went wrong, 1 = it took too much memory";
}
#endif

}  // namespace
}  // namespace equinode
