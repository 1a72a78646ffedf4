#include "domain/consent/consent.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "domain/consent/disclosures.h"

namespace equinode::consent {
namespace {

Instant Day(int day) {
  return Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1) + std::chrono::days(day));
}
Uuid Id(std::uint8_t n) {
  Bytes bytes(16, 0);
  bytes[15] = n;
  return *Uuid::FromBytes(bytes);
}

constexpr char kPantry[] = "spiffe://net/cbo/pantry";

Consent Make(std::uint8_t id, bool given, std::string recipient,
             std::vector<std::string> categories, int signed_day) {
  Consent consent;
  consent.id = Id(id);
  consent.person = "feed/Patient/1";
  consent.given = given;
  consent.recipient = std::move(recipient);
  if (given) consent.purposes = {Purpose::kReferral};
  consent.categories = std::move(categories);
  consent.from = Day(signed_day);
  consent.signed_at = Day(signed_day);
  consent.document.fill(1);
  return consent;
}

Question Ask(std::vector<std::string_view> categories) {
  Question question;
  question.recipient = kPantry;
  question.recipient_class = "cbo";
  question.categories = std::move(categories);
  return question;
}

TEST(Consent, Table) {
  const Consent food = Make(1, true, kPantry, {"food-insecurity"}, 1);
  const Consent all = Make(2, true, "*", {"*"}, 1);
  const Consent cbos = Make(3, true, "class:cbo", {"*"}, 1);
  const Consent no = Make(4, false, "*", {"*"}, 5);
  const Consent no_pantry = Make(5, false, kPantry, {"*"}, 5);
  const Consent food_later = Make(6, true, kPantry, {"food-insecurity"}, 9);
  const Consent all_later = Make(7, true, "*", {"*"}, 9);
  const Consent part2 = Make(8, true, kPantry, {"PART2"}, 1);
  const Revocation back{Id(1), Day(7), {}};

  const struct {
    const char* what;
    std::vector<Consent> consents;
    std::vector<Revocation> revocations;
    std::vector<std::string_view> categories;
    Answer answer;
  } cases[] = {
      {"nothing on file is not a yes", {}, {}, {"food-insecurity"}, Answer::kNoneOnFile},
      {"a yes", {food}, {}, {"food-insecurity"}, Answer::kGiven},
      {"for another domain", {food}, {}, {"homelessness"}, Answer::kNoneOnFile},
      {"for each category", {food}, {}, {"food-insecurity", "homelessness"}, Answer::kNoneOnFile},
      {"* names every domain", {all}, {}, {"homelessness"}, Answer::kGiven},
      {"a class of recipients", {cbos}, {}, {"homelessness"}, Answer::kGiven},
      {"* does not name PART2", {all}, {}, {"PART2"}, Answer::kNoneOnFile},
      {"* does not name SOGI", {all}, {}, {"SOGI"}, Answer::kNoneOnFile},
      {"PART2 by its name", {part2}, {}, {"PART2"}, Answer::kGiven},
      {"a refusal of all", {no}, {}, {"food-insecurity"}, Answer::kRefused},
      {"a refusal of all names PART2 too", {no, part2}, {}, {"PART2"}, Answer::kRefused},
      {"a later refusal beats a yes", {food, no}, {}, {"food-insecurity"}, Answer::kRefused},
      {"a later yes as close beats a refusal",
       {no, food_later},
       {},
       {"food-insecurity"},
       Answer::kGiven},
      {"a later general yes does not beat a close refusal",
       {no_pantry, all_later},
       {},
       {"food-insecurity"},
       Answer::kRefused},
      {"revoked", {food}, {back}, {"food-insecurity"}, Answer::kRevoked},
      {"another yes still stands", {food, cbos}, {back}, {"food-insecurity"}, Answer::kGiven},
      {"no question is no yes", {all}, {}, {}, Answer::kNoneOnFile},
  };
  for (const auto& each : cases) {
    const Decision decision =
        Decide(each.consents, each.revocations, Ask(each.categories), Day(10));
    EXPECT_EQ(decision.answer, each.answer) << each.what << ": " << Name(decision.answer);
    if (decision.answer == Answer::kGiven) {
      EXPECT_EQ(decision.because.size(), each.categories.size());
    } else if (!each.categories.empty()) {
      EXPECT_FALSE(decision.category.empty());
    }
  }
}

TEST(Consent, TimePurposeAndDirectionAreApart) {
  Consent food = Make(1, true, kPantry, {"food-insecurity"}, 1);
  food.until = Day(30);
  const auto at = [&](int day) {
    return Decide({&food, 1}, {}, Ask({"food-insecurity"}), Day(day));
  };
  EXPECT_EQ(at(0).answer, Answer::kExpired);
  EXPECT_EQ(at(1).answer, Answer::kGiven);
  EXPECT_EQ(at(29).answer, Answer::kGiven);
  EXPECT_EQ(at(30).answer, Answer::kExpired);
  Question back = Ask({"food-insecurity"});
  back.direction = Direction::kBack;
  EXPECT_EQ(Decide({&food, 1}, {}, back, Day(2)).answer, Answer::kNoneOnFile);
  Question research = Ask({"food-insecurity"});
  research.purpose = Purpose::kResearch;
  EXPECT_EQ(Decide({&food, 1}, {}, research, Day(2)).answer, Answer::kNoneOnFile);
}

TEST(Consent, TheNoticeGoesAlong) {
  const Consent part2 = Make(8, true, kPantry, {"PART2", "food-insecurity"}, 1);
  const Decision decision = Decide({&part2, 1}, {}, Ask({"food-insecurity", "PART2"}), Day(2));
  ASSERT_EQ(decision.answer, Answer::kGiven);
  ASSERT_EQ(decision.notices.size(), 1u);
  EXPECT_EQ(decision.notices[0],
            "42 CFR part 2 prohibits unauthorized use or disclosure of these records.");
}

TEST(Consent, WhatCannotBeOneIsRefused) {
  const Consent good = Make(1, true, kPantry, {"food-insecurity"}, 1);
  EXPECT_TRUE(CheckConsent(good).ok());
  const auto bad = [&](void (*spoil)(Consent&)) {
    Consent consent = good;
    spoil(consent);
    const Status status = CheckConsent(consent);
    return !status.ok() && status.error().reason == "BAD_CONSENT";
  };
  EXPECT_TRUE(bad([](Consent& c) { c.id = Uuid{}; }));
  EXPECT_TRUE(bad([](Consent& c) { c.person.clear(); }));
  EXPECT_TRUE(bad([](Consent& c) { c.recipient.clear(); }));
  EXPECT_TRUE(bad([](Consent& c) { c.recipient = "class:anyone"; }));
  // What nothing could ever match is no consent, and no refusal either.
  EXPECT_TRUE(bad([](Consent& c) { c.recipient = "food bank"; }));
  EXPECT_TRUE(bad([](Consent& c) { c.recipient = "spiffe://net/cbo"; }));
  EXPECT_TRUE(bad([](Consent& c) { c.recipient = "spiffe://net/cbo/pantry/operator/pat"; }));
  EXPECT_TRUE(bad([](Consent& c) { c.recipient = "spiffe://net//pantry"; }));
  EXPECT_TRUE(bad([](Consent& c) { c.recipient = "spiffe://net/xyz/pantry"; }));
  EXPECT_TRUE(bad([](Consent& c) { c.recipient = "spiffe://net/cbo/Pantry"; }));
  EXPECT_TRUE(bad([](Consent& c) { c.categories = {"food"}; }));
  EXPECT_TRUE(bad([](Consent& c) { c.categories = {"food-insecurity", "part2"}; }));
  EXPECT_TRUE(bad([](Consent& c) { c.categories = {""}; }));
  EXPECT_FALSE(bad([](Consent& c) { c.categories = {"*", "SOGI", "TRIBAL", "PART2"}; }));
  EXPECT_TRUE(bad([](Consent& c) { c.categories.clear(); }));
  EXPECT_TRUE(bad([](Consent& c) { c.purposes.clear(); }));
  EXPECT_TRUE(bad([](Consent& c) { c.until = c.from; }));
  EXPECT_TRUE(bad([](Consent& c) { c.document = Digest{}; }));
}

// Whatever is on file and in whatever order: silence is never a yes, a refusal that nobody
// overruled is never passed over, and taking a yes back never opens anything.
RC_GTEST_PROP(ConsentProperty, TheOrderDecidesNothingAndNothingOpensByTakingBack, ()) {
  const auto count = *rc::gen::inRange(0, 7);
  std::vector<Consent> consents;
  std::vector<Revocation> revocations;
  const std::vector<std::string> recipients = {kPantry, "class:cbo", "class:payer", "*"};
  const std::vector<std::string> categories = {"food-insecurity", "homelessness", "PART2", "*"};
  for (int i = 0; i < count; ++i) {
    consents.push_back(Make(static_cast<std::uint8_t>(i + 1), *rc::gen::arbitrary<bool>(),
                            *rc::gen::elementOf(recipients), {*rc::gen::elementOf(categories)},
                            *rc::gen::inRange(0, 6)));
    if (*rc::gen::inRange(0, 4) == 0) {
      revocations.push_back({consents.back().id, Day(6), {}});
    }
  }
  const Question question = Ask({*rc::gen::elementOf(
      std::vector<std::string_view>{"food-insecurity", "PART2", "homelessness"})});
  const Decision decision = Decide(consents, revocations, question, Day(8));
  std::vector<Consent> turned = consents;
  std::rotate(turned.begin(), turned.begin() + (count > 1 ? 1 : 0), turned.end());
  const Decision again = Decide(turned, revocations, question, Day(8));
  RC_ASSERT(again.answer == decision.answer);
  RC_ASSERT(again.because == decision.because);
  if (decision.answer == Answer::kGiven) {
    const auto yes = std::find_if(consents.begin(), consents.end(),
                                  [&](const Consent& c) { return c.id == decision.because[0]; });
    RC_ASSERT(yes != consents.end());
    RC_ASSERT(yes->given);
    RC_ASSERT(std::none_of(revocations.begin(), revocations.end(),
                           [&](const Revocation& r) { return r.consent == yes->id; }));
    for (const Consent& no : consents) {
      // A refusal to this very recipient of this very category that came later or at once.
      if (!no.given && no.recipient == kPantry && no.categories[0] == question.categories[0]) {
        RC_ASSERT(no.signed_at < yes->signed_at);
      }
    }
  } else {
    std::vector<Revocation> more = revocations;
    for (const Consent& each : consents) {
      if (each.given) more.push_back({each.id, Day(7), {}});
    }
    RC_ASSERT(Decide(consents, more, question, Day(8)).answer != Answer::kGiven);
  }
}

}  // namespace
}  // namespace equinode::consent
