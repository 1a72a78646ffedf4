#include <gtest/gtest.h>

#include "tests/domain/exchange/links.h"

namespace equinode::exchange {
namespace {

constexpr Millis kLife = std::chrono::days{30};

class Link : public ::testing::Test {
 protected:
  Link() { sender_.random = &random_; }
  Message Seal(const std::string& payload) { return sender_.Seal(payload, now_, kLife); }
  Arrival Take(const Message& message) { return recipient_.Take(message, now_); }

  SeededRandom random_{5};
  Instant now_{std::chrono::hours{500'000}};
  SenderModel sender_{};
  RecipientModel recipient_{};
};

TEST_F(Link, ACopyIsADuplicateWhereverItsNumberStands) {
  const Message one = Seal("one");
  const Message two = Seal("two");
  EXPECT_EQ(Take(one), Arrival::kApply);
  EXPECT_EQ(Take(one), Arrival::kDuplicate);
  EXPECT_EQ(Take(two), Arrival::kApply);
  EXPECT_EQ(Take(one), Arrival::kDuplicate);
  EXPECT_EQ(recipient_.effects.size(), 2u);
}

TEST_F(Link, ANumberTooFarIsRefusedAndTakesNothing) {
  Seal("one");
  const Message two = Seal("two");
  EXPECT_EQ(Take(two), Arrival::kOutOfSequence);
  EXPECT_EQ(recipient_.link, IncomingLink{});
}

TEST_F(Link, OtherBytesUnderAnIdAreQuarantined) {
  const Message one = Seal("one");
  ASSERT_EQ(Take(one), Arrival::kApply);
  Message altered = one;
  altered.arriving.seen.digest = DigestOf("other bytes");
  EXPECT_EQ(Take(altered), Arrival::kIdReused);
  Message next = Seal("two");
  next.arriving.seen.id = one.arriving.seen.id;
  EXPECT_EQ(Take(next), Arrival::kIdReused);
  EXPECT_EQ(recipient_.effects.size(), 1u);
}

TEST_F(Link, OtherBytesUnderANumberTellThatTheSenderRunsOnOldData) {
  const SenderModel before = sender_;
  ASSERT_EQ(Take(Seal("one")), Arrival::kApply);
  sender_ = before;
  EXPECT_EQ(Take(Seal("uno")), Arrival::kNumberReused);
}

TEST_F(Link, ANumberOnAnotherPastIsQuarantined) {
  ASSERT_EQ(Take(Seal("one")), Arrival::kApply);
  Message two = Seal("two");
  two.arriving.previous_chain = DigestOf("another past");
  EXPECT_EQ(Take(two), Arrival::kChainDiffers);
}

TEST_F(Link, AVoidTakesTheNumberAndTheChainGoesOnAsIfItHadBeen) {
  const Message one = Seal("one");
  const Message two = Seal("two");
  sender_.Void(1, now_, kLife);
  EXPECT_EQ(Take(sender_.kept.at(1).message), Arrival::kVoid);
  EXPECT_EQ(Take(two), Arrival::kApply);
  EXPECT_EQ(recipient_.link.applied, sender_.link.given);
  EXPECT_EQ(Take(one), Arrival::kDuplicate) << "the original comes late and has no effect";
  EXPECT_EQ(recipient_.effects, std::vector<std::string>{"two"});
}

TEST_F(Link, AVoidAfterItsOriginalHasNoEffectAndIsNoLie) {
  ASSERT_EQ(Take(Seal("one")), Arrival::kApply);
  sender_.Void(1, now_, kLife);
  EXPECT_EQ(Take(sender_.kept.at(1).message), Arrival::kDuplicate);
}

TEST_F(Link, ExpiredAndFutureEnvelopesWait) {
  const Message one = Seal("one");
  now_ += kLife;
  EXPECT_EQ(Take(one), Arrival::kExpired);
  now_ -= kLife + kClockTolerance + Millis{1};
  EXPECT_EQ(Take(one), Arrival::kFromTheFuture);
  now_ += Millis{1};
  EXPECT_EQ(Take(one), Arrival::kApply) << "a clock that is wrong by a day is borne";
}

TEST_F(Link, AReceiptFreesTheCopiesAndOnlyAReceiptDoes) {
  Take(Seal("one"));
  Take(Seal("two"));
  sender_.link = HopAcked(sender_.link, 2);
  EXPECT_EQ(sender_.kept.size(), 2u);
  sender_.TakeReceipt(recipient_.link.applied, now_);
  EXPECT_TRUE(sender_.kept.empty());
  EXPECT_FALSE(sender_.link.waiting());
}

TEST_F(Link, AReceiptThatCannotBeIsAFault) {
  Take(Seal("one"));
  Take(Seal("two"));
  const LinkPosition good = recipient_.link.applied;

  SenderModel ahead = sender_;
  ahead.TakeReceipt(LinkPosition{3, good.chain}, now_);
  EXPECT_EQ(ahead.link.fault, LinkFault::kPeerAhead);

  SenderModel differs = sender_;
  differs.TakeReceipt(LinkPosition{2, DigestOf("x")}, now_);
  EXPECT_EQ(differs.link.fault, LinkFault::kChainDiffers);
  EXPECT_EQ(differs.kept.size(), 2u);

  sender_.TakeReceipt(good, now_);
  sender_.TakeReceipt(LinkPosition{1, good.chain}, now_);
  EXPECT_EQ(sender_.link.fault, LinkFault::kPeerBehind);
  EXPECT_FALSE(MayGive(sender_.link, 0, Window{}));
}

TEST_F(Link, ARecipientThatWaitsForAReceiptedNumberIsAFault) {
  Take(Seal("one"));
  sender_.TakeReceipt(recipient_.link.applied, now_);
  EXPECT_EQ(ResendFrom(sender_.link, 1, now_).fault, LinkFault::kPeerBehind);
  EXPECT_EQ(ResendFrom(sender_.link, 3, now_).fault, LinkFault::kPeerAhead);
  EXPECT_EQ(ResendFrom(sender_.link, 2, now_).fault, LinkFault::kNone);
}

TEST_F(Link, ASilentRecipientIsTriedAgainAfterEverLongerWaits) {
  EXPECT_FALSE(ResendAt(sender_.link, std::chrono::minutes{15}));
  Seal("one");
  sender_.link = HopAcked(sender_.link, 1);
  EXPECT_EQ(ResendAt(sender_.link, std::chrono::minutes{15}), now_ + std::chrono::minutes{15});
  sender_.link = ResendAll(sender_.link, now_);
  EXPECT_EQ(sender_.link.hop_acked, 0u);
  EXPECT_EQ(ResendAt(sender_.link, std::chrono::minutes{15}), now_ + std::chrono::minutes{30});
  for (int i = 0; i < 20; ++i) sender_.link = ResendAll(sender_.link, now_);
  EXPECT_EQ(ResendAt(sender_.link, std::chrono::minutes{15}), now_ + std::chrono::hours{24});
}

TEST_F(Link, TheWindowHoldsBackByNumbersAndByBytes) {
  const Window window{2, 1000};
  EXPECT_TRUE(MayGive(sender_.link, 0, window));
  EXPECT_FALSE(MayGive(sender_.link, 1000, window));
  Seal("one");
  Seal("two");
  EXPECT_FALSE(MayGive(sender_.link, 0, window));
}

TEST_F(Link, ReceiptsAreDueAfterSomeArrivalsOrATimeAndNotForEver) {
  const ReceiptPolicy policy{3, std::chrono::seconds{1}, 4};
  IncomingLink link;
  const auto due = [&] { return ReceiptDue(std::span(&link, 1), std::nullopt, policy); };
  EXPECT_FALSE(due());
  link = Advance(link, Seen{1, {}, {}, std::nullopt}, true, now_);
  EXPECT_EQ(due(), now_ + std::chrono::seconds{1});
  link = Advance(link, Seen{2, {}, {}, std::nullopt}, true, now_);
  link = Advance(link, Seen{3, {}, {}, std::nullopt}, true, now_ + std::chrono::seconds{5});
  EXPECT_EQ(due(), now_);
  link = Reported(link);
  EXPECT_FALSE(due());
  for (std::uint64_t n = 4; n <= 6; ++n) {
    link = Advance(link, Seen{n, {}, {}, std::nullopt}, false, now_);
  }
  EXPECT_FALSE(due()) << "receipts do not call for receipts";
  link = Advance(link, Seen{7, {}, {}, std::nullopt}, false, now_);
  EXPECT_TRUE(due()) << "but many of them do";
  EXPECT_EQ(ReceiptDue({}, now_, policy), now_ + std::chrono::seconds{1});
}

TEST_F(Link, AnAuditHeadThatGoesBackIsSeen) {
  const AuditPoint before{10, DigestOf("ten")};
  EXPECT_FALSE(GoesBack(before, before));
  EXPECT_FALSE(GoesBack(before, AuditPoint{11, DigestOf("eleven")}));
  EXPECT_TRUE(GoesBack(before, AuditPoint{9, DigestOf("nine")}));
  EXPECT_TRUE(GoesBack(before, AuditPoint{10, DigestOf("another ten")}));
}

struct RefusalCase {
  std::string_view name;
  std::string_view reason;
  std::uint64_t number;
  bool permanent;
  RefusalStep step;
};
class RefusalTable : public ::testing::TestWithParam<RefusalCase> {};
TEST_P(RefusalTable, AsksForTheStep) {
  const RefusalCase& c = GetParam();
  const Refusal refusal{{}, Lane::kRecord, c.number, std::string(c.reason), 0, c.permanent};
  EXPECT_EQ(Decide(refusal, LinkPosition{5, {}}), c.step);
}
INSTANTIATE_TEST_SUITE_P(
    All, RefusalTable,
    ::testing::Values(
        RefusalCase{"Missing", reason::kOutOfSequence, 6, false, RefusalStep::kResend},
        RefusalCase{"MissingButCame", reason::kOutOfSequence, 5, false, RefusalStep::kIgnore},
        RefusalCase{"AlteredOnTheWay", reason::kBadSeal, 6, true, RefusalStep::kResend},
        RefusalCase{"OldKey", reason::kOtherKey, 6, true, RefusalStep::kVoidAndSendAgain},
        RefusalCase{"Expired", reason::kExpired, 6, true, RefusalStep::kVoidExpired},
        RefusalCase{"Fork", reason::kNumberReused, 6, true, RefusalStep::kFault},
        RefusalCase{"Poisoned", "BAD_PAYLOAD", 5, true, RefusalStep::kDeadLetter},
        RefusalCase{"Busy", reason::kTryLater, 6, false, RefusalStep::kIgnore}),
    [](const auto& c) { return std::string(c.param.name); });

}  // namespace
}  // namespace equinode::exchange
