// Clocks, capacity, orders, splitting, asking again, other systems' words.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "domain/referral/capacity.h"
#include "domain/referral/catch_up.h"
#include "domain/referral/clocks.h"
#include "domain/referral/evidence.h"
#include "domain/referral/here.h"
#include "domain/referral/order.h"
#include "domain/referral/retry.h"
#include "domain/referral/split.h"
#include "domain/referral/status_words.h"
#include "tests/domain/referral/referrals.h"

namespace equinode::referral {
namespace {

using testing::Day;
using testing::Story;

TEST(Clocks, DayThirtyIsInAndDayThirtyOneIsOut) {
  EXPECT_TRUE(WithinIntervention(Day(0, 23), Day(30, 23)));
  EXPECT_TRUE(WithinIntervention(Day(0, 1), Day(30, 23)));
  EXPECT_FALSE(WithinIntervention(Day(0, 23), Day(31, 0)));
  EXPECT_TRUE(WithinIntervention(Day(0, 12), Day(0, 1))) << "the same day counts";
  EXPECT_FALSE(WithinIntervention(Day(1), Day(0)));

  Story story;
  ASSERT_TRUE(story.Add(EventKind::kCreate, Role::kRequester, Day(0)).ok());
  ASSERT_TRUE(story.Add(EventKind::kReceive, Role::kTargetNode, Day(0)).ok());
  Event expire = testing::Whole(EventKind::kExpire, Role::kTargetNode, Day(30, 23));
  EXPECT_EQ(story.Add(expire, Day(30, 23)).error().reason, "NOT_EXPIRED");
  Story in_time = story;
  EXPECT_TRUE(in_time.Add(EventKind::kAccept, Role::kTarget, Day(30, 23)).ok());
  EXPECT_TRUE(story.Add(expire, Day(31, 0)).ok());
  EXPECT_EQ(GradeOf(story.chain.view), Grade::kLost);
}

TEST(Clocks, EveryClockHasARowForEveryPriority) {
  for (const Priority priority :
       {Priority::kRoutine, Priority::kUrgent, Priority::kAsap, Priority::kStat}) {
    for (int clock = 1; clock <= 12; ++clock) {
      const auto kind = static_cast<ClockKind>(clock);
      EXPECT_NE(Name(kind), "?");
      if (kind != ClockKind::kReview) {
        EXPECT_GT(DueAt(kind, priority, Day(0)), Day(0)) << Name(kind);
      }
    }
  }
  EXPECT_LT(DueAt(ClockKind::kRespond, Priority::kStat, Day(0)),
            DueAt(ClockKind::kRespond, Priority::kAsap, Day(0)));
}

TEST(Clocks, SomebodyActsNextUntilTheLoopIsClosed) {
  Story story;
  const auto next = [&](Instant now) { return NextActionOf(story.chain.view, now); };
  ASSERT_TRUE(story.Add(EventKind::kCreate, Role::kRequester, Day(0)).ok());
  EXPECT_EQ(next(Day(1))->clock, ClockKind::kRespond);
  EXPECT_EQ(next(Day(1))->who, Role::kTarget);
  EXPECT_FALSE(next(Day(7))->overdue);
  EXPECT_TRUE(next(Day(8, 0))->overdue);
  EXPECT_EQ(next(Day(40))->who, Role::kRequester);
  ASSERT_TRUE(story.Add(EventKind::kReceive, Role::kTargetNode, Day(1)).ok());
  ASSERT_TRUE(story.Add(EventKind::kAccept, Role::kTarget, Day(2)).ok());
  EXPECT_EQ(next(Day(3))->clock, ClockKind::kContact);
  ASSERT_TRUE(story.Add(EventKind::kSchedule, Role::kTarget, Day(3)).ok());
  EXPECT_EQ(next(Day(4))->clock, ClockKind::kAppointment);
  ASSERT_TRUE(story.Add(EventKind::kNoShow, Role::kTarget, Day(7)).ok());
  EXPECT_EQ(next(Day(8))->clock, ClockKind::kUpdate);
  ASSERT_TRUE(story.Add(EventKind::kHold, Role::kTarget, Day(8)).ok());
  EXPECT_EQ(next(Day(8))->clock, ClockKind::kReview);
  ASSERT_TRUE(story.Add(EventKind::kCancel, Role::kRequester, Day(9)).ok());
  EXPECT_EQ(next(Day(9))->clock, ClockKind::kCancel);
  EXPECT_EQ(next(Day(120))->clock, ClockKind::kSilence);
  EXPECT_EQ(next(Day(120))->who, Role::kRequester);
  Event confirm = testing::Whole(EventKind::kConfirmCancel, Role::kTarget, Day(10), 30);
  ASSERT_TRUE(story.Add(confirm, Day(10)).ok());
  EXPECT_EQ(next(Day(10))->clock, ClockKind::kAcknowledge);
  ASSERT_TRUE(story.Add(EventKind::kAcknowledge, Role::kRequester, Day(11)).ok());
  EXPECT_FALSE(next(Day(12)).has_value());
  EXPECT_TRUE(IsLoopClosed(story.chain.view));
}

TEST(Capacity, WhatIsOldIsNotKnown) {
  Capacity capacity{"spiffe://net/cbo/a",
                    "food-insecurity",
                    CapacityStatus::kCapacity,
                    "spiffe://net/cbo/a/operator/b",
                    Day(1),
                    Day(3)};
  EXPECT_TRUE(CheckCapacity(capacity).ok());
  EXPECT_EQ(StatusAt(capacity, Day(0)), CapacityStatus::kUnknown);
  EXPECT_EQ(StatusAt(capacity, Day(1)), CapacityStatus::kCapacity);
  EXPECT_EQ(StatusAt(capacity, Day(3)), CapacityStatus::kUnknown);
  Capacity full = capacity;
  full.status = CapacityStatus::kNoCapacity;
  EXPECT_EQ(Newer(capacity, full).status, CapacityStatus::kNoCapacity);
  EXPECT_EQ(Newer(full, capacity).status, CapacityStatus::kNoCapacity);
  capacity.said_at = Day(2);
  EXPECT_EQ(Newer(full, capacity).status, CapacityStatus::kCapacity);
  capacity.until = Day(40);
  EXPECT_EQ(CheckCapacity(capacity).error().reason, "BAD_CAPACITY");
}

Order EverythingKnown() {
  Order order;
  for (const std::string_view field : OrderFields()) {
    order[std::string(field)] = "canary-" + std::string(field);
  }
  // Two say how the rest is to be treated, in words of their own.
  order["label"] = "PART2";
  order["tell_back"] = "status-only";
  return order;
}

TEST(Order, WhatIsNotOnTheDomainsListCannotLeave) {
  const std::set<std::string> domains = {"food-insecurity",
                                         "homelessness",
                                         "elder-abuse",
                                         "intimate-partner-violence",
                                         "transportation-insecurity",
                                         "a-domain-that-no-row-names"};
  for (const std::string& domain : domains) {
    const Result<TargetOrder> target = ForTarget(EverythingKnown(), domain);
    ASSERT_TRUE(target.ok()) << target.error().message;
    const Bytes bytes = target->Serialise();
    const std::string_view wire = AsText(bytes);
    std::size_t kept = 0;
    for (const std::string_view field : OrderFields()) {
      const std::string canary = "canary-" + std::string(field);
      // A canary may be the beginning of another (service, service_text): look for its field.
      EXPECT_EQ(target->fields().contains(field), MayHave(domain, field)) << domain << field;
      if (!MayHave(domain, field)) {
        EXPECT_EQ(wire.find(canary), std::string_view::npos) << domain << " " << field;
      }
      kept += MayHave(domain, field);
    }
    EXPECT_EQ(target->fields().size(), kept);
    const Result<TargetOrder> back = TargetOrderFrom(bytes);
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_EQ(back->fields(), target->fields());
  }
  EXPECT_FALSE(MayHave("intimate-partner-violence", "address"));
  EXPECT_FALSE(MayHave("intimate-partner-violence", "email"));
  EXPECT_FALSE(MayHave("food-insecurity", "diagnosis"));
}

TEST(Order, ASensitiveNeedSaysHowContactIsSafe) {
  Order order{{"service_text", "shelter"}, {"client_name", "A"}};
  EXPECT_EQ(ForTarget(order, "intimate-partner-violence").error().reason, "SAFE_CONTACT_NEEDED");
  order["safe_contact"] = "only by phone, mornings";
  EXPECT_TRUE(ForTarget(order, "intimate-partner-violence").ok());
  order["blood_type"] = "0";
  EXPECT_EQ(ForTarget(order, "food-insecurity").error().reason, "NO_SUCH_FIELD");
  EXPECT_EQ(ForTarget({{"client_name", "A"}}, "food-insecurity").error().reason, "SERVICE_NEEDED");
}

TEST(Order, BytesThatNobodyMayHaveSentAreNotTaken) {
  Order order{{"service_text", "food"}, {"diet", "halal"}};
  Bytes bytes = ForTarget(order, "food-insecurity")->Serialise();
  // The same bytes under a domain that may not have the diet.
  std::string text(AsText(bytes));
  const std::size_t at = text.find("food-insecurity");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 15, "veteran-status!");
  EXPECT_EQ(TargetOrderFrom(AsBytes(text)).error().reason, "BAD_ORDER");
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_FALSE(TargetOrderFrom(ByteView(bytes).first(cut)).ok());
  }
}

View ViewIn(State state, std::string reason = "no-funds") {
  View view;
  view.state = state;
  view.reason = std::move(reason);
  return view;
}
View ClosedHere(State state, Grade grade) {
  View view = ViewIn(state, "");
  view.here.end = EndHere{grade, std::string(kSilent), "spiffe://net/practice/clinic", "", Day(50)};
  return view;
}
Child ChildIn(State state) { return ChildOf(ViewIn(state)); }

TEST(Split, TheParentFollows) {
  const auto parent = [](std::vector<State> states) {
    std::vector<Child> children;
    for (const State state : states) children.push_back(ChildIn(state));
    return ParentOf(children);
  };
  using enum State;
  // Nobody has accepted by being asked.
  EXPECT_EQ(parent({}).state, kRequested);
  EXPECT_EQ(parent({kDraft, kEnteredInError}).state, kRequested);
  EXPECT_EQ(parent({kRequested, kRequested}).state, kRequested);
  EXPECT_EQ(parent({kRequested, kRejected}).state, kRequested);
  EXPECT_EQ(parent({kRequested, kCompleted}).state, kInProgress);
  EXPECT_EQ(parent({kRequested, kAccepted}).state, kInProgress);
  EXPECT_EQ(parent({kOnHold, kOnHold, kRejected}).state, kOnHold);
  EXPECT_EQ(parent({kOnHold, kInProgress}).state, kInProgress);
  EXPECT_EQ(parent({kCompleted, kCompleted}).state, kCompleted);
  EXPECT_FALSE(parent({kCompleted, kCompleted}).partial());
  EXPECT_EQ(parent({kCompleted, kFailed}).state, kCompleted);
  EXPECT_TRUE(parent({kCompleted, kFailed}).partial());
  EXPECT_EQ(parent({kCancelled, kCancelled}).state, kCancelled);
  EXPECT_EQ(parent({kCancelled, kRejected}).state, kFailed);
  EXPECT_EQ(parent({kRejected, kRejected}).reason, "no-funds");
}

// A child as it can be, and what the rule of split.h says that it is.
struct Kind {
  const char* name;
  View view;
  char is;  // '-' does not count, r requested, t taken on, h on hold, e served with evidence,
            // s served as reported, c cancelled, f failed, rejected, l lost.
};
std::vector<Kind> Kinds() {
  View evidence = ViewIn(State::kCompleted, "");
  evidence.evidence = true;
  return {{"none", ViewIn(State::kNone), '-'},
          {"draft", ViewIn(State::kDraft), '-'},
          {"in error", ViewIn(State::kEnteredInError), '-'},
          {"void here", ClosedHere(State::kAccepted, Grade::kVoid), '-'},
          {"requested", ViewIn(State::kRequested, ""), 'r'},
          {"accepted", ViewIn(State::kAccepted, ""), 't'},
          {"in progress", ViewIn(State::kInProgress, ""), 't'},
          {"on hold", ViewIn(State::kOnHold, "waiting-list"), 'h'},
          {"evidence", evidence, 'e'},
          {"reported", ViewIn(State::kCompleted, ""), 's'},
          {"cancelled", ViewIn(State::kCancelled, "client-declined"), 'c'},
          {"withdrawn", ViewIn(State::kCancelled, "requester-withdrew"), 'c'},
          {"rejected", ViewIn(State::kRejected, "no-funds"), 'f'},
          {"failed", ViewIn(State::kFailed, "unreachable"), 'f'},
          {"expired", ViewIn(State::kFailed, "expired"), 'l'},
          {"lost here", ClosedHere(State::kInProgress, Grade::kLost), 'l'}};
}

// The rule of split.h read once more, by counting.
Parent RuleOf(const std::vector<const Kind*>& children) {
  const auto count = [&](std::string_view of) {
    return static_cast<std::uint32_t>(std::ranges::count_if(
        children, [&](const Kind* each) { return of.find(each->is) != std::string_view::npos; }));
  };
  Parent parent;
  parent.open = count("rth");
  parent.served = count("es");
  parent.unserved = count("cfl");
  if (parent.open + parent.served + parent.unserved == 0) {
    parent.state = State::kRequested;
  } else if (parent.open > 0 && count("th") == 0 && parent.served == 0) {
    parent.state = State::kRequested;
  } else if (parent.open > 0 && count("h") == parent.open) {
    parent.state = State::kOnHold;
  } else if (parent.open > 0) {
    parent.state = State::kInProgress;
  } else if (parent.served > 0) {
    parent.state = State::kCompleted;
    parent.grade = count("s") == 0 ? Grade::kServedWithEvidence : Grade::kServedAsReported;
  } else {
    parent.state = count("c") == parent.unserved ? State::kCancelled : State::kFailed;
    parent.grade = count("l") == parent.unserved ? Grade::kLost : Grade::kUnmet;
    std::set<std::string> reasons;
    for (const Kind* each : children) {
      if (each->is == '-') continue;
      reasons.insert(each->view.here.end ? "expired" : each->view.reason);
    }
    parent.reason = reasons.size() == 1 ? *reasons.begin() : "other";
  }
  return parent;
}

TEST(Split, AllCombinationsOfChildrenFollowTheRule) {
  const std::vector<Kind> kinds = Kinds();
  std::size_t combinations = 0;
  std::map<std::string_view, std::size_t> grades;
  std::vector<std::size_t> pick;
  const std::function<void(std::size_t)> go = [&](std::size_t left) {
    std::vector<const Kind*> picked;
    std::vector<Child> children;
    std::string names;
    for (const std::size_t each : pick) {
      picked.push_back(&kinds[each]);
      children.push_back(ChildOf(kinds[each].view));
      names += std::string(kinds[each].name) + "; ";
    }
    const Parent parent = ParentOf(children);
    ++combinations;
    ++grades[Name(parent.grade)];
    ASSERT_EQ(parent, RuleOf(picked)) << names << Name(parent.state) << " " << Name(parent.grade);
    std::reverse(children.begin(), children.end());
    ASSERT_EQ(ParentOf(children), parent) << names;
    if (left == 0) return;
    for (std::size_t each = pick.empty() ? 0 : pick.back(); each < kinds.size(); ++each) {
      pick.push_back(each);
      go(left - 1);
      pick.pop_back();
    }
  };
  go(4);
  std::cout << combinations << " combinations of children:";
  for (const auto& [grade, count] : grades) std::cout << " " << grade << " " << count;
  std::cout << "\n";
  EXPECT_EQ(grades.size(), 5u);
}

View Ended(std::string owner, State state, std::string reason) {
  View view;
  view.id = testing::Id(9);
  view.opening = testing::OpeningAt(Day(0), owner);
  view.owner = std::move(owner);
  view.state = state;
  view.reason = std::move(reason);
  return view;
}

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

// An accepted referral at the requester's end, 90 silent days and the grace after them.
View Accepted(Role role) {
  View view = Ended("spiffe://net/cbo/foodbank", State::kAccepted, "");
  view.sent = view.created = view.received = view.accepted = Day(0);
  view.last_by_target = Day(0);
  view.here.role = role;
  return view;
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

TEST(Evidence, IsOfAKnownSystemOfItsTimeOrOfADocument) {
  const auto check = [](Evidence::Kind kind, std::string system, std::string code, Instant at,
                        std::uint8_t document = 0) {
    Evidence evidence{kind, std::move(system), std::move(code), at, {}};
    evidence.document.fill(document);
    const Status done = CheckEvidence(evidence, Day(10), Day(20));
    return done.ok() ? std::string("OK") : done.error().message;
  };
  using enum Evidence::Kind;
  const char* snomed = "http://snomed.info/sct";
  EXPECT_EQ(check(kProcedure, snomed, "467771000124109", Day(15)), "OK");
  EXPECT_EQ(check(kProcedure, snomed, "467771000124109", Day(9, 0)), "OK") << "their same day";
  EXPECT_NE(check(kProcedure, snomed, "467771000124109", Day(9, 0) - Millis(1)), "OK");
  EXPECT_EQ(check(kProcedure, snomed, "467771000124109", Day(21)), "OK");
  EXPECT_NE(check(kProcedure, snomed, "467771000124109", Day(21) + Millis(1)), "OK");
  for (const char* wrong : {"", "12345", "bar", "0123456", "1234567890123456789", "46777 1000"}) {
    EXPECT_EQ(check(kProcedure, snomed, wrong, Day(15)), "that is no code of SNOMED CT") << wrong;
  }
  EXPECT_NE(check(kProcedure, "foo", "bar", Day(15)).find("--reported-by"), std::string::npos);
  EXPECT_EQ(check(kProcedure, "http://www.ama-assn.org/go/cpt", "96156", Day(15)), "OK");
  EXPECT_EQ(check(kProcedure, "http://www.ama-assn.org/go/cpt", "0591T", Day(15)), "OK");
  EXPECT_EQ(check(kProcedure, "urn:oid:2.16.840.1.113883.6.285", "G0019", Day(15)), "OK");
  EXPECT_NE(check(kProcedure, "urn:oid:2.16.840.1.113883.6.285", "g0019", Day(15)), "OK");
  EXPECT_EQ(check(kProcedure, "http://loinc.org", "96777-8", Day(15)), "OK");
  EXPECT_NE(check(kProcedure, "http://loinc.org", "967778", Day(15)), "OK");
  EXPECT_EQ(check(kServiceRecord, "https://foodbank.example/visits", "17", Day(15), 1), "OK");
  EXPECT_NE(check(kServiceRecord, "https://foodbank.example/visits", "17", Day(15), 0), "OK");
  EXPECT_NE(check(kServiceRecord, "foodbank visits", "17", Day(15), 1), "OK");
  EXPECT_NE(check(kServiceRecord, "https://foodbank.example/visits", "17", Day(0), 1), "OK");
}

// A node of another make may link what is no evidence: at both ends it is somebody's word.
TEST(Evidence, WhatIsNoneIsGradedAsReported) {
  View view = Accepted(Role::kTarget);
  view.owner = view.opening.owner;
  Event complete = testing::Whole(EventKind::kComplete, Role::kTarget, Day(5));
  complete.referral = view.id;
  complete.evidence = {{Evidence::Kind::kProcedure, "foo", "bar", Day(-49000), {}}};
  EXPECT_EQ(GradeOf(*Apply(view, complete, Day(5))), Grade::kServedAsReported);
  EXPECT_EQ(CheckSaid(view, complete).error().reason, "BAD_EVIDENCE");
  complete.evidence.push_back(
      {Evidence::Kind::kProcedure, "http://snomed.info/sct", "467771000124109", Day(5), {}});
  EXPECT_EQ(GradeOf(*Apply(view, complete, Day(5))), Grade::kServedWithEvidence);
  Event hold = testing::Whole(EventKind::kHold, Role::kTarget, Day(5));
  hold.when = Day(4);
  EXPECT_TRUE(CheckSaid(view, hold).ok());
  hold.when = Day(4) - Millis(1);
  EXPECT_EQ(CheckSaid(view, hold).error().reason, "BAD_TIME");
}

TEST(StatusWords, TheBestThatASystemCanSay) {
  const auto word = [](std::string_view system, State state, std::string_view closure,
                       std::string_view remembered = "") {
    const auto found = WordFor(system, state, closure, remembered);
    return found.ok() ? std::string(*found) : found.error().reason;
  };
  // Several words of ours for one: the one that came in; without it the one that says the same.
  EXPECT_EQ(word("findhelp", State::kInProgress, "none"), "Pending");
  EXPECT_EQ(word("findhelp", State::kInProgress, "none", "Referred elsewhere"),
            "Referred elsewhere");
  EXPECT_EQ(word("360X (NextGen)", State::kRejected, "other", "Declined"), "Declined");
  EXPECT_EQ(word("findhelp", State::kInProgress, "none", "a word of another system"), "Pending");
  // The same kind of end, else the system's word for an end that is none of its others.
  EXPECT_EQ(word("findhelp", State::kFailed, "no-capacity"), "No capacity");
  EXPECT_EQ(word("DHCS CLR", State::kRejected, "no-capacity"), "Referral Loop Closed: Other");
  EXPECT_EQ(word("DHCS CLR", State::kCancelled, "no-capacity"), "Referral Loop Closed: Other");
  EXPECT_EQ(word("IRIS (KU)", State::kFailed, "unable-to-reach"), "Rejected");
  // Nothing that would not be true.
  EXPECT_EQ(word("DHCS CLR", State::kOnHold, "none"), "NO_WORD");
  EXPECT_EQ(word("DHCS CLR", State::kEnteredInError, "none"), "NO_WORD");
  EXPECT_EQ(word("HL7 v2 table 0283", State::kCompleted, "service-received"), "NO_WORD");
  EXPECT_EQ(StatusFrom("findhelp", "Got helped").error().reason, "NO_SUCH_STATUS");
  EXPECT_EQ(StatusFrom("nobody", "x").error().reason, "NO_SUCH_SYSTEM");
}

TEST(StatusWords, AWordIsTrueUntilTheReferralMoves) {
  Story story;
  ASSERT_TRUE(story.Add(EventKind::kCreate, Role::kRequester, Day(0)).ok());
  ASSERT_TRUE(story.Add(EventKind::kReceive, Role::kTargetNode, Day(1)).ok());
  EXPECT_EQ(story.chain.view.since, Day(0)) << "a receipt moves nothing";
  ASSERT_TRUE(story.Add(EventKind::kAccept, Role::kTarget, Day(2)).ok());
  EXPECT_EQ(story.chain.view.since, Day(2));
  ASSERT_TRUE(story.Add(EventKind::kStart, Role::kTarget, Day(3)).ok());
  const TakenWord word{"findhelp", "Pending", Day(3), std::nullopt, State::kInProgress, Day(3)};
  EXPECT_TRUE(StillTrue(word, story.chain.view));
  ASSERT_TRUE(story.Add(EventKind::kInterimNote, Role::kTarget, Day(4)).ok());
  EXPECT_TRUE(StillTrue(word, story.chain.view)) << "a note moves nothing";
  ASSERT_TRUE(story.Add(EventKind::kHold, Role::kTarget, Day(5)).ok());
  EXPECT_FALSE(StillTrue(word, story.chain.view));
  ASSERT_TRUE(story.Add(EventKind::kResume, Role::kTarget, Day(6)).ok());
  EXPECT_FALSE(StillTrue(word, story.chain.view)) << "it came back to that state in between";
}

TEST(StatusWords, AreTheReferences) {
  const char* root = std::getenv("EQUINODE_REFERENCE_DIR");
  const std::filesystem::path file =
      std::filesystem::path(root ? root : "../shared/reference") / "sdoh/referral_status_map.csv";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference folder";
  const auto read = [](const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  };
  EXPECT_EQ(read(file), read("domain/referral/data/status_words.csv"));
}

// From every state every word of every system leads, by moves of the machine, to where it says; or
// is older than what is here; or why not is said.
TEST(CatchUp, EveryWordOfEverySystemIsReachedByMovesOrRefused) {
  std::size_t reached = 0, behind = 0, refused = 0;
  for (const StatusWord& word : StatusWords()) {
    for (const State from :
         {State::kRequested, State::kAccepted, State::kInProgress, State::kOnHold,
          State::kCompleted, State::kRejected, State::kFailed, State::kCancelled}) {
      SCOPED_TRACE(std::string(Name(from)) + " to " + std::string(word.system) + " " +
                   std::string(word.word));
      View view;
      view.id = testing::Id(100);
      view.opening = testing::OpeningAt(testing::Day(0));
      view.owner = view.opening.owner;
      view.state = from;
      view.received = testing::Day(0);
      const auto way = CatchUp(view, word, "");
      if (!way.ok()) {
        EXPECT_TRUE(way.error().reason == "ENDED_OTHERWISE" || way.error().reason == "NO_WAY");
        EXPECT_TRUE(IsFinal(from) || word.closure == "expired");
        ++refused;
        continue;
      }
      if (way->behind) {
        EXPECT_TRUE(way->steps.empty());
        EXPECT_FALSE(IsFinal(word.state));
        ++behind;
        continue;
      }
      for (const CatchUpStep& step : way->steps) {
        Event event = testing::Whole(step.verb, Role::kTarget, testing::Day(3));
        event.reason = step.reason;
        if (step.wants_day) event.when = ReviewOf(view, testing::Day(3));
        const auto next = Apply(view, event, testing::Day(3));
        ASSERT_TRUE(next.ok()) << Name(step.verb) << ": " << next.error().message;
        view = *next;
      }
      if (!way->steps.empty()) {
        const bool ended_late = word.state == State::kRejected && from != State::kRequested;
        const bool goes_on = word.state == State::kAccepted && from == State::kOnHold;
        EXPECT_EQ(view.state, ended_late ? State::kFailed
                              : goes_on  ? State::kInProgress
                                         : word.state);
        if (IsSpecific(word.closure)) {
          EXPECT_EQ(ClosureCategory(view), word.closure);
        }
      }
      // What was brought there is there: nothing more to do, and nothing against it.
      const auto again = CatchUp(view, word, "");
      ASSERT_TRUE(again.ok()) << again.error().message;
      EXPECT_TRUE(again->steps.empty());
      ++reached;
    }
  }
  std::cout << reached << " ways, " << behind << " older than what is there, " << refused
            << " refused with a reason\n";
  EXPECT_GT(reached, 150u);
  EXPECT_GT(behind, 20u);
  EXPECT_GT(refused, 20u);
}

TEST(CatchUp, AReasonBesideTheWordIsTheWordsOrDecidesWhereItSaysNone) {
  const auto out = [](std::string_view system, std::string_view word, std::string_view closure) {
    View view;
    view.opening = testing::OpeningAt(testing::Day(0));
    view.state = State::kRequested;
    const auto way = CatchUp(view, *StatusFrom(system, word), closure);
    if (!way.ok()) return way.error().reason;
    return way->steps.empty() ? std::string("nothing") : way->steps.back().reason;
  };
  EXPECT_EQ(out("findhelp", "No capacity", ""), "no-capacity");
  EXPECT_EQ(out("findhelp", "No capacity", "no-capacity"), "no-capacity");
  EXPECT_EQ(out("findhelp", "No capacity", "not-eligible"), "CLOSURE_DISAGREES");
  EXPECT_EQ(out("IRIS (KU)", "Rejected", ""), "other");
  EXPECT_EQ(out("IRIS (KU)", "Rejected", "not-eligible"), "not-eligible");
  EXPECT_EQ(out("IRIS (KU)", "Rejected", "service-received"), "CLOSURE_DISAGREES");
  EXPECT_EQ(out("IRIS (KU)", "Rejected", "mislaid"), "CLOSURE_DISAGREES");
  EXPECT_EQ(out("findhelp", "Got help", "service-received"), "");
  EXPECT_EQ(out("findhelp", "Got help", "no-capacity"), "CLOSURE_DISAGREES");
  EXPECT_EQ(out("findhelp", "Pending", "no-capacity"), "CLOSURE_DISAGREES");
  EXPECT_EQ(out("findhelp", "Pending", "none"), "");
}

TEST(CatchUp, AnEndForAnotherReasonIsAnotherEnd) {
  View view;
  view.opening = testing::OpeningAt(testing::Day(0));
  view.state = State::kFailed;
  view.reason = "no-capacity";
  const auto why = [&](std::string_view word) {
    const auto way = CatchUp(view, *StatusFrom("findhelp", word), "");
    return way.ok() ? std::string(way->behind ? "behind" : "OK") : way.error().reason;
  };
  EXPECT_EQ(why("No capacity"), "OK");
  EXPECT_EQ(why("Couldn't get help"), "OK") << "it says no more than that";
  EXPECT_EQ(why("Couldn't contact"), "ENDED_OTHERWISE");
  EXPECT_EQ(why("Got help"), "ENDED_OTHERWISE");
  EXPECT_EQ(why("Pending"), "behind");
}

}  // namespace
}  // namespace equinode::referral
