// Published samples of other hands, found by pattern; skipped where the reference folder is absent.
#include <gtest/gtest.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "client/convert/record_body.h"
#include "tests/client/import/collecting_sink.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;

class Samples : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* reference = std::getenv("EQUINODE_REFERENCE_DIR");
    if (reference != nullptr) folder_ = fs::path(reference) / "people" / "fhir-samples";
    if (folder_.empty() || !fs::is_directory(folder_)) GTEST_SKIP() << "no reference folder";
    options_.feed = "samples";
    options_.today = Day(2026, 11, 1);
  }
  ImportReport Run(const fs::path& path, CollectingSink& sink) {
    options_.paths = {path};
    const auto report = Import(options_, sink.sink());
    EXPECT_TRUE(report.ok()) << report.error().message;
    return report.ok() ? *report : ImportReport{};
  }
  // The person records of everything below a path, by source id.
  std::map<std::string, PersonRecord> People(const fs::path& path) {
    CollectingSink sink;
    Run(path, sink);
    std::map<std::string, PersonRecord> people;
    for (const ImportedRecord& record : sink.records) {
      if (record.kind != RecordKind::kPerson) continue;
      auto person = PersonFromBody(record.body);
      EXPECT_TRUE(person.ok()) << record.source_id;
      if (person.ok()) people.emplace(record.source_id, std::move(*person));
    }
    return people;
  }
  fs::path folder_{};
  ImportOptions options_{};
};

const Assertion* Find(const PersonRecord& person, AssertionField field) {
  for (const Assertion& assertion : person.assertions) {
    if (assertion.field == field) return &assertion;
  }
  return nullptr;
}

std::set<std::string> Codes(const Assertion& assertion) {
  std::set<std::string> codes;
  for (const Coded& value : assertion.values) codes.insert(value.code);
  return codes;
}

// How many resources of a type the files below a path hold, told by their text alone.
std::size_t ResourcesIn(const fs::path& path, const std::string& type) {
  const std::regex word("\"resourceType\"\\s*:\\s*\"" + type + "\"");
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::string line;
    while (std::getline(in, line)) {
      count += static_cast<std::size_t>(
          std::distance(std::sregex_iterator(line.begin(), line.end(), word), {}));
    }
  }
  return count;
}

std::string Words(const std::map<std::string, std::uint64_t>& counts) {
  std::string words;
  for (const auto& [word, count] : counts) words += " " + word + "=" + std::to_string(count);
  return words;
}

// A file that yields nothing and of which nothing is said would be a file that got lost.
TEST_F(Samples, EveryFileGivesRecordsOrIsPassedOverByTypeOrIsRefusedWithAReason) {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    CollectingSink sink;
    const ImportReport report = Run(entry.path(), sink);
    std::uint64_t passed = 0;
    for (const auto& [type, count] : report.passed_over) passed += count;
    const std::string name = fs::relative(entry.path(), folder_).string();
    std::printf(
        "%s: %llu persons, %llu coverages, %llu organizations; passed over:%s; refused:%s\n",
        name.c_str(), static_cast<unsigned long long>(report.persons),
        static_cast<unsigned long long>(report.coverages),
        static_cast<unsigned long long>(report.organizations), Words(report.passed_over).c_str(),
        Words(report.refused_by_reason).c_str());
    EXPECT_GT(sink.records.size() + passed + report.refused, 0u) << name;
    EXPECT_EQ(sink.rejected.size(), report.refused) << name;
    for (const RejectedLine& line : sink.rejected) {
      EXPECT_FALSE(line.reason.empty()) << name;
      EXPECT_GT(line.what_to_do.size(), 20u) << name;
    }
    // What is read is neither lost nor counted twice: a line is one of the three.
    if (report.lines > 0 && name.find("Bundle") == std::string::npos &&
        report.passed_over.count("Bundle") == 0) {
      EXPECT_GE(report.lines, sink.records.size()) << name;
    }
  }
  EXPECT_GT(files, 0u);
}

// Patient and Coverage rows; the other types are passed over, not judged.
TEST_F(Samples, AgreesWithTheInvariantsThatUsCorePublishes) {
  const fs::path at = folder_ / "us-core-9-invariants";
  std::ifstream rows(at / "expected.csv");
  ASSERT_TRUE(rows);
  std::string row;
  std::getline(rows, row);
  std::map<std::string, std::size_t> judged;
  std::set<std::string> listed = {"expected.csv"};
  while (std::getline(rows, row)) {
    if (row.empty() || row == "\r") continue;
    std::istringstream cells(row);
    std::string file;
    std::string type;
    std::string expected;
    std::getline(cells, file, ',');
    std::getline(cells, type, ',');
    std::getline(cells, expected, ',');
    if (!expected.empty() && expected.back() == '\r') expected.pop_back();
    listed.insert(file);
    ASSERT_TRUE(fs::is_regular_file(at / file)) << file << " is listed and not there";
    ASSERT_TRUE(expected == "pass" || expected == "fail") << file << ": " << expected;
    CollectingSink sink;
    const ImportReport report = Run(at / file, sink);
    if (type != "Patient" && type != "Coverage") {
      std::uint64_t passed = 0;
      for (const auto& [word, count] : report.passed_over) passed += count;
      EXPECT_EQ(sink.records.size() + passed + report.refused, 1u) << file;
      continue;
    }
    ++judged[type + " " + expected];
    EXPECT_EQ(sink.records.size(), expected == "pass" ? 1u : 0u) << file;
    EXPECT_EQ(report.refused, expected == "pass" ? 0u : 1u) << file;
    // The rule's name is that of the file: us-core-23-f1-fail.json.
    if (expected == "fail") {
      std::string rule = sink.rejected.at(0).reason;
      for (char& c : rule) c = c == '_' ? '-' : static_cast<char>(std::tolower(c));
      EXPECT_EQ(file.substr(0, rule.size()), rule);
    }
  }
  for (const auto& entry : fs::directory_iterator(at)) {
    const std::string name = entry.path().filename().string();
    EXPECT_EQ(listed.count(name), 1u) << name << " is not listed in expected.csv";
  }
  // Each type that is judged has cases of both outcomes; which and how many, the folder says.
  for (const std::string type : {"Patient", "Coverage"}) {
    for (const std::string expected : {"pass", "fail"}) {
      const std::size_t count = judged[type + " " + expected];
      std::printf("%s %s: %zu\n", type.c_str(), expected.c_str(), count);
      EXPECT_GT(count, 0u) << type << " " << expected;
    }
  }
}

TEST_F(Samples, ACoverageOfOneFileIsOfThePatientInALaterOne) {
  CollectingSink sink;
  Run(folder_ / "uscore7-bundles", sink);
  EXPECT_EQ(sink.CountOf(RecordKind::kPerson), ResourcesIn(folder_ / "uscore7-bundles", "Patient"));
  EXPECT_EQ(sink.CountOf(RecordKind::kCoverage),
            ResourcesIn(folder_ / "uscore7-bundles", "Coverage"));
  EXPECT_GT(sink.CountOf(RecordKind::kCoverage), 0u);
  for (const ImportedRecord& record : sink.records) {
    if (record.kind != RecordKind::kCoverage) continue;
    EXPECT_NE(sink.Find(record.person), nullptr) << record.person;
    EXPECT_FALSE(CoverageFromBody(record.body)->member_id.empty());
  }
  EXPECT_EQ(sink.rejected.size(), 0u);
}

TEST_F(Samples, OneInvalidLineDoesNotCostTheOthers) {
  CollectingSink sink;
  const ImportReport report = Run(folder_ / "import-ndjson" / "Import-InvalidPatient.ndjson", sink);
  EXPECT_EQ(report.lines, 5u);
  EXPECT_EQ(report.refused_by_reason.at("BAD_JSON"), 1u);
  EXPECT_EQ(report.refused_by_reason.at("PLACEHOLDER_ID"), 4u);
}

// Observations of a mother's or a practitioner's race are nobody's answers here.
TEST_F(Samples, NoObservationBecomesThePatientsRace) {
  const auto people = People(folder_ / "gravity-examples");
  const auto patient = people.find("samples/Patient/pat-53234");
  ASSERT_NE(patient, people.end());
  const Assertion* race = Find(patient->second, AssertionField::kRace);
  ASSERT_NE(race, nullptr);
  EXPECT_EQ(Codes(*race),
            (std::set<std::string>{"2106-3", "1002-5", "2028-9", "1586-7", "2036-2"}));
}

TEST_F(Samples, DetailCodesLanguageAndTribeAreKeptAsTheyWereSaid) {
  const auto people = People(folder_ / "us-core-9-examples" / "patient-example.json");
  ASSERT_EQ(people.size(), 1u);
  const PersonRecord& person = people.begin()->second;
  EXPECT_EQ(person.names.size(), 2u);
  EXPECT_EQ(person.birth_date, (PartialDate{1987, 2, 20}));
  const Assertion* ethnicity = Find(person, AssertionField::kEthnicity);
  ASSERT_NE(ethnicity, nullptr);
  EXPECT_EQ(Codes(*ethnicity), (std::set<std::string>{"2135-2", "2184-0", "2148-5"}));
  EXPECT_EQ(ethnicity->method, CollectionMethod::kUnknown);
  EXPECT_EQ(ethnicity->instrument, "us-core");
  EXPECT_TRUE(ethnicity->collected_on.empty());
  EXPECT_EQ(Codes(*Find(person, AssertionField::kLanguage)), std::set<std::string>{"es"});
  EXPECT_EQ(Codes(*Find(person, AssertionField::kTribalAffiliation)), std::set<std::string>{"187"});
  EXPECT_EQ(Codes(*Find(person, AssertionField::kSex)), std::set<std::string>{"248152002"});
  EXPECT_EQ(Codes(*Find(person, AssertionField::kInterpreterNeeded)),
            std::set<std::string>{"373066001"});
}

// The only language counts although nothing marks it preferred.
TEST_F(Samples, EveryPatientOfABulkExportComesInWithItsAnswers) {
  const auto people = People(folder_ / "bulk-100");
  EXPECT_EQ(people.size(), ResourcesIn(folder_ / "bulk-100", "Patient"));
  EXPECT_GT(people.size(), 0u);
  for (const auto& [id, person] : people) {
    for (const AssertionField field :
         {AssertionField::kRace, AssertionField::kEthnicity, AssertionField::kLanguage,
          AssertionField::kBirthSex, AssertionField::kAdministrativeGender}) {
      EXPECT_NE(Find(person, field), nullptr) << id << " field " << static_cast<int>(field);
    }
    EXPECT_FALSE(person.birth_date.empty()) << id;
    EXPECT_FALSE(person.names.empty()) << id;
  }
}

// Found by content: whichever of the shared bundles have 2135-2 among the races.
TEST_F(Samples, AnEthnicityCodeInTheRaceSlotIsAConflictAndHispanicStaysAsItWasSaid) {
  int dirty = 0;
  int clean = 0;
  for (const auto& [id, person] : People(folder_ / "synthea-bundles-2019")) {
    const Assertion* race = Find(person, AssertionField::kRace);
    const Assertion* ethnicity = Find(person, AssertionField::kEthnicity);
    ASSERT_TRUE(race != nullptr && ethnicity != nullptr) << id;
    if (Codes(*race).count("2135-2") == 0) {
      ++clean;
      EXPECT_EQ(race->conflict, "") << id;
      continue;
    }
    ++dirty;
    EXPECT_EQ(race->conflict, "ETHNICITY_CODE_IN_RACE") << id;
    // "Not Hispanic" beside it is what the file says, and is not believed.
    EXPECT_EQ(Codes(*ethnicity).count("2186-5") > 0 && ethnicity->conflict.empty(), false) << id;
  }
  std::printf("%d people with an ethnicity code among the races, %d without\n", dirty, clean);
  EXPECT_GT(dirty, 0);
  EXPECT_GT(clean, 0);
  EXPECT_EQ(static_cast<std::size_t>(dirty + clean),
            ResourcesIn(folder_ / "synthea-bundles-2019", "Patient"));
}

}  // namespace
}  // namespace equinode
