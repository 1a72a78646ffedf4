// What a wire can do to an exchange, told one mishap at a time.
#include <gtest/gtest.h>

#include "tests/story/town.h"

namespace equinode::testing {
namespace {

using exchange::Lane;

TEST(ExchangeStory, RecordsOfBeforeAndAfterTheRuleArriveOnceEach) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.TakeIn(17);
  practice.Share(payer, kPeople);
  practice.TakeIn(12);
  ASSERT_TRUE(town.Settle());
  practice.TakeIn(3);
  ASSERT_TRUE(town.Settle());
  town.ExpectSound(practice, payer);
  const ExchangeState state = practice.State();
  for (const StoredOutgoing& link : state.outgoing) {
    if (link.lane == Lane::kHistory) {
      EXPECT_EQ(link.state.given.through, 4u);
    }
    if (link.lane == Lane::kRecord) {
      EXPECT_EQ(link.state.given.through, 4u);
    }
    EXPECT_EQ(link.lane == Lane::kControl || link.kept_bytes == 0, true)
        << "a receipt frees the copies";
  }
}

TEST(ExchangeStory, WithoutARuleNothingGoes) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.TakeIn(20);
  ASSERT_TRUE(town.Settle());
  EXPECT_EQ(payer.RowsFrom(practice), 0u);
  EXPECT_EQ(town.carried(), 0u);
}

TEST(ExchangeStory, OverARelay) {
  Town town;
  auto t = town.MakeRelayed();
  t.practice.Share(t.payer, kPeople);
  t.practice.TakeIn(23);
  ASSERT_TRUE(town.Settle());
  town.ExpectSound(t.practice, t.payer);
  EXPECT_EQ(t.relay.State().relayed.envelopes, 0u);
}

// Every mishap, on the way there and on the way back, for every message in turn: an exchange of
// some records, its receipts included (TI11, TI13, TF07).
struct Case {
  const char* name;
  Mishap mishap;
  bool there;
  bool relayed;
};

class EveryMessage : public ::testing::TestWithParam<Case> {};

TEST_P(EveryMessage, TF07_TI11_TI13_EachRecordArrivesOnceWhereverItHappens) {
  const Case& c = GetParam();
  for (int at = 0;; ++at) {
    Town town;
    Resident* from = nullptr;
    Resident* to = nullptr;
    if (c.relayed) {
      auto t = town.MakeRelayed();
      from = &t.practice;
      to = &t.payer;
    } else {
      auto t = town.MakeDirect();
      from = &t.practice;
      to = &t.payer;
    }
    from->TakeIn(8);
    from->Share(*to, kPeople);
    from->TakeIn(8);
    int count = 0;
    bool happened = false;
    town.weather = [&](Wire&, bool there) {
      if (there != c.there || count++ != at) return Mishap::kNone;
      happened = true;
      return c.mishap;
    };
    ASSERT_TRUE(town.Settle()) << "at message " << at;
    town.ExpectSound(*from, *to);
    if (::testing::Test::HasFailure()) FAIL() << "at message " << at;
    if (!happened) {
      EXPECT_GT(at, 4) << "the exchange was longer than that";
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, EveryMessage,
    ::testing::Values(Case{"LostEnvelope", Mishap::kLose, true, false},
                      Case{"LostAck", Mishap::kLose, false, false},
                      Case{"EnvelopeTwice", Mishap::kTwice, true, false},
                      Case{"AckTwice", Mishap::kTwice, false, false},
                      Case{"EnvelopesSwapped", Mishap::kSwap, true, false},
                      Case{"AcksSwapped", Mishap::kSwap, false, false},
                      Case{"EnvelopeAltered", Mishap::kAlter, true, false},
                      Case{"CutOnTheWayThere", Mishap::kCut, true, false},
                      Case{"CutOnTheWayBack", Mishap::kCut, false, false},
                      Case{"LostEnvelopeOverARelay", Mishap::kLose, true, true},
                      Case{"LostAckOverARelay", Mishap::kLose, false, true},
                      Case{"EnvelopeTwiceOverARelay", Mishap::kTwice, true, true},
                      Case{"EnvelopesSwappedOverARelay", Mishap::kSwap, true, true},
                      Case{"EnvelopeAlteredOverARelay", Mishap::kAlter, true, true},
                      Case{"CutThereOverARelay", Mishap::kCut, true, true},
                      Case{"CutBackOverARelay", Mishap::kCut, false, true}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace equinode::testing
