#include "domain/people/languages.h"

#include <gtest/gtest.h>

namespace equinode {
namespace {

struct Case {
  const char* tag;
  const char* subtag;  // "" = none.
};
class Languages : public ::testing::TestWithParam<Case> {};

TEST_P(Languages, HaveOneSubtag) {
  EXPECT_EQ(LanguageSubtag(GetParam().tag).value_or(""), GetParam().subtag) << GetParam().tag;
}

INSTANTIATE_TEST_SUITE_P(
    All, Languages,
    ::testing::Values(Case{"en", "en"}, Case{"en-US", "en"}, Case{"EN_us", "en"},
                      Case{"es-419", "es"}, Case{"haw", "haw"}, Case{"HAW", "haw"},
                      // As ISO 639-2 and -3 write what BCP 47 writes with two letters.
                      Case{"eng-US", "en"}, Case{"spa", "es"}, Case{"CHI", "zh"}, Case{"zho", "zh"},
                      Case{"slv", "sl"}, Case{"nor", "no"}, Case{"rum", "ro"},
                      // Withdrawn ones.
                      Case{"iw", "he"}, Case{"in", "id"}, Case{"mo", "ro"},
                      // Extended languages.
                      Case{"zh-yue", "yue"}, Case{"zh-cmn-Hans-CN", "cmn"}, Case{"sgn-ase", "ase"},
                      Case{"zho-yue", "yue"}, Case{"es-yue", "es"}, Case{"zh-Hant", "zh"},
                      Case{"cmn", "cmn"}, Case{"tsz", "tsz"}, Case{"nah", "nah"},
                      // No language that the registry knows, or none at all.
                      Case{"zz", ""}, Case{"xx", ""}, Case{"qaa", ""}, Case{"zzz", ""},
                      Case{"und", ""}, Case{"mis", ""}, Case{"mul", ""}, Case{"zxx", ""},
                      Case{"mix", ""}, Case{"e1n", ""}, Case{"e", ""}, Case{"engl", ""},
                      Case{"English", ""}, Case{"", ""}, Case{"-en", ""}, Case{"e\xC3\xB1", ""}));

TEST(Languages, SomeSayThatThereIsNone) {
  EXPECT_TRUE(IsNoLanguage("und"));
  EXPECT_TRUE(IsNoLanguage("ZXX"));
  EXPECT_FALSE(IsNoLanguage("en"));
  EXPECT_FALSE(IsNoLanguage(""));
}

}  // namespace
}  // namespace equinode
