// Other systems' words at the node that takes them in; lists by what a filter asks.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "domain/referral/status_words.h"
#include "tests/server/referrals/referral_town.h"

namespace equinode::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

class StatusWordTown : public ReferralTown {
 protected:
  // One that the food bank has; the one of each need before it has ended.
  std::string Arrived() {
    const std::string id = Create();
    Settle();
    return id;
  }
  v1::TakeInStatusRequest Say(const std::string& id, std::string_view system,
                              std::string_view word) {
    v1::TakeInStatusRequest request;
    request.set_referral_id(id);
    request.set_system(std::string(system));
    request.set_word(std::string(word));
    request.set_request_id(bank_.RequestId());
    return request;
  }
  Result<v1::TakeInStatusResponse> Take(const v1::TakeInStatusRequest& request) {
    return bank_.Ask<v1::TakeInStatusResponse>("ReferralService/TakeInStatus", request);
  }
  std::string Outcome(const v1::TakeInStatusRequest& request) {
    const auto taken = Take(request);
    if (!taken.ok()) return taken.error().reason;
    if (taken->behind()) return "behind";
    std::string verbs;
    for (const std::string& each : taken->verbs()) verbs += (verbs.empty() ? "" : " ") + each;
    return verbs.empty() ? "as it was" : verbs;
  }
  // The word that would go out to that system now.
  std::string Out(const std::string& id, std::string_view system) {
    const v1::Referral referral = bank_.Get(id).referral();
    std::string remembered;
    for (const auto& each : referral.words()) {
      if (each.system() == system) remembered = each.word();
    }
    const auto word = referral::WordFor(system, *referral::StateNamed(referral.state()),
                                        referral.closure(), remembered);
    return word.ok() ? std::string(*word) : word.error().reason;
  }

  const std::string consent_ = Consent();
};

// Every word of the map, at a referral that has just come and at one that was accepted: it comes
// out as it came in, also after a restart. What cannot be said is refused, by name.
TEST_F(StatusWordTown, EveryWordComesOutAsItCameIn) {
  std::size_t back = 0, behind = 0;
  std::set<std::string> refused;
  for (const bool accepted : {false, true}) {
    for (const referral::StatusWord& word : referral::StatusWords()) {
      SCOPED_TRACE(std::string(word.system) + ": " + std::string(word.word));
      const std::string id = Arrived();
      if (accepted) {
        ASSERT_EQ(bank_.Do(id, "accept"), "OK");
      }
      const std::string outcome = Outcome(Say(id, word.system, word.word));
      if (outcome == "NO_WAY") {
        EXPECT_EQ(word.closure, "expired");
        refused.insert(std::string(word.system) + ": " + std::string(word.word));
      } else if (outcome == "behind") {
        EXPECT_TRUE(accepted);
        EXPECT_EQ(word.state, referral::State::kRequested);
        ++behind;
      } else {
        if (back % 20 == 0) bank_.Restart();
        EXPECT_EQ(Out(id, word.system), word.word);
        // The same line again changes nothing.
        EXPECT_EQ(Outcome(Say(id, word.system, word.word)), "as it was");
        EXPECT_EQ(Out(id, word.system), word.word);
        ++back;
      }
      Settle();
      ExpectSame(id);
    }
  }
  const std::size_t words = referral::StatusWords().size();
  std::cout << back << " of " << 2 * words << " words come back, " << behind
            << " are older than what is there, " << refused.size() << " refused by name\n";
  EXPECT_EQ(refused, (std::set<std::string>{"Bitfocus Clarity HMIS: Expired",
                                            "HL7 v2 table 0283: HL7 v2 0283 E"}));
  EXPECT_EQ(behind, static_cast<std::size_t>(std::ranges::count(referral::StatusWords(),
                                                                referral::State::kRequested,
                                                                &referral::StatusWord::state)));
  EXPECT_EQ(back + behind + 2 * refused.size(), 2 * words);
}

TEST_F(StatusWordTown, AnExpiryIsTheClocksAndThenItsWordComesBack) {
  const std::string id = Arrived();
  EXPECT_EQ(Outcome(Say(id, "Bitfocus Clarity HMIS", "Expired")), "NO_WAY");
  Later(days(31));
  const auto expired =
      bank_.store.db().Write("expire", [&](Tx& tx) { return bank_.desk->Expire(tx, 10); });
  ASSERT_TRUE(expired.ok() && *expired == 1u);
  EXPECT_EQ(Outcome(Say(id, "Bitfocus Clarity HMIS", "Expired")), "as it was");
  EXPECT_EQ(Out(id, "Bitfocus Clarity HMIS"), "Expired");
  EXPECT_EQ(Outcome(Say(id, "Bitfocus Clarity HMIS", "Completed")), "ENDED_OTHERWISE");
}

TEST_F(StatusWordTown, AWordGoesWhenTheReferralMovesAndEachSystemHasItsOwn) {
  const std::string id = Arrived();
  EXPECT_EQ(Outcome(Say(id, "findhelp", "Referred elsewhere")), "accept start");
  EXPECT_EQ(Outcome(Say(id, "Bitfocus Clarity HMIS", "Pending - In Process")), "as it was");
  EXPECT_EQ(Out(id, "findhelp"), "Referred elsewhere");
  EXPECT_EQ(Out(id, "Bitfocus Clarity HMIS"), "Pending - In Process");
  EXPECT_EQ(Outcome(Say(id, "findhelp", "Not updated")), "behind");
  EXPECT_EQ(Out(id, "findhelp"), "Referred elsewhere") << "an older word takes nothing's place";
  Later(1h);
  EXPECT_EQ(bank_.Do(id, "interim-note", "", "called them"), "OK");
  EXPECT_EQ(Out(id, "findhelp"), "Referred elsewhere");
  EXPECT_EQ(Outcome(Say(id, "findhelp", "Needs client action")), "hold");
  EXPECT_EQ(Out(id, "findhelp"), "Needs client action");
  EXPECT_EQ(bank_.Get(id).referral().reason(), "waiting-on-client");
  EXPECT_EQ(Outcome(Say(id, "findhelp", "Eligible")), "resume");
  EXPECT_EQ(Out(id, "findhelp"), "Eligible");
  Later(1h);
  EXPECT_EQ(bank_.Do(id, "complete"), "OK");
  EXPECT_EQ(Out(id, "findhelp"), "Got help");
  EXPECT_EQ(bank_.Get(id).referral().words_size(), 0);
}

// A hold that came without a day is looked at again when the next word is due, not never.
// After a revocation that was heard no words go back, and the state does.
TEST_F(StatusWordTown, WhatTheConsentNoLongerCoversIsToldWithoutWords) {
  const std::string served = Arrived();
  ASSERT_EQ(bank_.Do(served, "accept"), "OK");
  Settle();
  ASSERT_TRUE(Revoke(consent_).ok());
  Settle();
  EXPECT_EQ(Outcome(Say(served, "findhelp", "Couldn't get help")), "STATUS_ONLY");
  EXPECT_EQ(Outcome(Say(served, "findhelp", "Got help")), "complete");
  const v1::GetReferralResponse shown = bank_.Get(served);
  for (const auto& each : shown.history()) EXPECT_EQ(each.note(), "");
  Settle();
  ExpectSame(served);
  EXPECT_EQ(clinic_.StateOf(served), "completed");
}

TEST_F(StatusWordTown, AHoldIsLookedAtAgain) {
  const std::string id = Arrived();
  EXPECT_EQ(Outcome(Say(id, "findhelp", "Needs client action")), "accept hold");
  const v1::Referral held = bank_.Get(id).referral();
  EXPECT_EQ(held.next_what(), "look at it again");
  EXPECT_EQ(*wire::InstantFrom(held.next_by(), ""), kReferralDay + days(31));
}

TEST_F(StatusWordTown, AllVerbsOfAWordOrNone) {
  const std::string id = Arrived();
  auto request = Say(id, "findhelp", "Got help");
  request.set_reported_by(
      "Tim\x01");  // The second verb cannot be: the first did not happen either.
  EXPECT_EQ(Outcome(request), "BAD_EVENT");
  EXPECT_EQ(bank_.StateOf(id), "requested");
  EXPECT_TRUE(bank_.Get(id).referral().words().empty());
  request = Say(id, "findhelp", "Got help");
  request.set_check_only(true);
  EXPECT_EQ(Outcome(request), "accept complete");
  EXPECT_EQ(bank_.StateOf(id), "requested");
  // The same request again has the same answer and no second effect.
  request = Say(id, "findhelp", "Got help");
  EXPECT_EQ(Outcome(request), "accept complete");
  EXPECT_EQ(Outcome(request), "accept complete");
  EXPECT_EQ(bank_.Get(id).history_size(), 4);
}

TEST_F(StatusWordTown, TheDayThatWasSaidIsKeptAndBounded) {
  const std::string id = Arrived();
  Later(days(5));
  const auto said = [&](Instant on) {
    auto request = Say(id, "findhelp", "Pending");
    wire::SetTimestamp(on, request.mutable_said_on());
    return request;
  };
  EXPECT_EQ(Outcome(said(kReferralDay + days(7))), "BAD_STATUS_DAY") << "the day after tomorrow";
  EXPECT_EQ(Outcome(said(kReferralDay - days(2))), "BAD_STATUS_DAY") << "before it was made";
  EXPECT_EQ(bank_.StateOf(id), "requested");
  EXPECT_EQ(Outcome(said(kReferralDay + days(3) + 11h)), "accept start");
  const v1::Referral referral = bank_.Get(id).referral();
  ASSERT_EQ(referral.words_size(), 1);
  EXPECT_EQ(*wire::InstantFrom(referral.words(0).said_on(), ""), kReferralDay + days(3));
  EXPECT_EQ(*wire::InstantFrom(referral.words(0).taken_in(), ""), kReferralDay + days(5));
  // The moment of the state is of the event that led to it, not of what came after.
  Later(days(1));
  EXPECT_EQ(bank_.Do(id, "interim-note", "", "called them"), "OK");
  EXPECT_EQ(*wire::InstantFrom(bank_.Get(id).referral().state_since(), ""), kReferralDay + days(5));
}

TEST_F(StatusWordTown, OnlyWhoWasAskedAndOnlyOfItsOwn) {
  const std::string id = Arrived();
  const auto ours = clinic_.Ask<v1::TakeInStatusResponse>("ReferralService/TakeInStatus",
                                                          Say(id, "findhelp", "Got help"));
  EXPECT_EQ(ours.error().reason, "NOT_YOUR_MOVE");
  EXPECT_EQ(Outcome(Say(id, "findhelp", "Got helped")), "NO_SUCH_STATUS");
  EXPECT_EQ(Outcome(Say(id, "Findhelp", "Got help")), "NO_SUCH_SYSTEM");
  EXPECT_EQ(Outcome(Say(Uuid::MakeV7(bank_.now(), bank_.random).ToString(), "findhelp", "Pending")),
            "NO_SUCH_REFERRAL");
  EXPECT_EQ(Outcome(Say("17", "findhelp", "Pending")), "BAD_REFERRAL_ID");
}

TEST_F(StatusWordTown, ListsAreFilteredByDomainOrganisationAndLateness) {
  const std::string food = Arrived();
  Consent(true, "transportation-insecurity");
  auto ride = Request();
  ride.set_domain("transportation-insecurity");
  const std::string late = Create(ride);
  Settle();
  const auto listed = [&](ReferralNode& node, auto set) {
    v1::ListReferralsRequest request;
    set(request);
    const auto list = node.Ask<v1::ListReferralsResponse>("ReferralService/ListReferrals", request);
    if (!list.ok()) return std::set<std::string>{list.error().reason};
    std::set<std::string> ids;
    for (const v1::Referral& each : list->referrals()) EXPECT_TRUE(ids.insert(each.id()).second);
    return ids;
  };
  using Ids = std::set<std::string>;
  const Ids both{food, late}, none{};
  for (ReferralNode* node : {&clinic_, &bank_}) {
    EXPECT_EQ(listed(*node, [](auto& r) { r.set_domain("food-insecurity"); }), Ids{food});
    EXPECT_EQ(listed(*node, [](auto& r) { r.set_domain("homelessness"); }), none);
    EXPECT_EQ(listed(*node, [](auto& r) { r.set_domain("food"); }), Ids{"UNKNOWN_DOMAIN"});
    EXPECT_EQ(listed(*node, [&](auto& r) { r.set_organisation(bank_.uri); }), both);
    EXPECT_EQ(listed(*node, [](auto& r) { r.set_organisation("the bank"); }), Ids{"BAD_IDENTITY"});
    EXPECT_EQ(listed(*node, [](auto& r) { r.set_overdue_only(true); }), none);
  }
  // At the other end the clinic is who asks; at its own it is nobody's other end.
  EXPECT_EQ(listed(bank_, [&](auto& r) { r.set_organisation(clinic_.uri); }), both);
  EXPECT_EQ(listed(clinic_, [&](auto& r) { r.set_organisation(clinic_.uri); }), none);
  ASSERT_EQ(bank_.Do(food, "accept"), "OK");
  Settle();
  // A routine answer is due within 7 days, the contact after an acceptance within 14.
  Later(days(8));
  for (ReferralNode* node : {&clinic_, &bank_}) {
    EXPECT_EQ(listed(*node, [](auto& r) { r.set_overdue_only(true); }), Ids{late});
    EXPECT_EQ(listed(*node,
                     [&](auto& r) {
                       r.set_overdue_only(true);
                       r.set_domain("food-insecurity");
                       r.set_organisation(bank_.uri);
                     }),
              none);
  }
  // What has ended and was seen is late for nobody.
  ASSERT_EQ(bank_.Do(late, "reject", "no-capacity"), "OK");
  Settle();
  ASSERT_EQ(clinic_.Do(late, "acknowledge"), "PROPOSED");
  Settle();
  EXPECT_EQ(listed(bank_, [](auto& r) { r.set_overdue_only(true); }), none);
}

}  // namespace
}  // namespace equinode::testing
