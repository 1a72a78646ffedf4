#include "client/report/release_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/client/report/sample_release.h"

namespace equinode {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Page(const v1::Release& release) {
  return ReleasePage(release, "2026-11-27T06:00:00.000Z");
}

std::size_t Times(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
  return times;
}

TEST(ReleasePage, ShowsNumbersWordsAndRates) {
  const std::string page = Page(testing::SampleRelease());
  EXPECT_THAT(page, HasSubstr("<title>Disparities of 2025, 2025-01-01 to 2025-12-31</title>"));
  EXPECT_THAT(page, HasSubstr("<h1>Disparities of 2025</h1>"));
  EXPECT_THAT(page, HasSubstr("<dt>Period</dt><dd>2025-01-01 to 2025-12-31</dd>"));
  EXPECT_THAT(page, HasSubstr("<dd>disparities-2025, version 2, release 3</dd>"));
  EXPECT_THAT(page, HasSubstr("<dd>2 of 4 nodes answered</dd>"));
  EXPECT_THAT(page, HasSubstr("<dt>only a relay</dt><dd>spiffe://n/qhio/e: holds no records"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">Asian</th><td>12,345</td>"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">All</th><td>1,234,567</td>"));
  EXPECT_THAT(page, HasSubstr("<td>400</td><td>250</td><td>62.5%"));
  EXPECT_THAT(page, HasSubstr("1 node withheld this table"));
  EXPECT_THAT(page, HasSubstr("2 of 4 nodes did not answer or refused"));
  EXPECT_THAT(page, HasSubstr("<dt>silent</dt><dd>spiffe://n/practice/c</dd>"));
  EXPECT_THAT(page, HasSubstr("no counts for this payer (NOT_SHARED)"));
  // If somebody wants to look at it.
  if (const char* folder = std::getenv("EQUINODE_PAGE_DIR")) {
    std::ofstream(std::string(folder) + "/page.html") << page;
  }
}

TEST(ReleasePage, AHiddenValueIsAWordAndHasNoRate) {
  const std::string page = Page(testing::SampleRelease());
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">Native Hawaiian or Pacific Islander</th><td>"
                              "<span class=\"hidden\">hidden</span><span class=\"part\">by 2 "
                              "nodes</span></td>"));
  EXPECT_THAT(page, HasSubstr("by 1 node; the others: 678"));
  EXPECT_EQ(Times(page, "<td class=\"soft\">not shown</td>"), 2u);  // Male and All.
  EXPECT_EQ(Times(page, "%<span class=\"bar\""), 1u);               // Female.
}

TEST(ReleasePage, LoadsNothingAndRunsNothing) {
  const std::string page = Page(testing::SampleRelease());
  for (const char* part :
       {"<script", "<img", "<link", "@import", "url(", "src=\"", "http://", "https://", "onload"}) {
    EXPECT_THAT(page, Not(HasSubstr(part)));
  }
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(ReleasePage, EscapesWhatItIsGiven) {
  v1::Release release = testing::SampleRelease();
  const std::string bad = "<script>x</script>\"'&\n";
  release.set_definition_name(bad);
  release.set_title(bad);
  release.add_relays(bad);
  release.set_note(bad);
  release.add_answered(bad);
  release.add_silent(bad);
  release.mutable_refused(0)->set_node(bad);
  release.mutable_refused(0)->set_message(bad);
  release.mutable_refused(0)->set_reason(bad);
  release.mutable_tables(1)->set_measure(bad);
  release.mutable_tables(0)->mutable_cells(0)->set_stratum(bad);
  const std::string page = ReleasePage(release, bad);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;x&lt;/script&gt;&quot;&#39;&amp; "));
}

TEST(ReleasePage, CanBeReadByAScreenReader) {
  const v1::Release release = testing::SampleRelease();
  const std::string page = Page(release);
  EXPECT_THAT(page, HasSubstr("<html lang=\"en\">"));
  EXPECT_EQ(Times(page, "<h1"), 1u);
  EXPECT_EQ(Times(page, "<main"), 1u);
  const auto tables = static_cast<std::size_t>(release.tables_size());
  EXPECT_EQ(Times(page, "<table>"), tables);
  EXPECT_EQ(Times(page, "<caption>"), tables);
  EXPECT_EQ(Times(page, "scope=\"row\""), 4u + 4u);
  EXPECT_EQ(Times(page, "scope=\"col\""), 2u + 4u);
  for (std::size_t i = 1; i <= tables; ++i) {
    const std::string id = "table-" + std::to_string(i);
    EXPECT_THAT(page, HasSubstr("href=\"#" + id + "\""));
    EXPECT_EQ(Times(page, " id=\"" + id + "\""), 1u);
  }
}

TEST(ReleasePage, SaysThatNobodyAnswered) {
  v1::Release release = testing::SampleRelease();
  release.clear_tables();
  release.clear_answered();
  EXPECT_THAT(Page(release), HasSubstr("No node answered, so there are no tables."));
}

}  // namespace
}  // namespace equinode
