#include "domain/privacy/budget/request.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/domain/privacy/budget/requests.h"

namespace equinode::budget {
namespace {

TEST(NoisyRequests, TheSameQuestionHasTheSameHash) {
  const Digest hash = Canonical(Ask("race", {"north", "east"})).hash();
  EXPECT_EQ(Canonical(Ask("race", {"east", "north"})).hash(), hash);
  NoisyRequest request = Ask("race", {"north", "east"});
  request.noise = Gaussian("160/2");
  EXPECT_EQ(Canonical(request).hash(), hash);
}

TEST(NoisyRequests, AnotherQuestionHasAnother) {
  const NoisyRequest plain = Ask("race", {"north", "east"});
  const std::vector<std::function<void(NoisyRequest&)>> changes = {
      [](NoisyRequest& r) { r.task = "task2"; },
      [](NoisyRequest& r) { r.table = "age"; },
      // The border between two texts is part of them.
      [](NoisyRequest& r) { r.task = "tas", r.table = "krace"; },
      [](NoisyRequest& r) { r.period = Quarter(2026, 2); },
      [](NoisyRequest& r) { r.period.first += std::chrono::days{1}; },
      [](NoisyRequest& r) { r.partition[31] ^= 1; },
      [](NoisyRequest& r) { r.parts = {"north"}; },
      [](NoisyRequest& r) { r.parts = {"northeast"}; },
      [](NoisyRequest& r) {
        r.parts = {"east", "north", "west"};
      },
      [](NoisyRequest& r) { r.noise = Gaussian("81"); },
      [](NoisyRequest& r) {
        r.noise = noise::Noise::Make(noise::NoiseLaw::kLaplace, r.noise.parameter()).value();
      },
      [](NoisyRequest& r) { r.sensitivity.l1 = 3; },
      [](NoisyRequest& r) { r.sensitivity.l2_squared = 3; },
  };
  std::vector<Digest> hashes = {Canonical(plain).hash()};
  for (const auto& change : changes) {
    NoisyRequest changed = plain;
    change(changed);
    hashes.push_back(Canonical(changed).hash());
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::adjacent_find(hashes.begin(), hashes.end()), hashes.end());
}

TEST(NoisyRequests, TheCostFollowsFromTheNoise) {
  EXPECT_EQ(Canonical(Ask("race", {"north"}, "80")).cost(), Rho(12'500'000));
  EXPECT_EQ(Canonical(Ask("race", {"north"}, "1000000000")).cost(), Rho(1));
}

TEST(NoisyRequests, RefusesWhatIsNoQuestion) {
  const auto reason = [](auto change) {
    NoisyRequest request = Ask("race", {"north"});
    change(request);
    return Reason(CanonicalRequest::Of(request));
  };
  EXPECT_EQ(reason([](NoisyRequest& r) { r.parts = {}; }), "BAD_REQUEST");
  EXPECT_EQ(reason([](NoisyRequest& r) { r.parts = {"a", "b", "a"}; }), "BAD_REQUEST");
  EXPECT_EQ(reason([](NoisyRequest& r) { r.parts = {""}; }), "BAD_REQUEST");
  EXPECT_EQ(reason([](NoisyRequest& r) { r.parts = {std::string(8193, 'a')}; }), "BAD_REQUEST");
  EXPECT_EQ(reason([](NoisyRequest& r) { r.task = ""; }), "BAD_REQUEST");
  EXPECT_EQ(reason([](NoisyRequest& r) { r.sensitivity.l1 = 0; }), "BAD_SENSITIVITY");
  EXPECT_EQ(reason([](NoisyRequest& r) { r.table = std::string(257, 'a'); }), "BAD_REQUEST");
}

TEST(NoisyRequests, AreChargedToTheYearOfThePeriodsLastDay) {
  EXPECT_EQ(YearOf(Quarter(2026, 4)).value(), 2026);
  Period across = Quarter(2026, 4);
  across.last += std::chrono::days{1};
  EXPECT_EQ(YearOf(across).value(), 2027);
  std::swap(across.first, across.last);
  EXPECT_EQ(Reason(YearOf(across)), "BAD_PERIOD");
  using std::chrono::sys_days, std::chrono::days;
  EXPECT_EQ(Reason(YearOf({sys_days{days{INT32_MIN}}, sys_days{days{INT32_MAX}}})), "BAD_PERIOD");
  EXPECT_EQ(Reason(YearOf({sys_days{}, sys_days{days{INT32_MAX}}})), "BAD_PERIOD");
}

}  // namespace
}  // namespace equinode::budget
