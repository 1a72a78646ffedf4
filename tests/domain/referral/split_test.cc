// One order split over several organisations: the parent follows its children.
#include "domain/referral/split.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "domain/referral/here.h"
#include "tests/domain/referral/referrals.h"

namespace equinode::referral {
namespace {

using testing::Day;

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

}  // namespace
}  // namespace equinode::referral
