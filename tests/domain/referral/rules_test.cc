// Clocks, capacity, orders, splitting, asking again, other systems' words.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "domain/referral/capacity.h"
#include "domain/referral/catch_up.h"
#include "domain/referral/clocks.h"
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
    for (int clock = 1; clock <= 10; ++clock) {
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
  EXPECT_EQ(NotificationText("R-1"), "Referral R-1 has news.");
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

Child ChildIn(State state) {
  View view;
  view.state = state;
  view.reason = "no-funds";
  return ChildOf(view);
}

TEST(Split, TheParentFollows) {
  const auto parent = [](std::vector<State> states) {
    std::vector<Child> children;
    for (const State state : states) children.push_back(ChildIn(state));
    return ParentOf(children);
  };
  using enum State;
  EXPECT_EQ(parent({}).state, kAccepted);
  EXPECT_EQ(parent({kDraft, kEnteredInError}).state, kAccepted);
  EXPECT_EQ(parent({kRequested, kRequested}).state, kAccepted);
  EXPECT_EQ(parent({kRequested, kRejected}).state, kAccepted);
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

// All combinations of up to four children in every state: the parent's state is legal, the order of
// children decides nothing, a child that does not count changes nothing.
TEST(Split, AllCombinations) {
  std::size_t combinations = 0;
  std::vector<std::size_t> pick;
  const std::function<void(std::size_t)> go = [&](std::size_t left) {
    std::vector<Child> children;
    for (const std::size_t each : pick) children.push_back(ChildIn(kStates[each]));
    const Parent parent = ParentOf(children);
    ++combinations;
    ASSERT_TRUE(IsActive(parent.state) || parent.state == State::kCompleted ||
                parent.state == State::kFailed || parent.state == State::kCancelled);
    ASSERT_EQ(IsFinal(parent.state), parent.open == 0 && parent.served + parent.unserved > 0);
    ASSERT_EQ(parent.state == State::kCompleted, parent.open == 0 && parent.served > 0);
    ASSERT_EQ(parent.grade == Grade::kOpen, !IsFinal(parent.state));
    std::reverse(children.begin(), children.end());
    ASSERT_EQ(ParentOf(children), parent);
    children.push_back(ChildIn(State::kEnteredInError));
    ASSERT_EQ(ParentOf(children), parent);
    if (left == 0) return;
    for (std::size_t each = pick.empty() ? 0 : pick.back(); each < kStates.size(); ++each) {
      pick.push_back(each);
      go(left - 1);
      pick.pop_back();
    }
  };
  go(4);
  std::cout << combinations << " combinations of children\n";
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
  EXPECT_TRUE(MayReopen(earlier[0]).ok());
  EXPECT_EQ(MayReopen(Ended("A", State::kAccepted, "")).error().reason, "STILL_OPEN");
  EXPECT_EQ(MayReopen(Ended("A", State::kEnteredInError, "")).error().reason, "NOT_REOPENED");
}

TEST(StatusWords, OutAndBackIsTheSameWord) {
  std::size_t unremembered = 0;
  for (const StatusWord& each : StatusWords()) {
    const Result<StatusWord> in = StatusFrom(each.system, each.word);
    ASSERT_TRUE(in.ok());
    const Result<std::string_view> out = WordFor(each.system, in->state, in->closure, each.word);
    ASSERT_TRUE(out.ok()) << out.error().message;
    EXPECT_EQ(*out, each.word) << each.system;
    const Result<std::string_view> plain = WordFor(each.system, in->state, in->closure, "");
    ASSERT_TRUE(plain.ok());
    unremembered += *plain == each.word;
  }
  std::cout << StatusWords().size() << " words of " << StatusSystems().size() << " systems; "
            << unremembered << " come back without being remembered\n";
  EXPECT_EQ(StatusFrom("findhelp", "Got helped").error().reason, "NO_SUCH_STATUS");
  EXPECT_EQ(StatusFrom("nobody", "x").error().reason, "NO_SUCH_SYSTEM");
  // A word that is no longer true does not go out.
  EXPECT_EQ(*WordFor("findhelp", State::kCompleted, "service-received", "Pending"), "Got help");
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

// From every open state every word of every system leads, by moves of the machine, to where it
// says; or why not is said.
TEST(CatchUp, EveryWordOfEverySystemIsReachedByMovesOrRefused) {
  std::size_t reached = 0, refused = 0;
  for (const StatusWord& word : StatusWords()) {
    for (const State from :
         {State::kRequested, State::kAccepted, State::kInProgress, State::kOnHold,
          State::kCompleted, State::kRejected, State::kFailed, State::kCancelled}) {
      SCOPED_TRACE(std::string(Name(from)) + " to " + std::string(word.system) + " " +
                   std::string(word.word));
      const auto steps = CatchUp(from, word);
      if (!steps.ok()) {
        EXPECT_TRUE(steps.error().reason == "ENDED_OTHERWISE" || steps.error().reason == "NO_WAY");
        EXPECT_TRUE(IsFinal(from) || word.state == State::kOnHold || word.closure == "expired");
        ++refused;
        continue;
      }
      View view;
      view.id = testing::Id(100);
      view.opening = testing::OpeningAt(testing::Day(0));
      view.owner = view.opening.owner;
      view.state = from;
      view.received = testing::Day(0);
      for (const CatchUpStep& step : *steps) {
        Event event = testing::Whole(step.verb, Role::kTarget, testing::Day(3));
        event.reason = step.reason;
        const auto next = Apply(view, event, testing::Day(3));
        ASSERT_TRUE(next.ok()) << Name(step.verb) << ": " << next.error().message;
        view = *next;
      }
      if (!steps->empty()) {
        const bool ended_late = word.state == State::kRejected && from != State::kRequested;
        EXPECT_EQ(view.state, ended_late ? State::kFailed : word.state);
        // Out again by that word, or one that says the same.
        const auto back = WordFor(word.system, view.state, ClosureCategory(view), word.word);
        if (back.ok() && !ended_late) {
          EXPECT_EQ(StatusFrom(word.system, *back)->state, word.state);
        }
      }
      ++reached;
    }
  }
  std::cout << reached << " ways, " << refused << " refused with a reason\n";
  EXPECT_GT(reached, 200u);
  EXPECT_GT(refused, 20u);
}

}  // namespace
}  // namespace equinode::referral
