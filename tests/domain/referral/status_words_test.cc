// Other systems' words for a referral's state, and the moves by which it catches up with them.
#include "domain/referral/status_words.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "domain/referral/catch_up.h"
#include "tests/domain/referral/referrals.h"
#include "tests/support/reference.h"

namespace equinode::referral {
namespace {

using testing::Day;
using testing::Story;

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
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  const std::filesystem::path file =
      equinode::testing::ReferenceFolder() / "sdoh/referral_status_map.csv";
  ASSERT_TRUE(std::filesystem::exists(file)) << file;
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
