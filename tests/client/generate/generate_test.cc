#include "client/generate/generate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace equinode {
namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "equinode-generate-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string Read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Name below the folder -> content.
std::map<std::string, std::string> AllFiles(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files[fs::relative(entry.path(), folder).string()] = Read(entry.path());
    }
  }
  return files;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    std::string line = text.substr(at, end - at);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) lines.push_back(std::move(line));
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return lines;
}

GenerateOptions Options(const fs::path& out, std::uint64_t people, std::uint64_t seed) {
  GenerateOptions options;
  options.out = out;
  options.people = people;
  options.seed = seed;
  return options;
}

TEST(Generate, GivesTheSameBytesForTheSameSeedAndOthersForAnother) {
  const TemporaryFolder folder;
  ASSERT_TRUE(Generate(Options(folder.path() / "a", 900, 5)).ok());
  ASSERT_TRUE(Generate(Options(folder.path() / "b", 900, 5)).ok());
  ASSERT_TRUE(Generate(Options(folder.path() / "c", 900, 6)).ok());
  const auto a = AllFiles(folder.path() / "a");
  EXPECT_EQ(a, AllFiles(folder.path() / "b"));
  EXPECT_NE(a.at("elm-street/Patient.ndjson"),
            AllFiles(folder.path() / "c").at("elm-street/Patient.ndjson"));
  EXPECT_TRUE(a.contains("manifest.json"));
  EXPECT_TRUE(a.contains("profiles/harbor-clinic.toml"));
  EXPECT_TRUE(a.contains("valley-family/measures.csv"));
}

TEST(Generate, DoesNotChangeThePeopleBeforeWhenThereAreMore) {
  const TemporaryFolder folder;
  GenerateOptions few = Options(folder.path() / "few", 100, 3);
  GenerateOptions many = Options(folder.path() / "many", 200, 3);
  few.practices = many.practices = {"one"};
  few.dirty = many.dirty = false;
  ASSERT_TRUE(Generate(few).ok());
  ASSERT_TRUE(Generate(many).ok());
  const std::string first = Read(folder.path() / "few/one/Patient.ndjson");
  EXPECT_EQ(first, Read(folder.path() / "many/one/Patient.ndjson").substr(0, first.size()));
}

TEST(Generate, WritesJsonInEveryLineWhenItIsToBeClean) {
  const TemporaryFolder folder;
  GenerateOptions options = Options(folder.path() / "out", 1500, 9);
  options.dirty = false;
  const auto report = Generate(options);
  ASSERT_TRUE(report.ok());
  simdjson::dom::parser parser;
  std::size_t lines = 0;
  for (const auto& [name, text] : AllFiles(folder.path() / "out")) {
    if (fs::path(name).extension() != ".ndjson") continue;
    for (const std::string& line : Lines(text)) {
      ++lines;
      simdjson::dom::element element;
      ASSERT_FALSE(parser.parse(line).get(element)) << name << ": " << line;
      std::string_view id;
      EXPECT_FALSE(element["id"].get(id)) << name << ": " << line;
    }
  }
  EXPECT_GT(lines, 3000U);
  for (const MadePractice& practice : report->practices) {
    EXPECT_EQ(practice.dirt.refused_lines(), 0U);
    EXPECT_EQ(practice.patient_lines, practice.people);
  }
}

TEST(Generate, BreaksAsManyLinesAsItsManifestSays) {
  const TemporaryFolder folder;
  const auto report = Generate(Options(folder.path() / "out", 12000, 2));
  ASSERT_TRUE(report.ok());
  simdjson::dom::parser parser;
  std::uint64_t broken = 0;
  std::uint64_t expected = 0;
  std::uint64_t patient_lines = 0;
  for (const MadePractice& practice : report->practices) {
    for (const char* file : {"Patient.ndjson", "Coverage.ndjson"}) {
      for (const std::string& line : Lines(Read(practice.folder / file))) {
        simdjson::dom::element element;
        broken += parser.parse(line).get(element) != simdjson::SUCCESS;
      }
    }
    patient_lines += Lines(Read(practice.folder / "Patient.ndjson")).size();
    for (const auto& [what, count] : practice.dirt.refused) {
      const bool unreadable = what.find("not JSON") != what.npos || what.find("UTF-8") != what.npos;
      if (unreadable) expected += count;
    }
    EXPECT_GT(practice.dirt.refused_lines(), 20U);
    EXPECT_TRUE(practice.dirt.kept.contains("ethnicity code in the race slot"));
    patient_lines -= practice.patient_lines;
  }
  EXPECT_GT(broken, 30U);
  EXPECT_EQ(broken, expected);
  // What is left of the patient files are encounters among the patients.
  std::uint64_t strangers = 0;
  for (const MadePractice& practice : report->practices) {
    const auto found = practice.dirt.kept.find("encounter among the patients");
    if (found != practice.dirt.kept.end()) strangers += found->second;
  }
  EXPECT_EQ(patient_lines, strangers);
}

TEST(Generate, NamesNobodyTwiceByRecordNumber) {
  const TemporaryFolder folder;
  GenerateOptions options = Options(folder.path() / "out", 3000, 4);
  options.dirty = false;
  ASSERT_TRUE(Generate(options).ok());
  std::set<std::string> seen;
  std::size_t people = 0;
  for (const auto& [name, text] : AllFiles(folder.path() / "out")) {
    if (fs::path(name).filename() != "Patient.ndjson") continue;
    for (const std::string& line : Lines(text)) {
      const std::size_t at = line.find("\"value\":\"MRN-");
      ASSERT_NE(at, line.npos);
      seen.insert(line.substr(at, line.find('"', at + 9) - at));
      ++people;
    }
  }
  EXPECT_EQ(people, 3000U);
  EXPECT_EQ(seen.size(), people);
}

TEST(Generate, RefusesWhatItCannotMake) {
  const TemporaryFolder folder;
  GenerateOptions options = Options(folder.path() / "out", 0, 1);
  EXPECT_EQ(Generate(options).error().reason, "BAD_OPTION");
  options.people = 10;
  options.practices = {"Elm Street"};
  EXPECT_EQ(Generate(options).error().reason, "BAD_OPTION");
  options.practices = {"a", "a"};
  EXPECT_EQ(Generate(options).error().reason, "BAD_OPTION");
  options.practices = {"a"};
  options.out = folder.path();
  std::ofstream(folder.path() / "there") << "something";
  EXPECT_EQ(Generate(options).error().reason, "OUT_NOT_EMPTY");
}

// Codes that the made people answer with are codes of the reference's lists.
TEST(Generate, UsesCodesOfThePublishedLists) {
  const char* reference = std::getenv("EQUINODE_REFERENCE_DIR");
  if (reference == nullptr || !fs::exists(fs::path(reference) / "people/cdcrec_race.csv")) {
    GTEST_SKIP() << "the reference folder is not here";
  }
  std::set<std::string> known;
  for (const char* list : {"cdcrec_race.csv", "cdcrec_ethnicity.csv"}) {
    for (const std::string& line : Lines(Read(fs::path(reference) / "people" / list))) {
      known.insert(line.substr(0, line.find(',')));
    }
  }
  const TemporaryFolder folder;
  GenerateOptions options = Options(folder.path() / "out", 6000, 8);
  options.dirty = false;  // Cut lines have cut codes.
  ASSERT_TRUE(Generate(options).ok());
  std::set<std::string> used;
  constexpr std::string_view kBefore = "\"system\":\"urn:oid:2.16.840.1.113883.6.238\",\"code\":\"";
  for (const auto& [name, text] : AllFiles(folder.path() / "out")) {
    for (std::size_t at = text.find(kBefore); at != text.npos; at = text.find(kBefore, at + 1)) {
      const std::size_t begin = at + kBefore.size();
      used.insert(text.substr(begin, text.find('"', begin) - begin));
    }
  }
  EXPECT_GT(used.size(), 25U);
  for (const std::string& code : used) EXPECT_TRUE(known.contains(code)) << code;
}

}  // namespace
}  // namespace equinode
