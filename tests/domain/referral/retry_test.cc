// Asking again, and what one end closes alone.
#include "domain/referral/retry.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "domain/referral/clocks.h"
#include "domain/referral/here.h"
#include "tests/domain/referral/referrals.h"

namespace equinode::referral {
namespace {

using testing::Accepted;
using testing::Day;
using testing::Ended;

TEST(Retry, WhoTurnedItDownIsNotAskedAgain) {
  const Uuid need = testing::Id(200);
  std::vector<View> earlier = {Ended("A", State::kRejected, "no-capacity"),
                               Ended("B", State::kFailed, "expired")};
  EXPECT_EQ(MayRefer(earlier, need, "A").error().reason, "ASKED_BEFORE");
  EXPECT_EQ(MayRefer(earlier, need, "B").error().reason, "ASKED_BEFORE");
  EXPECT_TRUE(MayRefer(earlier, need, "C").ok());
  EXPECT_EQ(MayRefer(earlier, testing::Id(201), "C").error().reason, "OTHER_NEED");
  earlier.push_back(Ended("C", State::kInProgress, ""));
  EXPECT_EQ(MayRefer(earlier, need, "C").error().reason, "STILL_OPEN");
  earlier.back() = Ended("C", State::kCancelled, "requester-withdrew");
  EXPECT_TRUE(MayRefer(earlier, need, "C").ok());
  earlier.back() = Ended("C", State::kEnteredInError, "wrong-person");
  EXPECT_TRUE(MayRefer(earlier, need, "C").ok());
  for (int i = 0; i < 12; ++i) {
    earlier.push_back(Ended("X" + std::to_string(i), State::kRejected, "no-funds"));
  }
  EXPECT_EQ(MayRefer(earlier, need, "Z").error().reason, "TOO_MANY");
}

TEST(Retry, WhoTurnedItDownIsAskedAgainOnceWithAReasonAndInNoOtherWay) {
  View turned_down = Ended("A", State::kRejected, "no-capacity");
  std::vector<View> earlier = {turned_down};
  const auto may = [&](const View& closed, std::string_view next, std::string_view reason) {
    const Status done = MayReopen(closed, earlier, next, reason);
    return done.ok() ? std::string("OK") : done.error().reason;
  };
  EXPECT_EQ(may(turned_down, "A", "capacity-again"), "OK");
  EXPECT_EQ(may(turned_down, "A", ""), "REASON_REQUIRED");
  EXPECT_EQ(may(turned_down, "B", "capacity-again"), "OTHER_ORGANISATION");
  EXPECT_EQ(may(Ended("A", State::kAccepted, ""), "A", "new-facts"), "STILL_OPEN");
  EXPECT_EQ(may(Ended("A", State::kEnteredInError, ""), "A", "new-facts"), "NOT_REOPENED");
  // Open there by another way.
  earlier.push_back(Ended("A", State::kRequested, ""));
  earlier.back().id = testing::Id(10);
  EXPECT_EQ(may(turned_down, "A", "capacity-again"), "STILL_OPEN");
  earlier.back().opening.reopens = turned_down.id;
  earlier.back().state = State::kRejected;
  EXPECT_EQ(may(turned_down, "A", "capacity-again"), "REOPENED_BEFORE");
  EXPECT_EQ(may(earlier.back(), "A", "capacity-again"), "OK") << "what came of it, once more";
  earlier.back().state = State::kEnteredInError;
  EXPECT_EQ(may(turned_down, "A", "capacity-again"), "OK") << "it was a mistake";
  for (int i = 0; i < 12; ++i) {
    earlier.push_back(Ended("X" + std::to_string(i), State::kRejected, "no-funds"));
  }
  EXPECT_EQ(may(turned_down, "A", "capacity-again"), "TOO_MANY");
  EXPECT_EQ(MayFollow(Ended("A", State::kOnHold, "")).error().reason, "STILL_OPEN");
  EXPECT_TRUE(MayFollow(turned_down).ok());
}

TEST(Retry, WhatThisEndClosedAloneIsNotOpen) {
  const Uuid need = testing::Id(200);
  View silent = Ended("A", State::kAccepted, "");
  silent.here.end = EndHere{Grade::kLost, std::string(kSilent), "C", "", Day(200)};
  EXPECT_EQ(MayRefer(std::vector{silent}, need, "A").error().reason, "ASKED_BEFORE");
  EXPECT_TRUE(MayRefer(std::vector{silent}, need, "B").ok());
  EXPECT_TRUE(MayFollow(silent).ok());
  // Nobody turned anybody down where the two ends lost each other's story.
  View forked = silent;
  forked.here.end->reason = kDisagree;
  EXPECT_TRUE(MayRefer(std::vector{forked}, need, "A").ok());
  forked.here.end->grade = Grade::kVoid;
  EXPECT_TRUE(MayRefer(std::vector{forked}, need, "A").ok());
}

TEST(Here, ASilentReferralIsThePeoplesAndThenIsLost) {
  const View view = Accepted(Role::kRequester);
  const Instant expires = ExpiresAt(view);
  EXPECT_EQ(expires, Day(91, 0));
  EXPECT_EQ(LostAt(view), Day(106, 0)) << "day 14 of the grace is in";
  EXPECT_EQ(LooksAgainAt(view, Day(1)), expires);
  EXPECT_EQ(LooksAgainAt(view, expires), LostAt(view));
  EXPECT_EQ(NextActionOf(view, expires)->who, Role::kRequester);
  EXPECT_EQ(NextActionOf(view, expires - Millis(1))->who, Role::kTarget);
  EXPECT_EQ(LostOfSilence(view, LostAt(view) - Millis(1)).error().reason, "NOT_LOST");
  View lost = view;
  lost.here.end = *LostOfSilence(view, LostAt(view));
  EXPECT_EQ(GradeOf(lost), Grade::kLost);
  EXPECT_FALSE(IsOpen(lost));
  EXPECT_FALSE(IsLoopClosed(lost)) << "nobody has seen it";
  EXPECT_EQ(NextActionOf(lost, Day(107))->clock, ClockKind::kAcknowledge);
  EXPECT_FALSE(LooksAgainAt(lost, Day(107)));
  EXPECT_FALSE(HoldsWhenHeard(*lost.here.end));
  lost.here.end->seen = Day(107);
  EXPECT_TRUE(IsLoopClosed(lost));
  EXPECT_FALSE(NextActionOf(lost, Day(200)));
  EXPECT_EQ(EndedAt(lost), Day(106, 0));
  EXPECT_EQ(SeenAt(lost), Day(107));
  // The target's node ends what it holds itself, and never closes a copy for silence.
  const View theirs = Accepted(Role::kTarget);
  EXPECT_EQ(LooksAgainAt(theirs, Day(100)), expires);
  EXPECT_EQ(LostOfSilence(theirs, Day(300)).error().reason, "NOT_LOST");
}

TEST(Here, IsSettledByPeopleWhereTheEndsDisagreeOrOneIsSilent) {
  View view = Accepted(Role::kRequester);
  const auto settle = [&](Grade grade, std::string_view note, Instant now) {
    const auto end = SettledBy(view, "C/operator/ann", grade, note, now);
    return end.ok() ? std::string(Name(end->grade)) + " " + end->reason : end.error().reason;
  };
  EXPECT_EQ(settle(Grade::kLost, "they are gone", Day(90)), "NOTHING_TO_SETTLE");
  EXPECT_EQ(settle(Grade::kLost, "they are gone", Day(91, 0)), "lost expired");
  view.here.role = Role::kTarget;
  EXPECT_EQ(settle(Grade::kLost, "they are gone", Day(91, 0)), "NOTHING_TO_SETTLE");
  view.here.fault_since = Day(5);
  EXPECT_EQ(settle(Grade::kVoid, "by telephone", Day(6)), "void ends-disagree");
  EXPECT_EQ(settle(Grade::kLost, "by telephone", Day(6)), "lost ends-disagree");
  EXPECT_EQ(settle(Grade::kUnmet, "by telephone", Day(6)), "BAD_GRADE");
  EXPECT_EQ(settle(Grade::kVoid, "", Day(6)), "NOTE_REQUIRED");
  EXPECT_EQ(settle(Grade::kVoid, "a\x1b[2J", Day(6)), "BAD_EVENT");
  EXPECT_EQ(NextActionOf(view, Day(6))->clock, ClockKind::kSettle);
  EXPECT_EQ(NextActionOf(view, Day(6))->who, Role::kTarget) << "each end settles its own";
  EXPECT_TRUE(NextActionOf(view, Day(13, 0))->overdue);
  EXPECT_FALSE(LooksAgainAt(view, Day(6))) << "a clock decides nothing here";
  view.here.end = *SettledBy(view, "C/operator/ann", Grade::kVoid, "by telephone", Day(6));
  EXPECT_TRUE(HoldsWhenHeard(*view.here.end));
  EXPECT_EQ(settle(Grade::kVoid, "again", Day(7)), "ENDED_HERE");
  EXPECT_FALSE(NextActionOf(view, Day(7)));
}

}  // namespace
}  // namespace equinode::referral
