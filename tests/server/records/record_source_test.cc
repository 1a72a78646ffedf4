// The same versions told again, in any order, once and in several imports (docs/adr/0008).
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.h"
#include "storage/source_store.h"
#include "tests/server/records/keeper_node.h"

namespace equinode::testing {
namespace {

constexpr std::string_view kPatient = "f/Patient/1";
constexpr std::string_view kResult = "f/MeasureResult/1|M|2025";

class RecordSource : public ::testing::Test {
 protected:
  PutOutcome Take(RecordKind kind, std::string_view id, std::string_view body,
                  SourceStamp said = {}) {
    const auto record = node_.keeper->Prepare(
        KeeperNode::View(kind, id, kind == RecordKind::kPerson ? "" : kPatient, body));
    EXPECT_TRUE(record.ok());
    const auto taken = node_.store.db().Write(
        "take", [&](Tx& tx) { return node_.keeper->Take(tx, *record, said); });
    EXPECT_TRUE(taken.ok()) << (taken.ok() ? "" : taken.error().message);
    return taken.ok() ? *taken : PutOutcome::kOlder;
  }
  PutOutcome Person(std::string_view body, SourceStamp said = {}) {
    return Take(RecordKind::kPerson, kPatient, body, said);
  }
  PutOutcome Result(std::string_view body) {
    return Take(RecordKind::kMeasureResult, kResult, body);
  }
  SourceEnd End(bool restate = false, std::string_view feed = "f", std::size_t most = 300) {
    const auto end = node_.store.db().Write(
        "end", [&](Tx& tx) { return node_.keeper->EndSource(tx, feed, restate, most); });
    EXPECT_TRUE(end.ok()) << (end.ok() ? "" : end.error().message);
    return end.ok() ? *end : SourceEnd{};
  }
  std::string Body(RecordKind kind = RecordKind::kPerson, std::string_view id = kPatient) {
    const auto found = node_.keeper->Find(kind, id);
    EXPECT_TRUE(found.ok() && found->has_value());
    return found.ok() && *found ? std::string(AsText((*found)->body)) : "";
  }
  bool HoldsAny() {
    return *node_.store.db().Read([](ReadTx& tx) { return SourceStore::HoldsAny(tx); });
  }

  KeeperNode node_{};
};

TEST_F(RecordSource, AFileWithTwoVersionsChangesNothingWhenItComesAgain) {
  EXPECT_EQ(Person("race 1"), PutOutcome::kCreated);
  EXPECT_EQ(Person("race 2"), PutOutcome::kChanged);
  EXPECT_TRUE(End().changed.empty());
  const std::int64_t rows = node_.Rows();
  for (int again = 0; again < 3; ++again) {
    EXPECT_EQ(Person("race 1"), PutOutcome::kHeld);
    EXPECT_EQ(Body(), "race 2");
    EXPECT_EQ(Person("race 2"), PutOutcome::kUnchanged);
    const SourceEnd end = End();
    EXPECT_TRUE(end.changed.empty());
    EXPECT_EQ(end.left, 0U);  // Nothing to tell of: the file says what the node has.
  }
  EXPECT_EQ(node_.Rows(), rows);
}

TEST_F(RecordSource, ALaterVersionIsOneWhateverCameBefore) {
  Person("race 1");
  Person("race 2");
  End();
  EXPECT_EQ(Person("race 1"), PutOutcome::kHeld);
  EXPECT_EQ(Person("race 3"), PutOutcome::kChanged);
  EXPECT_EQ(End().left, 0U);
  EXPECT_EQ(Body(), "race 3");
}

TEST_F(RecordSource, AnOlderExportDoesNotUndoWhatIsNewer) {
  Person("race 1");
  End();
  Person("race 2");
  End();
  EXPECT_EQ(Person("race 1"), PutOutcome::kHeld);
  const SourceEnd end = End();
  EXPECT_EQ(end.left, 1U);
  EXPECT_TRUE(end.changed.empty());
  EXPECT_EQ(Body(), "race 2");
  EXPECT_FALSE(HoldsAny());
}

TEST_F(RecordSource, ThatItIsNewestMayBeSaid) {
  Person("race 1");
  Person("race 2");
  Person("race 1");
  const SourceEnd end = End(true);
  EXPECT_EQ(end.changed, std::vector<std::string>{std::string(kPatient)});
  EXPECT_EQ(Body(), "race 1");
  EXPECT_EQ(node_.At(node_.Rows()).version, 3U);
}

// A result has no time of its own and goes to and fro within a year: the last word of an import.
TEST_F(RecordSource, AResultThatIsTakenBackTakesEffectAtTheEnd) {
  Person("race 1");
  Take(RecordKind::kCoverage, "f/Coverage/1", "covered " + kPayer + " x");
  EXPECT_EQ(Result("measure M 1 0"), PutOutcome::kCreated);
  EXPECT_EQ(Result("measure M 1 1"), PutOutcome::kChanged);
  End();
  // The same file: both rows.
  EXPECT_EQ(Result("measure M 1 0"), PutOutcome::kHeld);
  EXPECT_EQ(Result("measure M 1 1"), PutOutcome::kUnchanged);
  EXPECT_TRUE(End().changed.empty());
  // Next month's: the first one alone.
  EXPECT_EQ(Result("measure M 1 0"), PutOutcome::kHeld);
  EXPECT_EQ(node_.Measure("M"), "1/1");
  EXPECT_EQ(End().changed, std::vector<std::string>{std::string(kResult)});
  EXPECT_EQ(node_.Measure("M"), "1/0");
}

TEST_F(RecordSource, TheSourcesOwnOrderDecidesWhereItSaysOne) {
  EXPECT_EQ(Person("race 2", {200, 0}), PutOutcome::kCreated);
  EXPECT_EQ(Person("race 1", {100, 0}), PutOutcome::kOlder);  // Never seen, and older all the same.
  EXPECT_EQ(Body(), "race 2");
  EXPECT_EQ(Person("race 3", {300, 0}), PutOutcome::kChanged);
  // Back to an earlier content, later: that is what the source says.
  EXPECT_EQ(Person("race 2", {400, 0}), PutOutcome::kChanged);
  EXPECT_EQ(Body(), "race 2");
  EXPECT_EQ(Person("race 3", {300, 0}), PutOutcome::kOlder);
  EXPECT_EQ(End().left, 0U);
}

TEST_F(RecordSource, TheSameContentAtALaterTimeIsOfThatTime) {
  Person("race 1", {100, 0});
  EXPECT_EQ(Person("race 1", {500, 0}), PutOutcome::kUnchanged);
  EXPECT_EQ(Person("race 2", {300, 0}), PutOutcome::kOlder);
  EXPECT_EQ(Person("race 1", {100, 0}), PutOutcome::kUnchanged);  // Does not go back.
  EXPECT_EQ(Person("race 2", {300, 0}), PutOutcome::kOlder);
  EXPECT_EQ(Body(), "race 1");
}

// A profile that reads the same resource in another way.
TEST_F(RecordSource, AnotherReadingOfTheSameVersionTakesEffect) {
  Person("race 1", {100, 4});
  EXPECT_EQ(Person("race 2", {100, 4}), PutOutcome::kChanged);
  EXPECT_EQ(Person("race 1", {100, 4}), PutOutcome::kHeld);  // Put back: that has to be said.
  EXPECT_EQ(End().left, 1U);
}

TEST_F(RecordSource, WhatIsHeldOutlivesARestartAndIsOfItsFeedAlone) {
  Person("race 1");
  Person("race 2");
  Person("race 1");
  ASSERT_TRUE(node_.Restart().ok());
  EXPECT_EQ(End(true, "other").changed.size(), 0U);
  EXPECT_EQ(Person("race 2"), PutOutcome::kUnchanged);  // The rest of the import.
  EXPECT_FALSE(HoldsAny());
  EXPECT_EQ(End(true).changed.size(), 0U);
}

TEST_F(RecordSource, WhatChangedInAnotherWaySinceIsLeft) {
  Person("race 1");
  Person("race 2");
  Person("race 1");
  ASSERT_TRUE(node_.Delete(RecordKind::kPerson, kPatient).ok());
  const SourceEnd end = End(true);
  EXPECT_EQ(end.changed.size() + end.left, 0U);
  EXPECT_FALSE(HoldsAny());
}

TEST_F(RecordSource, TheEndIsDecidedInParts) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 10; ++i) {
      Take(RecordKind::kPerson, "f/Patient/" + std::to_string(i), round == 1 ? "race 2" : "race 1");
    }
  }
  std::size_t changed = 0;
  int calls = 0;
  for (bool more = true; more; ++calls) {
    const SourceEnd end = End(true, "f", 4);
    EXPECT_LE(end.changed.size(), 4U);
    changed += end.changed.size();
    more = end.more;
  }
  EXPECT_EQ(changed, 10U);
  EXPECT_EQ(calls, 3);
}

// Stamped versions of a few records in any order, with doubles: the newest holds, and what came
// once comes again without effect. The counts are those of the newest.
TEST_F(RecordSource, AnyOrderComesToTheSame) {
  SeededRandom random(7);
  for (int round = 0; round < 20; ++round) {
    struct Said {
      std::string id{};
      std::string body{};
      std::int64_t at = 0;
    };
    std::vector<Said> all;
    for (int person = 0; person < 4; ++person) {
      for (std::int64_t at = 1; at <= 5; ++at) {
        all.push_back({"f/Patient/" + std::to_string(round) + "-" + std::to_string(person),
                       "race " + std::to_string(random.Below(3)) + " x", at});
      }
    }
    for (std::size_t i = all.size(); i > 1; --i) {
      std::swap(all[i - 1], all[static_cast<std::size_t>(random.Below(i))]);
    }
    for (int again = 0; again < 2; ++again) {
      const std::int64_t rows = node_.Rows();
      for (const Said& said : all) Take(RecordKind::kPerson, said.id, said.body, {said.at, 0});
      EXPECT_EQ(End().left, 0U);
      if (again == 1) {
        EXPECT_EQ(node_.Rows(), rows);
      }
    }
    for (const Said& said : all) {
      if (said.at == 5) {
        EXPECT_EQ(Body(RecordKind::kPerson, said.id), said.body);
      }
    }
  }
}

TEST_F(RecordSource, WhatIsUndoneHoldsNothing) {
  Person("race 1");
  Person("race 2");
  const auto record =
      node_.keeper->Prepare(KeeperNode::View(RecordKind::kPerson, kPatient, "", "race 1"));
  const Status undone = node_.store.db().Write("take", [&](Tx& tx) -> Status {
    EQN_CHECK(node_.keeper->Take(tx, *record, {}));
    return Error{Code::kAborted, "NO", "no"};
  });
  EXPECT_FALSE(undone.ok());
  EXPECT_FALSE(HoldsAny());
  EXPECT_EQ(End(true).changed.size(), 0U);
}

}  // namespace
}  // namespace equinode::testing
