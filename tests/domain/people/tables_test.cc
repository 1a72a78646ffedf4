#include "domain/people/tables.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "base/csv_rows.h"
#include "domain/people/languages.h"

namespace equinode {
namespace {

std::string ReadAll(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::filesystem::path Reference() {
  const char* root = std::getenv("EQUINODE_REFERENCE_DIR");
  return std::filesystem::path(root ? root : "../shared/reference") / "people";
}

// Tables of other origin (data/README.md).
const std::set<std::string> kOthers = {"language_subtags.csv", "us_counties.csv", "us_states.csv"};

TEST(Tables, AreTheReferences) {
  const std::filesystem::path reference = Reference();
  if (!std::filesystem::exists(reference)) GTEST_SKIP() << "no reference folder";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("domain/people/data")) {
    if (entry.path().extension() != ".csv") continue;
    if (kOthers.contains(entry.path().filename().string())) continue;
    ++files;
    EXPECT_EQ(ReadAll(entry.path()), ReadAll(reference / entry.path().filename()))
        << entry.path().filename();
  }
  std::cout << files << " tables are the reference's\n";
  EXPECT_GE(files, 7u);
}

TEST(Tables, RollUpByRevision) {
  const CdcrecCode* lebanese = FindCdcrec(kCdcrecSystem, "2125-3");
  ASSERT_NE(lebanese, nullptr);
  EXPECT_EQ(lebanese->in1997, OmbCategory::kWhite);
  EXPECT_EQ(lebanese->in2024, OmbCategory::kMena);
  EXPECT_EQ(FindCdcrec("http://loinc.org", "2125-3"), nullptr);
  EXPECT_EQ(FindCdcrec(kCdcrecSystem, "0000-0"), nullptr);
}

TEST(Tables, KnowTheOlderNamesOfSystems) {
  EXPECT_EQ(StateOfNull("http://hl7.org/fhir/v3/NullFlavor", "ASKU"), AnswerState::kAskedUnknown);
  EXPECT_EQ(StateOfNull("http://hl7.org/fhir/data-absent-reason", "asked-declined"),
            AnswerState::kDeclined);
  EXPECT_FALSE(StateOfNull("http://loinc.org", "UNK").has_value());
}

// The short list with its longer codes says what the registry says.
TEST(Tables, TheLanguagesOfTheReferenceAreKnown) {
  const std::filesystem::path file = Reference() / "languages.csv";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference folder";
  std::size_t languages = 0;
  ForEachRow(ReadAll(file), [&](const std::vector<std::string>& row) {
    const std::string& scope = row[5];
    const std::string subtag = row[2].empty() ? row[0] : row[2];
    const bool language = scope != "special" && !scope.empty();
    for (const std::string& code : {row[0], row[1], row[3]}) {
      if (code.empty()) continue;
      EXPECT_EQ(LanguageSubtag(code).value_or(""),
                language ? subtag.substr(0, subtag.find('-')) : "")
          << code;
    }
    languages += language;
  });
  std::cout << languages << " languages\n";
  EXPECT_GT(languages, 50u);
}

TEST(Tables, MethodsHaveAWordAndACode) {
  EXPECT_EQ(MethodNamed("self-reported"), CollectionMethod::kSelfReported);
  EXPECT_EQ(MethodOf("http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/"
                     "SDOHCC-CodeSystemTemporaryCodes",
                     "reported-by-related-person"),
            CollectionMethod::kProxyReported);
  EXPECT_TRUE(CountsAsDirect(CollectionMethod::kProxyReported));
  EXPECT_FALSE(CountsAsDirect(CollectionMethod::kUnknown));
}

}  // namespace
}  // namespace equinode
