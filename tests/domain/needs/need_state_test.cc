#include "domain/needs/need_state.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace equinode {
namespace {

const std::map<std::string, std::map<std::string, std::string>> kMoves = {
    {"", {{"found", "open"}}},
    {"open",
     {{"found", "open"},
      {"start", "in-service"},
      {"meet", "met"},
      {"unmet", "unmet"},
      {"decline", "not-wanted"},
      {"end", "over"},
      {"void", "void"}}},
    {"in-service",
     {{"found", "in-service"},
      {"meet", "met"},
      {"unmet", "unmet"},
      {"decline", "not-wanted"},
      {"end", "over"},
      {"void", "void"}}},
    {"met", {{"found", "open"}, {"reopen", "open"}, {"void", "void"}}},
    {"unmet",
     {{"found", "open"},
      {"start", "in-service"},
      {"meet", "met"},
      {"decline", "not-wanted"},
      {"end", "over"},
      {"reopen", "open"},
      {"void", "void"}}},
    {"not-wanted", {{"found", "open"}, {"reopen", "open"}, {"void", "void"}}},
    {"over", {{"found", "open"}, {"reopen", "open"}, {"void", "void"}}},
    {"void", {}},
};

TEST(NeedState, EveryMoveOfTheTableAndNoOther) {
  int moves = 0;
  for (const auto& [from, row] : kMoves) {
    for (int event = 1; event <= 8; ++event) {
      const auto named = static_cast<NeedEvent>(event);
      const std::string word(NeedEventName(named));
      const auto state = NeedStateNamed(from);
      ASSERT_EQ(state.has_value(), !from.empty());
      const auto next = NextNeedState(state, named, "no-capacity");
      const auto expected = row.find(word);
      if (expected == row.end()) {
        ASSERT_FALSE(next.ok()) << from << " " << word;
        EXPECT_EQ(next.error().reason, "NEED_MOVE_NOT_ALLOWED");
      } else {
        ASSERT_TRUE(next.ok()) << from << " " << word;
        EXPECT_EQ(NeedStateName(*next), expected->second);
        ++moves;
      }
    }
  }
  EXPECT_EQ(moves, 30);
}

TEST(NeedState, ReasonsAreAskedForAndCoded) {
  EXPECT_EQ(NextNeedState(NeedState::kOpen, NeedEvent::kUnmet, "").error().reason,
            "REASON_REQUIRED");
  EXPECT_EQ(NextNeedState(NeedState::kOpen, NeedEvent::kUnmet, "busy").error().reason,
            "UNMET_REASON");
  EXPECT_TRUE(NextNeedState(NeedState::kOpen, NeedEvent::kUnmet, "no-funds").ok());
  EXPECT_EQ(NextNeedState(NeedState::kMet, NeedEvent::kReopen, "").error().reason,
            "REASON_REQUIRED");
}

}  // namespace
}  // namespace equinode
