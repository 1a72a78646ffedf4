// The guides' own examples, found by pattern: every file imports, and the codes that cannot be
// reported are told, exactly those. Skipped where the reference folder is absent.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "base/csv_rows.h"
#include "client/convert/need_body.h"
#include "domain/needs/person_needs.h"
#include "tests/client/import/collecting_sink.h"
#include "tests/support/reference.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::sys_days kToday = std::chrono::sys_days{std::chrono::year{2026} / 11 / 27};

class SocialSamples : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
    root_ = testing::ReferenceFolder();
    std::stringstream text;
    text << std::ifstream(root_ / "sdoh" / "zcodes.csv").rdbuf();
    ForEachRow(text.str(), [&](const std::vector<std::string>& row) {
      if (row[6] == "y") billable_.insert(row[0]);
      replaced_[row[0]] = row[12];
      categories_.insert(row[0].substr(0, 3));
    });
    ASSERT_FALSE(billable_.empty());
  }

  ImportReport Run(const fs::path& path, CollectingSink& sink) {
    ImportOptions options;
    options.feed = "s";
    options.today = kToday;
    options.paths = {path};
    const auto report = Import(options, sink.sink());
    EXPECT_TRUE(report.ok()) << report.error().message;
    return report.ok() ? *report : ImportReport{};
  }

  // Z codes of the text that the reference's table does not call billable now, read without any of
  // our code: "Z59.4 Z59.41|Z59.48".
  std::set<std::string> NotBillable(const std::string& text) const {
    std::set<std::string> found;
    const std::regex code("\"code\"\\s*:\\s*\"(Z[0-9][0-9A-Z](\\.[0-9A-Z]{1,4})?)\"");
    for (auto at = std::sregex_iterator(text.begin(), text.end(), code);
         at != std::sregex_iterator(); ++at) {
      const std::string word = (*at)[1];
      if (billable_.count(word) > 0 || categories_.count(word.substr(0, 3)) == 0) continue;
      const auto next = replaced_.find(word);
      found.insert(word + " " + (next == replaced_.end() ? "" : next->second));
    }
    return found;
  }

  // The same of the Conditions in a text alone, whatever else it holds.
  std::set<std::string> NotBillableOfConditions(const std::string& text) const {
    static const std::regex type("\"resourceType\"\\s*:\\s*\"(\\w+)\"");
    std::set<std::string> found;
    for (auto at = std::sregex_iterator(text.begin(), text.end(), type);
         at != std::sregex_iterator(); ++at) {
      if ((*at)[1] != "Condition") continue;
      const auto next = std::next(at);
      const auto begin = static_cast<std::size_t>(at->position());
      const std::size_t end =
          next == std::sregex_iterator() ? text.size() : static_cast<std::size_t>(next->position());
      found.merge(NotBillable(text.substr(begin, end - begin)));
    }
    return found;
  }

  // Every file of a folder but its prose, whatever its name: one that cannot be read fails. Returns
  // how many.
  std::size_t EveryFile(const fs::path& folder) {
    std::size_t files = 0;
    if (!fs::is_directory(folder)) {
      ADD_FAILURE() << folder << " is not there";
      return 0;
    }
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file() || entry.path().extension() == ".md") continue;
      ++files;
      CollectingSink sink;
      const ImportReport report = Run(entry.path(), sink);
      std::stringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      const std::string name = entry.path().filename().string();
      EXPECT_EQ(report.refused, 0u) << name;
      for (const auto& line : sink.rejected) ADD_FAILURE() << name << " " << line.reason;
      std::uint64_t passed = 0;
      for (const auto& [type, count] : report.passed_over) passed += count;
      EXPECT_GE(sink.records.size() + passed, 1u) << name;  // A Bundle holds several.
      std::set<std::string> told;
      for (const CodeRefused& refused : report.codes_refused) {
        std::string next;
        for (const std::string& each : refused.successors) next += (next.empty() ? "" : "|") + each;
        told.insert(refused.code + " " + next);
      }
      EXPECT_EQ(told, NotBillableOfConditions(text.str())) << name;
      std::printf("%s: %llu screenings, %llu conditions, %llu encounters, %zu codes refused\n",
                  name.c_str(), static_cast<unsigned long long>(report.screenings),
                  static_cast<unsigned long long>(report.conditions),
                  static_cast<unsigned long long>(report.encounters), told.size());
    }
    return files;
  }

  // What a whole folder says of each person.
  std::map<std::string, PersonNeeds> People(const fs::path& folder) {
    CollectingSink sink;
    Run(folder, sink);
    std::map<std::string, PersonRecords> people;
    for (const ImportedRecord& record : sink.records) {
      PersonRecords& of = people[record.person];
      if (record.kind == RecordKind::kScreening) {
        of.screenings.push_back({record.source_id, *ScreeningFromBody(record.body)});
      } else if (record.kind == RecordKind::kCondition) {
        of.conditions.push_back({record.source_id, *ConditionFromBody(record.body)});
      } else if (record.kind == RecordKind::kEncounter) {
        of.encounters.push_back({record.source_id, *EncounterFromBody(record.body)});
      }
    }
    std::map<std::string, PersonNeeds> views;
    for (const auto& [person, records] : people) {
      views.emplace(person, NeedsOf(records, *ZCodeTable::BuiltIn(), kToday));
    }
    return views;
  }

  static std::map<std::string, std::string> Outcomes(const PersonNeeds& needs) {
    std::map<std::string, std::string> all;
    for (const AskingView& asking : needs.askings) {
      for (const DomainOutcome& outcome : asking.result.domains) {
        all[outcome.domain] = OutcomeName(outcome.outcome);
      }
    }
    return all;
  }

  void ATableIsUnderstood(const fs::path& table) {
    CollectingSink sink;
    const ImportReport report = Run(table, sink);
    EXPECT_EQ(report.refused, 0u);
    EXPECT_GT(report.screenings, 0u);
    std::map<std::string, std::size_t> unknown;
    for (const ImportedRecord& record : sink.records) {
      const ScreeningRecord screening = *ScreeningFromBody(record.body);
      for (const ScreenedAnswer& answer : screening.answers) {
        if (!answer.text.empty()) ++unknown[answer.question + " " + answer.text];
      }
    }
    for (const auto& [words, count] : unknown) ADD_FAILURE() << words << ": " << count;
    std::printf("rows: %llu, screening answers: %llu\n",
                static_cast<unsigned long long>(report.lines),
                static_cast<unsigned long long>(report.screenings));
  }

  fs::path root_{};
  std::set<std::string> billable_{};
  std::set<std::string> categories_{};  // Z55, ...: others do not speak of a social need.
  std::map<std::string, std::string> replaced_{};
};

TEST_F(SocialSamples, EveryExampleOfTheGuideImportsWithExactlyItsFindings) {
  EXPECT_GT(EveryFile(root_ / "sdoh" / "sdoh-cc-examples"), 0u);
}

TEST_F(SocialSamples, EveryEarlierExampleOfTheGuideImports) {
  EXPECT_GT(EveryFile(root_ / "people" / "fhir-samples" / "gravity-examples"), 0u);
}

TEST_F(SocialSamples, EveryUsCoreExampleImports) {
  EXPECT_GT(EveryFile(root_ / "people" / "fhir-samples" / "us-core-9-examples"), 0u);
}

TEST_F(SocialSamples, NothingIsCodedByTheGuidesUnconfirmedConditions) {
  for (const char* folder : {"sdoh/sdoh-cc-examples", "people/fhir-samples/gravity-examples"}) {
    for (const auto& [person, needs] : People(root_ / folder)) {
      for (const CodeView& code : needs.codes) {
        EXPECT_EQ(code.stage, CodeStage::kSuggested) << folder << " " << code.code;
      }
    }
  }
}

// The answers of one response, once as a whole and once as Observations, are one asking.
TEST_F(SocialSamples, PrapareOfUsCoreIsJudgedAsPrapare) {
  const auto people = People(root_ / "people" / "fhir-samples" / "us-core-9-examples");
  const auto at = people.find("s/Patient/example");
  ASSERT_NE(at, people.end()) << "the example patient is not there";
  std::map<std::string, std::string> prapare;
  for (const AskingView& asking : at->second.askings) {
    for (const DomainOutcome& outcome : asking.result.domains) {
      EXPECT_NE(outcome.question, "96842-0") << "asked by TAPS, whose answers AHC does not judge";
      if (outcome.instrument == "PRAPARE") prapare[outcome.domain] = OutcomeName(outcome.outcome);
    }
  }
  EXPECT_EQ(prapare["stress"], "negative");  // "Somewhat": AHC would call it a need.
  EXPECT_EQ(prapare["homelessness"], "positive");
  EXPECT_EQ(prapare["housing-instability"], "declined");
  EXPECT_EQ(prapare["employment-status"], "positive");
}

// Synthea's findings suggest and never code; nobody signed them.
TEST_F(SocialSamples, SyntheaSuggestsAndNeverCodes) {
  const auto people = People(root_ / "people" / "fhir-samples" / "bulk-10");
  std::size_t suggested = 0;
  for (const auto& [person, needs] : people) {
    for (const CodeView& code : needs.codes) {
      ++suggested;
      EXPECT_TRUE(code.stage == CodeStage::kSuggested || code.stage == CodeStage::kResolved);
      for (const auto& [stage, on] : code.reached) {
        EXPECT_NE(stage, CodeStage::kCoded);
        EXPECT_NE(stage, CodeStage::kConfirmed);
      }
    }
  }
  EXPECT_GT(suggested, 0u);
  std::printf("people: %zu, codes suggested: %zu\n", people.size(), suggested);
}

TEST_F(SocialSamples, SyntheasTableOfAnswersIsUnderstood) {
  // Every table of the folder, whatever it is called.
  const fs::path folder = root_ / "people" / "fhir-samples" / "synthea-csv";
  ASSERT_TRUE(fs::is_directory(folder)) << folder << " is not there";
  std::size_t tables = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename().string().find("observations") == std::string::npos) continue;
    ++tables;
    ATableIsUnderstood(entry.path());
  }
  EXPECT_GT(tables, 0u);
}

TEST_F(SocialSamples, SyntheasTableOfConditionsSuggestsAndNeverCodes) {
  const fs::path folder = root_ / "people" / "fhir-samples" / "synthea-csv";
  ASSERT_TRUE(fs::is_directory(folder)) << folder << " is not there";
  std::size_t tables = 0;
  std::set<std::string> suggested;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename().string().find("conditions") == std::string::npos) continue;
    ++tables;
    CollectingSink sink;
    const ImportReport report = Run(entry.path(), sink);
    EXPECT_EQ(report.refused, 0u);
    EXPECT_GT(report.conditions, 0u);
    for (const ImportedRecord& record : sink.records) {
      PersonRecords records;
      records.conditions.push_back({record.source_id, *ConditionFromBody(record.body)});
      const PersonNeeds needs = NeedsOf(records, *ZCodeTable::BuiltIn(), kToday);
      for (const CodeView& code : needs.codes) {
        suggested.insert(code.code);
        for (const auto& [stage, on] : code.reached) {
          EXPECT_TRUE(stage == CodeStage::kSuggested || stage == CodeStage::kResolved);
        }
      }
    }
    std::printf("rows: %llu, conditions: %llu\n", static_cast<unsigned long long>(report.lines),
                static_cast<unsigned long long>(report.conditions));
  }
  EXPECT_GT(tables, 0u);
  EXPECT_FALSE(suggested.empty());
}

}  // namespace
}  // namespace equinode
