#include "client/cli/definition_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/demo/report_text.h"

namespace equinode::cli {
namespace {

using ::testing::HasSubstr;

TEST(Definition, IsReadAsWritten) {
  const auto read = ParseDefinition(demo::DemoReport("spiffe://demo.test/payer/sunrise"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->name(), "disparities-2025");
  EXPECT_EQ(read->payer(), "spiffe://demo.test/payer/sunrise");
  EXPECT_EQ(read->period_end().month(), 12U);
  EXPECT_EQ(read->suppress_to(), 10U);
  ASSERT_GT(read->tables_size(), 3);
  EXPECT_EQ(read->tables(0).stratifiers(0), v1::STRATIFIER_RACE_OMB1997);
  EXPECT_EQ(read->tables(0).measures(0), "population");
}

struct Case {
  std::string name{};
  std::string text{};
  std::string says{};
};
class WrongDefinition : public ::testing::TestWithParam<Case> {};

TEST_P(WrongDefinition, IsRefusedWithThePlaceAndWhatToWrite) {
  const auto read = ParseDefinition(GetParam().text);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().reason, "BAD_DEFINITION");
  EXPECT_THAT(read.error().message, HasSubstr(GetParam().says));
}

std::string With(const std::string& rest) {
  return R"({"name": "a", "period_start": "2025-01-01", "period_end": "2025-12-31")" + rest + "}";
}
INSTANTIATE_TEST_SUITE_P(
    All, WrongDefinition,
    ::testing::Values(
        Case{"NotJson", "{\n \"name\": \n}", "is not JSON at line 3"},
        Case{"NotAnObject", "[]", "the file: is an object"},
        Case{"UnknownKey", With(R"(,"mesures": [])"), "mesures: there is no such key; there are:"},
        Case{"WrongType", R"({"name": 5})", "name: is a text"},
        Case{"NoSuchDay", R"({"period_start": "2025-02-30"})", "period_start: a day is written"},
        Case{"NoPeriod", R"({"name": "a"})", "needs period_start and period_end"},
        Case{"UnknownStratifier",
             With(R"(,"tables": [{"id": "x"}, {"id": "y", "stratifier": "race"}])"),
             "tables[1].stratifier: there is no such stratifier; there are: race_omb1997"},
        Case{"NegativeVersion", With(R"(,"version": -1)"), "version: is a whole number"},
        Case{"TablesNotAList", With(R"(,"tables": {})"), "tables: is a list"}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace equinode::cli
