#include "domain/exchange/anew.h"

#include <gtest/gtest.h>

#include "tests/domain/exchange/links.h"

namespace equinode::exchange {
namespace {

constexpr Millis kLifeAnew = std::chrono::days{30};
constexpr std::string_view kA = "spiffe://n/practice/a";
constexpr std::string_view kB = "spiffe://n/payer/b";

class Anew : public ::testing::Test {
 protected:
  Anew() { sender_.random = &random_; }
  // Both halves, as both operators do it.
  void BeginBoth(const AnewCode& code) {
    const LinkPosition start = StartOf(code, kA, kB, Lane::kRecord);
    sender_.link = BegunAnew(sender_.link, start);
    sender_.kept.clear();
    recipient_.link = BegunAnew(recipient_.link, start);
  }

  SeededRandom random_{7};
  Instant now_{std::chrono::hours{500'000}};
  SenderModel sender_{};
  RecipientModel recipient_{};
};

TEST_F(Anew, ACodeIsReadAsItWasWrittenByEitherSide) {
  const AnewCode code = *MakeAnewCode(4, random_);
  EXPECT_EQ(code.era, 5u);
  const std::string text = AnewCodeText(code, kA, kB);
  EXPECT_EQ(text, AnewCodeText(code, kB, kA));
  EXPECT_EQ(*ParseAnewCode(text, kB, kA), code);
  EXPECT_EQ(MakeAnewCode(kLastEra, random_).error().reason, "NO_ERA_LEFT");
}

TEST_F(Anew, ASlipOfThePenOrAnotherPairsCodeIsNoticed) {
  const std::string text = AnewCodeText(*MakeAnewCode(0, random_), kA, kB);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string slip = text;
    slip[i] = slip[i] == '7' ? '8' : '7';
    EXPECT_EQ(ParseAnewCode(slip, kA, kB).error().reason, "BAD_LINK_CODE") << slip;
    EXPECT_FALSE(ParseAnewCode(text.substr(0, i), kA, kB).ok());
  }
  EXPECT_FALSE(ParseAnewCode(text, kA, "spiffe://n/payer/other").ok());
  EXPECT_FALSE(ParseAnewCode(text + " ", kA, kB).ok());
  EXPECT_FALSE(ParseAnewCode("0" + text.substr(1), kA, kB).ok());
  EXPECT_FALSE(ParseAnewCode("99999999999" + text.substr(1), kA, kB).ok());
  EXPECT_FALSE(ParseAnewCode("", kA, kB).ok());
}

TEST_F(Anew, EachDirectionAndLaneHasAChainOfItsOwn) {
  const AnewCode code = *MakeAnewCode(0, random_);
  const LinkPosition start = StartOf(code, kA, kB, Lane::kRecord);
  EXPECT_EQ(start.through, EraStart(1));
  EXPECT_NE(start.chain, StartOf(code, kB, kA, Lane::kRecord).chain);
  EXPECT_NE(start.chain, StartOf(code, kA, kB, Lane::kHistory).chain);
  EXPECT_NE(start.chain, StartOf(*MakeAnewCode(0, random_), kA, kB, Lane::kRecord).chain);
}

TEST_F(Anew, ALinkGoesOnAndNothingOfTheTimeBeforeTakesEffect) {
  const Message one = sender_.Seal("one", now_, kLifeAnew);
  const Message two = sender_.Seal("two", now_, kLifeAnew);
  EXPECT_EQ(recipient_.Take(one, now_), Arrival::kApply);
  BeginBoth(*MakeAnewCode(0, random_));
  EXPECT_EQ(recipient_.Take(one, now_), Arrival::kOtherEra) << "known before";
  EXPECT_EQ(recipient_.Take(two, now_), Arrival::kOtherEra) << "never seen: a relay had kept it";
  const Message three = sender_.Seal("three", now_, kLifeAnew);
  EXPECT_EQ(three.arriving.seen.number, EraStart(1) + 1);
  EXPECT_EQ(recipient_.Take(three, now_), Arrival::kApply);
  EXPECT_EQ(recipient_.Take(three, now_), Arrival::kDuplicate);
  sender_.TakeReceipt(recipient_.link.applied, now_);
  EXPECT_EQ(sender_.link.fault, LinkFault::kNone);
  EXPECT_FALSE(sender_.link.waiting());
  EXPECT_EQ(recipient_.effects, (std::vector<std::string>{"one", "three"}));
}

TEST_F(Anew, OneSideAloneTakesNothingAndTellsTheOther) {
  ASSERT_EQ(recipient_.Take(sender_.Seal("one", now_, kLifeAnew), now_), Arrival::kApply);
  const OutgoingLink before = sender_.link;
  const LinkPosition start = StartOf(*MakeAnewCode(0, random_), kA, kB, Lane::kRecord);
  sender_.link = BegunAnew(sender_.link, start);
  const Message two = sender_.Seal("two", now_, kLifeAnew);
  EXPECT_EQ(recipient_.Take(two, now_), Arrival::kNotBegunAnew);
  EXPECT_FALSE(IsPermanent(Arrival::kNotBegunAnew));
  // What the other half still says of the time before is no fault of this one.
  EXPECT_EQ(Receipted(sender_.link, recipient_.link.applied, nullptr, now_), sender_.link);
  EXPECT_EQ(ResendFrom(sender_.link, 2, now_), sender_.link);
  EXPECT_EQ(Decide({two.arriving.seen.id, Lane::kRecord, two.arriving.seen.number, "NUMBER_REUSED",
                    0, true},
                   recipient_.link.applied),
            RefusalStep::kIgnore);
  // A recipient that has begun, seen from a sender that has not.
  EXPECT_EQ(FaultOfAhead(before, start.through), LinkFault::kPeerBeganAnew);
  EXPECT_EQ(FaultOfAhead(before, 2), LinkFault::kPeerAhead);
}

TEST_F(Anew, OtherCodesChainsDoNotFit) {
  const LinkPosition mine = StartOf(*MakeAnewCode(0, random_), kA, kB, Lane::kRecord);
  const LinkPosition other = StartOf(*MakeAnewCode(0, random_), kA, kB, Lane::kRecord);
  sender_.link = BegunAnew(sender_.link, mine);
  recipient_.link = BegunAnew(recipient_.link, other);
  EXPECT_EQ(recipient_.Take(sender_.Seal("one", now_, kLifeAnew), now_), Arrival::kChainDiffers);
}

}  // namespace
}  // namespace equinode::exchange
