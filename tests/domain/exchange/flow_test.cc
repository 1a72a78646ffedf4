#include "domain/exchange/flow.h"

#include <gtest/gtest.h>

namespace equinode::exchange {
namespace {

const LinkKey kLink{"spiffe://n/practice/a", "spiffe://n/payer/b", Lane::kRecord};
const LinkKey kOther{"spiffe://n/practice/c", "spiffe://n/payer/b", Lane::kRecord};

class FlowTest : public ::testing::Test {
 protected:
  std::optional<std::uint64_t> After(std::uint64_t acked = 0, std::uint32_t rounds = 0) {
    return flow_.GoesOnAfter(kLink, acked, rounds, now_);
  }
  void Send(std::uint64_t number) { flow_.Sent(kLink, number, 100, now_); }

  Instant now_{std::chrono::hours{1}};
  Flow flow_{FlowLimits{3, 1000, std::chrono::seconds{1}, std::chrono::seconds{4}}};
};

TEST_F(FlowTest, GoesOnWhereTheHopStoodAndThenWhereItSent) {
  EXPECT_EQ(After(7), 7u);
  Send(8);
  EXPECT_EQ(After(7), 8u);
}

TEST_F(FlowTest, HoldsBackUntilAnAckComes) {
  for (std::uint64_t n = 1; n <= 3; ++n) {
    EXPECT_TRUE(flow_.HasRoom());
    After();
    Send(n);
  }
  EXPECT_FALSE(flow_.HasRoom());
  EXPECT_TRUE(flow_.Acked(kLink, 2));
  EXPECT_TRUE(flow_.HasRoom());
  EXPECT_EQ(flow_.acked(kLink), 2u);
}

TEST_F(FlowTest, OneEnvelopeMayGoHoweverLarge) {
  EXPECT_TRUE(flow_.HasRoom());
  flow_.Sent(kLink, 1, 5000, now_);
  EXPECT_FALSE(flow_.HasRoom());
  EXPECT_TRUE(flow_.Acked(kLink, 1));
  EXPECT_TRUE(flow_.HasRoom());
}

TEST_F(FlowTest, AnAckOfWhatWasNeverSentMeansNothing) {
  EXPECT_FALSE(flow_.Acked(kLink, 9));
  After();
  Send(1);
  EXPECT_TRUE(flow_.Acked(kLink, 9));
  EXPECT_EQ(flow_.acked(kLink), 1u);
}

TEST_F(FlowTest, GoesBackToTheNumberThatIsMissing) {
  After(4);
  Send(5);
  Send(6);
  flow_.Refused(kLink, 5, 3, now_);
  EXPECT_FALSE(After(4)) << "6 is not answered yet";
  flow_.Refused(kLink, 6, 3, now_);
  EXPECT_EQ(After(4), 2u);
}

TEST_F(FlowTest, WaitsLongerAfterEachRefusalUntilAnAck) {
  After();
  Send(1);
  flow_.Refused(kLink, 1, 0, now_);
  EXPECT_FALSE(After());
  EXPECT_EQ(flow_.NextTry(now_), now_ + std::chrono::seconds{1});
  now_ += std::chrono::seconds{1};
  EXPECT_EQ(After(), 0u);
  Send(1);
  flow_.Refused(kLink, 1, 0, now_);
  EXPECT_EQ(flow_.NextTry(now_), now_ + std::chrono::seconds{2});
  now_ += std::chrono::seconds{2};
  After();
  Send(1);
  EXPECT_TRUE(flow_.Acked(kLink, 1));
  Send(2);
  flow_.Refused(kLink, 2, 0, now_);
  EXPECT_EQ(flow_.NextTry(now_), now_ + std::chrono::seconds{1});
  EXPECT_TRUE(flow_.GoesOnAfter(kOther, 0, 0, now_)) << "other links go on";
}

TEST_F(FlowTest, ALinkThatIsToBeSentAgainStartsOverOnceAllIsAnswered) {
  After(0, 0);
  Send(1);
  Send(2);
  EXPECT_FALSE(After(0, 1));
  flow_.Acked(kLink, 2);
  EXPECT_EQ(After(0, 1), 0u);
}

TEST_F(FlowTest, KnowsSinceWhenTheOtherSideIsSilent) {
  EXPECT_FALSE(flow_.UnansweredSince());
  After();
  Send(1);
  EXPECT_EQ(flow_.UnansweredSince(), now_);
}

}  // namespace
}  // namespace equinode::exchange
