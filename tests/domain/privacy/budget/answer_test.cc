#include "domain/privacy/budget/answer.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "base/random.h"
#include "tests/domain/privacy/budget/requests.h"

namespace equinode::budget {
namespace {

static_assert(!std::is_copy_constructible_v<Permit>, "one permit, one draw");
static_assert(!std::is_default_constructible_v<Permit>);
static_assert(!std::is_default_constructible_v<NoisyAnswer>);

const std::vector<std::int64_t> kCounts = {0, 3, 1200};

TEST(NoisyAnswers, ChargeComesBeforeNoise) {
  Ledger ledger = WithBudget(500'000'000);
  const CanonicalRequest request = Canonical(Ask("t", {"a"}));
  EXPECT_EQ(Reason(Permit::Alone(ledger, request)), "NOT_CHARGED");
  EXPECT_EQ(Spend(ledger, request), "CHARGED");
  EXPECT_EQ(Reason(Permit::Alone(ledger, request)), "OK");
  EXPECT_EQ(Reason(Permit::Alone(ledger, Canonical(Ask("t2", {"a"})))), "NOT_CHARGED");
  SeededRandom random(1);
  noise::Coins coins(random);
  const auto answer =
      NoisyAnswer::Draw(Permit::Alone(ledger, request).value(), kCounts, coins).value();
  EXPECT_EQ(answer.request(), request.hash());
  ASSERT_EQ(answer.values().size(), 3u);
  for (const auto& one : answer.values()) EXPECT_EQ(one.variance_micros, 80'000'000u);
  EXPECT_TRUE(ledger.Append(ledger.AnswerEntry(request.hash(), answer.bytes(), {})).ok());
  EXPECT_EQ(Reason(Permit::Alone(ledger, request)), "ALREADY_ANSWERED");
}

TEST(NoisyAnswers, AChargeOfAnotherAmountIsNoPermit) {
  Ledger ledger = WithBudget(500'000'000);
  const CanonicalRequest request = Canonical(Ask("t", {"a"}));
  auto charge = *ledger.Judge(request, {}).value().entry;
  std::get<Charged>(charge.what).rho = Rho(1);
  EXPECT_TRUE(ledger.Append(charge).ok());
  EXPECT_EQ(Reason(Permit::Alone(ledger, request)), "CHARGED_OTHERWISE");
}

TEST(NoisyAnswers, A5_OfTwoPartiesNeitherDrawsAlone) {
  Ledger leader = WithBudget(500'000'000);
  Ledger helper = WithBudget(500'000'000);
  const CanonicalRequest request = Canonical(Ask("t", {"a"}));
  EXPECT_EQ(Spend(leader, request), "CHARGED");
  EXPECT_EQ(Reason(Permit::WithPeer(leader, helper, request)), "PEER_NOT_CHARGED");
  EXPECT_EQ(Reason(Permit::WithPeer(helper, leader, request)), "NOT_CHARGED");
  Ledger cheap = helper;
  auto charge = *cheap.Judge(request, {}).value().entry;
  std::get<Charged>(charge.what).rho = Rho(1);
  EXPECT_TRUE(cheap.Append(charge).ok());
  EXPECT_EQ(Reason(Permit::WithPeer(leader, cheap, request)), "PEER_CHARGED_OTHERWISE");
  EXPECT_EQ(Spend(helper, request), "CHARGED");
  EXPECT_EQ(Reason(Permit::WithPeer(leader, helper, request)), "OK");
  EXPECT_EQ(Reason(Permit::WithPeer(helper, leader, request)), "OK");
}

TEST(NoisyAnswers, ReadAsTheyWereStored) {
  Ledger ledger = WithBudget(500'000'000);
  const CanonicalRequest request = Canonical(Ask("t", {"a"}));
  EXPECT_EQ(Spend(ledger, request), "CHARGED");
  SeededRandom random(1);
  noise::Coins coins(random);
  const auto answer =
      NoisyAnswer::Draw(Permit::Alone(ledger, request).value(), kCounts, coins).value();
  const Bytes bytes = answer.bytes();
  const auto read = NoisyAnswer::FromBytes(bytes);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->values(), answer.values());
  EXPECT_EQ(read->request(), request.hash());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(Reason(NoisyAnswer::FromBytes(ByteView(bytes).first(size))), "BAD_NOISY_ANSWER");
  }
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(Reason(NoisyAnswer::FromBytes(longer)), "BAD_NOISY_ANSWER");
}

}  // namespace
}  // namespace equinode::budget
