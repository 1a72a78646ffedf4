#include "client/import/source_profile.h"

#include <gtest/gtest.h>

#include "tests/client/import/collecting_sink.h"
#include "tests/support/temp_folder.h"

namespace equinode {
namespace {

std::string Why(std::string_view text) {
  const auto profile = ParseSourceProfile(text);
  if (profile.ok()) return "OK";
  EXPECT_EQ(profile.error().reason, "BAD_PROFILE");
  return profile.error().message;
}

TEST(SourceProfile, AnEmptyOneClaimsNothing) {
  const auto profile = ParseSourceProfile("");
  ASSERT_TRUE(profile.ok());
  EXPECT_EQ(*profile, SourceProfile{});
  EXPECT_EQ(profile->method, CollectionMethod::kUnknown);  // Never self-reported by default.
  EXPECT_EQ(profile->collected_on, CollectedOn::kUnknown);
}

TEST(SourceProfile, ReadsEveryKey) {
  const auto profile = ParseSourceProfile(R"(
feed = "clinic-a"
mrn_system = "http://clinic/mrn"
us_core = "keep"
[demographics]
method = "self-reported"
instrument = "SPD15-1997"
collected_on = "2025-01-31"
[columns]
mrn = "MRN"
person = "Pt"
measure = "Measure"
period = "MY"
denominator = "Den"
numerator = "Num"
[[payer]]
identifier = "urn:oid:1|55555"
type = "MCPOL"
uri = "spiffe://net/payer/acme"
line_of_business = "medicaid"
[[payer]]
reference = "Organization/golden"
name = "Golden State"
uri = "spiffe://net/payer/golden"
)");
  ASSERT_TRUE(profile.ok()) << profile.error().message;
  EXPECT_EQ(profile->feed, "clinic-a");
  EXPECT_EQ(profile->mrn_system, "http://clinic/mrn");
  EXPECT_EQ(profile->invariants, InvariantPolicy::kKeep);
  EXPECT_EQ(profile->method, CollectionMethod::kSelfReported);
  EXPECT_EQ(profile->instrument, "SPD15-1997");
  EXPECT_EQ(profile->collected_on, CollectedOn::kFixed);
  EXPECT_EQ(profile->collected_day, (PartialDate{2025, 1, 31}));
  EXPECT_EQ(profile->columns, (MeasureColumns{"MRN", "Pt", "Measure", "MY", "Den", "Num"}));
  ASSERT_EQ(profile->payers.size(), 2u);
  EXPECT_EQ(profile->payers[0],
            (PayerRule{"urn:oid:1|55555", "", "", "MCPOL", "spiffe://net/payer/acme", "medicaid"}));
  EXPECT_EQ(profile->payers[1].name, "Golden State");
  EXPECT_EQ(ParseSourceProfile("[demographics]\ncollected_on = 2025-01-31")->collected_day,
            (PartialDate{2025, 1, 31}));
}

TEST(SourceProfile, RefusesWhatItDoesNotKnowWithTheLine) {
  EXPECT_EQ(Why("feed = \"a\"\nfed = \"b\""),
            "source profile, line 2: unknown key \"fed\"; known are columns, demographics, feed, "
            "mrn_system, payer, us_core");
  EXPECT_EQ(Why("\n\n[demographics]\nmethods = \"unknown\""),
            "source profile, line 4: unknown key \"methods\" in [demographics]; known are "
            "collected_on, instrument, method");
  EXPECT_NE(Why("[demographics]\nmethod = \"guessed\"").find("line 2: method is one of"),
            std::string::npos);
  EXPECT_NE(Why("[demographics]\nmethod = 1").find("line 2"), std::string::npos);
  EXPECT_NE(Why("[demographics]\ncollected_on = \"2025-02-30\"").find("line 2: collected_on"),
            std::string::npos);
  EXPECT_NE(Why("feed = 7").find("line 1: feed is not a text"), std::string::npos);
  EXPECT_NE(Why("feed = \"a b\"").find("line 1: feed is 1 to 64"), std::string::npos);
  EXPECT_NE(Why("demographics = 1").find("write [demographics]"), std::string::npos);
  EXPECT_NE(Why("payer = 1").find("write [[payer]]"), std::string::npos);
  EXPECT_NE(Why("[payer]\nname=\"x\"").find("write [[payer]]"), std::string::npos);
  EXPECT_NE(Why("\n[[payer]]\nuri = \"spiffe://n/payer/p\"").find("line 2: the payer rule matches"),
            std::string::npos);
  EXPECT_NE(Why("[[payer]]\nname = \"x\"").find("names no payer"), std::string::npos);
  EXPECT_NE(Why("[columns]\nmrn = \"x\"\nperson = \"x\"").find("same name"), std::string::npos);
  EXPECT_NE(Why("feed = ").find("line 1"), std::string::npos);
  EXPECT_NE(Why("feed = \"a\"\nfeed = \"b\"").find("line 2"), std::string::npos);
  EXPECT_NE(Why(std::string(5 * 1024 * 1024, '#')).find("over 4 MiB"), std::string::npos);
}

TEST(SourceProfile, LettersBeyondAsciiStandInDoubleQuotes) {
  const auto profile = ParseSourceProfile(
      "\xEF\xBB\xBF# é\n[[payer]]\nname = \"Clínica \\\" 健 😀\"\nuri = \"\"\"spiffe://ñ\"\"\"");
  ASSERT_TRUE(profile.ok()) << profile.error().message;
  EXPECT_EQ(profile->payers[0].name, "Clínica \" 健 😀");
  EXPECT_EQ(profile->payers[0].uri, "spiffe://ñ");
  EXPECT_EQ(Why("feed = \"a\"\né = 1"),
            "source profile, line 2: a letter beyond ASCII stands outside of quotes; put double "
            "quotes around");
  EXPECT_NE(Why("feed = 'é'").find("line 1: a letter beyond ASCII stands in single quotes"),
            std::string::npos);
  EXPECT_NE(Why("feed = \"a\né").find("line 2"), std::string::npos);
  EXPECT_NE(Why("mrn_system = \"\"\"a\nb\"\"\"\n\xC2\xA0").find("line 3"), std::string::npos);
  EXPECT_NE(Why("feed = \"\xFF\"").find("line 1: the text is not UTF-8"), std::string::npos);
  EXPECT_NE(Why("feed = \"\xED\xA0\x80\"").find("not UTF-8"), std::string::npos);
  EXPECT_NE(Why("feed = \"\xC0\x80\"").find("not UTF-8"), std::string::npos);
}

// What once went past the parser's own assumptions.
TEST(SourceProfile, BrokenTextsAreRefusedByTheirLine) {
  for (const std::string_view text :
       {"[ = \"a\"", "[[ = 1", "name =2\"\xC3\xA9 \\\" x", "[", "[[", "a = [", "a = {", "= 1", "a.",
        "a = \"\"\"", "[a]]", "a = 1 b"}) {
    EXPECT_NE(Why(text).find("line 1"), std::string::npos) << text;
  }
}

TEST(SourceProfile, AnotherProfileHasAnotherStamp) {
  SourceProfile one;
  SourceProfile other = one;
  EXPECT_EQ(StampOf(one), StampOf(other));
  other.payers.push_back({.name = "x", .uri = "u"});
  EXPECT_NE(StampOf(one), StampOf(other));
  other = one;
  other.method = CollectionMethod::kObserved;
  EXPECT_NE(StampOf(one), StampOf(other));
}

TEST(SourceProfile, AFileThatIsNotThereIsSaidToBe) {
  testing::TempFolder folder;
  const auto missing = ReadSourceProfile(folder.path() / "none.toml");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().reason, "NO_SUCH_FILE");
  WriteFile(folder.path() / "a.toml", "feed = \"clinic\"");
  EXPECT_EQ(ReadSourceProfile(folder.path() / "a.toml")->feed, "clinic");
}

// The example that the documentation shows is one that works.
TEST(SourceProfile, TheDocumentedExampleIsRead) {
  std::ifstream in("docs/source-profile.md");
  ASSERT_TRUE(in) << "run from the project's folder";
  const std::string page{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto begin = page.find("```toml\n");
  ASSERT_NE(begin, std::string::npos);
  const auto end = page.find("```", begin + 8);
  const auto profile = ParseSourceProfile(page.substr(begin + 8, end - begin - 8));
  ASSERT_TRUE(profile.ok()) << profile.error().message;
  EXPECT_FALSE(profile->feed.empty());
  EXPECT_GE(profile->payers.size(), 2u);
}

}  // namespace
}  // namespace equinode
