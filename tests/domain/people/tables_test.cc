#include "domain/people/tables.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace equinode {
namespace {

std::string ReadAll(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(Tables, AreTheReferences) {
  const char* root = std::getenv("EQUINODE_REFERENCE_DIR");
  const std::filesystem::path reference =
      std::filesystem::path(root ? root : "../shared/reference") / "people";
  if (!std::filesystem::exists(reference)) GTEST_SKIP() << "no reference folder";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("domain/people/data")) {
    if (entry.path().extension() != ".csv") continue;
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

TEST(Tables, LanguagesAreTheirPrimarySubtag) {
  EXPECT_EQ(LanguageSubtag("en-US"), "en");
  EXPECT_EQ(LanguageSubtag("ES"), "es");
  EXPECT_EQ(LanguageSubtag("haw"), "haw");
  EXPECT_FALSE(LanguageSubtag("und").has_value());
  EXPECT_FALSE(LanguageSubtag("english").has_value());
  EXPECT_FALSE(LanguageSubtag("").has_value());
}

TEST(Tables, LongLanguageCodesAreTheShortOnes) {
  EXPECT_EQ(LanguageSubtag("spa"), "es");
  EXPECT_EQ(LanguageSubtag("CHI"), "zh");
  EXPECT_EQ(LanguageSubtag("eng-US"), "en");
  EXPECT_EQ(LanguageSubtag("cmn"), "cmn");
  EXPECT_FALSE(LanguageSubtag("mix").has_value());
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
