#include "domain/people/source_stamp.h"

#include <gtest/gtest.h>

#include <string>

namespace equinode {
namespace {

struct Case {
  std::string name{};
  SourceStamp said{};
  SourceStamp known{};
  SourceOrder order = SourceOrder::kUnknown;
};

class SourceStampOrder : public ::testing::TestWithParam<Case> {};

TEST_P(SourceStampOrder, IsThatOfTheSource) {
  EXPECT_EQ(OrderOf(GetParam().said, GetParam().known), GetParam().order);
  // The other way round it is the other order.
  const SourceOrder back = OrderOf(GetParam().known, GetParam().said);
  const SourceOrder opposite = GetParam().order == SourceOrder::kNewer   ? SourceOrder::kOlder
                               : GetParam().order == SourceOrder::kOlder ? SourceOrder::kNewer
                                                                         : SourceOrder::kUnknown;
  EXPECT_EQ(back, opposite);
}

INSTANTIATE_TEST_SUITE_P(
    All, SourceStampOrder,
    ::testing::Values(Case{"ByTime", {20, 0}, {10, 0}, SourceOrder::kNewer},
                      // A server that was set up anew counts versions from 1 again.
                      Case{"TimeBeforeVersion", {20, 1}, {10, 9}, SourceOrder::kNewer},
                      Case{"VersionAtOneTime", {20, 3}, {20, 2}, SourceOrder::kNewer},
                      Case{"VersionAlone", {0, 3}, {0, 2}, SourceOrder::kNewer},
                      Case{"VersionWhereOneHasNoTime", {20, 3}, {0, 2}, SourceOrder::kNewer},
                      Case{"BeforeTheEpoch", {-5, 0}, {-9, 0}, SourceOrder::kNewer},
                      Case{"Same", {20, 2}, {20, 2}, SourceOrder::kUnknown},
                      Case{"OneSaysTimeTheOtherVersion", {20, 0}, {0, 2}, SourceOrder::kUnknown},
                      Case{"OneSaysNothing", {20, 2}, {}, SourceOrder::kUnknown},
                      Case{"NeitherSays", {}, {}, SourceOrder::kUnknown}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace equinode
