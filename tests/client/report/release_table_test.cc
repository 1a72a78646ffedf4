#include "client/report/release_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/report/sample_release.h"

namespace equinode {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ReleaseTable, LooksLikeThis) {
  EXPECT_EQ(ReleaseTable(testing::SampleRelease(), "2026-11-27 06:00"),
            R"(Disparities of 2025
disparities-2025 version 2, release 3, 2026-11-27 06:00
period 2025-01-01 to 2025-12-31

Population by Race (OMB 1997)
                                          people
  Asian                                   12,345
  Native Hawaiian or Pacific Islander          *  hidden at 2 nodes, the others show 0
  White                                        *  hidden at 1 node, the others show 678
  All                                  1,234,567

CBP by Sex
          of people  number   rate
  Female        400     250  62.5%
  Male          300       *         number hidden at 1 node, the others show 90
  Other           0       0
  All           700       *         number hidden at 1 node, the others show 340
  withheld whole by 1 node

2 of 4 nodes answered
silent: spiffe://n/practice/c
refused: spiffe://n/qhio/d (NOT_SHARED) no counts for this payer
only a relay, without records of its own: spiffe://n/qhio/e
* is not zero: the count is small at some node, or hidden there so that a small one cannot be worked out
note: a person with records at two practices is counted at both
)");
}

TEST(ReleaseTable, ExplainsTheMarkOnlyWhereThereIsOne) {
  v1::Release release;
  v1::PooledTable& table = *release.add_tables();
  table.set_measure("population");
  testing::SetShown(testing::AddCell(table, "").mutable_denominator(), 5);
  EXPECT_THAT(ReleaseTable(release, ""), Not(HasSubstr("*")));
}

TEST(ReleaseTable, RatesAreRoundedHalfUp) {
  v1::Release release;
  v1::PooledTable& table = *release.add_tables();
  table.set_measure("CBP");
  for (const auto& [part, whole] : {std::pair{1, 3}, {1, 2000}, {7, 7}, {0, 9}}) {
    v1::PooledCell& cell = testing::AddCell(table, "x");
    testing::SetShown(cell.mutable_denominator(), static_cast<std::uint64_t>(whole));
    testing::SetShown(cell.mutable_numerator(), static_cast<std::uint64_t>(part));
  }
  const std::string text = ReleaseTable(release, "");
  for (const char* rate : {" 33.3%\n", " 0.1%\n", " 100.0%\n", " 0.0%\n"}) {
    EXPECT_THAT(text, HasSubstr(rate));
  }
}

TEST(ReleaseTable, TextsFromElsewhereSteerNoTerminal) {
  v1::Release release = testing::SampleRelease();
  release.set_definition_name("a\x1b[31m\r\nb");
  release.set_title("a\x1b[31m\r\nb");
  release.add_relays("a\x1b[31m\r\nb");
  release.mutable_tables(0)->mutable_cells(0)->set_stratum("e\x1b]0;x\x07n");
  release.mutable_tables(1)->set_measure(
      "\xC2\x9B"
      "31m");
  release.mutable_refused(0)->set_message("two\nlines\x7f");
  release.set_note("Los \xC3\x81ngeles");
  const std::string text = ReleaseTable(release, "");
  for (const char c : text) {
    ASSERT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
  }
  EXPECT_THAT(text, Not(HasSubstr("\xC2\x9B")));
  EXPECT_THAT(text, HasSubstr("note: Los \xC3\x81ngeles\n"));
}

}  // namespace
}  // namespace equinode
