#include "client/report/data_dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/report/sample_release.h"

namespace equinode {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(DataDictionary, ExplainsColumnsMeasuresCodesAndWhatIsMissing) {
  const std::string csv = DataDictionary(testing::SampleRelease());
  EXPECT_THAT(csv, StartsWith("kind,name,type,meaning\ncolumn,report,text,"));
  EXPECT_THAT(csv, HasSubstr("note,title,text,Disparities of 2025\n"));
  EXPECT_THAT(csv, HasSubstr("note,spiffe://n/qhio/e,relay,"));
  EXPECT_THAT(csv, HasSubstr("column,denominator,integer or empty,"));
  EXPECT_THAT(csv, HasSubstr("measure,population,count,"));
  EXPECT_THAT(csv, HasSubstr("stratifier,race_omb1997,code,"));
  EXPECT_THAT(csv, HasSubstr("stratum,NHPI,race_omb1997,Native Hawaiian or Pacific Islander\n"));
  EXPECT_THAT(csv, HasSubstr("note,spiffe://n/practice/c,silent,"));
  EXPECT_THAT(csv, HasSubstr("note,spiffe://n/qhio/d,refused,"));
  EXPECT_THAT(csv, HasSubstr("counted at both"));
  // It says what numbers mean and holds none of them.
  EXPECT_THAT(csv, Not(HasSubstr("12345")));
  EXPECT_THAT(csv, Not(HasSubstr("678")));
  EXPECT_THAT(csv, HasSubstr("column,period_end,date,"));
}

TEST(DataDictionary, IsSafeToOpenInASpreadsheet) {
  v1::Release release = testing::SampleRelease();
  release.mutable_tables(0)->set_measure("=HYPERLINK(\"x\")");
  release.mutable_tables(0)->mutable_cells(0)->set_stratum("@a\n,b");
  const std::string csv = DataDictionary(release);
  EXPECT_THAT(csv, HasSubstr("measure,\"'=HYPERLINK(\"\"x\"\")\",count,"));
  EXPECT_THAT(csv, HasSubstr("stratum,\"'@a ,b\",race_omb1997,"));
}

}  // namespace
}  // namespace equinode
