#include "server/records/record_keeper.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "tests/server/records/keeper_node.h"

namespace equinode {
namespace {

using testing::KeeperNode;
using testing::kPayer;
using testing::kPeer;
using testing::kSelf;

constexpr RecordKind kPerson = RecordKind::kPerson;
constexpr RecordKind kCoverage = RecordKind::kCoverage;
constexpr RecordKind kMeasure = RecordKind::kMeasureResult;
const std::string kCovered = "covered " + kPayer + " medicaid";

class RecordKeeperTest : public ::testing::Test {
 protected:
  // A person of race 1 (ASIAN), covered by the payer.
  void PutCovered(const std::string& id) {
    node_.PutPerson(id, "race 1");
    node_.MustPut(node_.View(kCoverage, "cov/" + id, id, kCovered));
  }
  static std::string Why(const Status& status) {
    return status.ok() ? "OK" : status.error().reason;
  }
  template <typename T>
  static std::string Why(const Result<T>& result) {
    return result.ok() ? "OK" : result.error().reason;
  }

  KeeperNode node_;
};

TEST_F(RecordKeeperTest, GivesVersionAndTimeToItsOwn) {
  EXPECT_EQ(node_.PutPerson("p", "race 1"), PutOutcome::kCreated);
  node_.store.clock().Advance(Millis{1000});
  EXPECT_EQ(node_.PutPerson("p", "race 2"), PutOutcome::kChanged);
  EXPECT_EQ(node_.At(1).version, 1u);
  EXPECT_EQ(node_.At(2).version, 2u);
  EXPECT_EQ(node_.At(2).before, 1);
  EXPECT_EQ(node_.At(2).recorded_at, node_.store.clock().Now());
  EXPECT_EQ(node_.At(2).person_no, node_.At(1).person_no);
}

TEST_F(RecordKeeperTest, EqualContentWritesNothing) {
  PutCovered("p");
  const std::int64_t rows = node_.Rows();
  EXPECT_EQ(node_.PutPerson("p", "race 1"), PutOutcome::kUnchanged);
  EXPECT_EQ(node_.MustPut(node_.View(kCoverage, "cov/p", "p", kCovered)), PutOutcome::kUnchanged);
  EXPECT_EQ(node_.Rows(), rows);
  // The same words about somebody else are another content.
  EXPECT_EQ(node_.MustPut(node_.View(kCoverage, "cov/p", "q", kCovered)), PutOutcome::kChanged);
}

TEST_F(RecordKeeperTest, CountsFollowEveryChange) {
  PutCovered("p");
  PutCovered("q");
  node_.MustPut(node_.View(kMeasure, "m/p", "p", "measure M 1 1"));
  EXPECT_EQ(node_.People("ASIAN"), 2u);
  EXPECT_EQ(node_.Measure("M"), "1/1");
  node_.PutPerson("q", "race 2");
  EXPECT_EQ(node_.People("ASIAN"), 1u);
  EXPECT_EQ(node_.People(), 2u);
  node_.MustPut(node_.View(kMeasure, "m/p", "p", "measure M 1 0"));
  EXPECT_EQ(node_.Measure("M"), "1/0");
  node_.MustPut(node_.View(kMeasure, "m/p", "q", "measure M 1 1"));
  EXPECT_EQ(node_.Measure("M"), "1/1");
  node_.MustPut(node_.View(kCoverage, "cov/q", "q", "cancelled"));
  EXPECT_EQ(node_.People(), 1u);
}

TEST_F(RecordKeeperTest, WhatIsSaidOfAPersonWaitsForThePerson) {
  node_.MustPut(node_.View(kCoverage, "cov/p", "p", kCovered));
  EXPECT_EQ(node_.People(), 0u);
  ASSERT_TRUE(node_.Restart().ok());
  EXPECT_EQ(node_.PutPerson("p", "race 1"), PutOutcome::kCreated);
  EXPECT_EQ(node_.At(2).person_no, node_.At(1).person_no);
  EXPECT_EQ(node_.People("ASIAN"), 1u);
}

TEST_F(RecordKeeperTest, ADeletedPersonLeavesTheCountsAndMayComeBack) {
  PutCovered("p");
  PutCovered("q");
  ASSERT_TRUE(node_.Delete(kPerson, "p").ok());
  EXPECT_EQ(node_.People(), 1u);
  EXPECT_EQ(Why(node_.Delete(kPerson, "p")), "NO_SUCH_RECORD");
  EXPECT_FALSE((*node_.keeper->Find(kPerson, "p")).has_value());
  const StoredRecord tombstone = node_.At(node_.Rows());
  EXPECT_TRUE(tombstone.deleted);
  EXPECT_TRUE(tombstone.body.empty());
  EXPECT_EQ(tombstone.version, 2u);
  EXPECT_EQ(node_.PutPerson("p", "race 1"), PutOutcome::kChanged);
  EXPECT_EQ(node_.At(node_.Rows()).version, 3u);
  EXPECT_EQ(node_.People(), 2u);
}

TEST_F(RecordKeeperTest, ATombstoneIsStillAboutThePerson) {
  PutCovered("p");
  ASSERT_TRUE(node_.Delete(kCoverage, "cov/p").ok());
  EXPECT_EQ(node_.At(node_.Rows()).person, "p");
  EXPECT_EQ(node_.At(node_.Rows()).person_no, node_.At(1).person_no);
  EXPECT_EQ(node_.People(), 0u);
}

// TI12: update before create, old version last, tombstone first, two contents under one version.
TEST_F(RecordKeeperTest, TI12APeersVersionsInAnyOrder) {
  const auto person = [&](const char* body, std::uint32_t version) {
    return node_.MustPut(node_.FromPeer(node_.View(kPerson, "p", "p", body), version));
  };
  node_.MustPut(node_.FromPeer(node_.View(kCoverage, "c", "p", kCovered), 1));
  EXPECT_EQ(person("race 2", 3), PutOutcome::kCreated);
  EXPECT_EQ(person("race 1", 1), PutOutcome::kOlder);
  EXPECT_EQ(person("race 2", 3), PutOutcome::kUnchanged);
  EXPECT_EQ(person("race 1", 3), PutOutcome::kOlder);
  EXPECT_EQ(node_.People("BLACK"), 1u);
  EXPECT_EQ(person("race 1", 4), PutOutcome::kChanged);
  EXPECT_EQ(node_.People("ASIAN"), 1u);
  const RecordView other = node_.FromPeer(node_.View(kPerson, "q", "q", ""), 2);
  EXPECT_EQ(node_.MustPut(node_.Tombstone(other)), PutOutcome::kCreated);
  EXPECT_EQ(node_.MustPut(node_.FromPeer(node_.View(kPerson, "q", "q", "race 1"), 1)),
            PutOutcome::kOlder);
  EXPECT_EQ(node_.People(), 1u);
}

TEST_F(RecordKeeperTest, TheSameNameAtTwoNodesIsTwoPeople) {
  PutCovered("p");
  node_.MustPut(node_.FromPeer(node_.View(kPerson, "p", "p", "race 2"), 1));
  node_.MustPut(node_.FromPeer(node_.View(kCoverage, "cov/p", "p", kCovered), 1));
  EXPECT_EQ(node_.People(), 2u);
  const RawTable practices = node_.Table(Stratifier::kPractice, "population");
  ASSERT_EQ(practices.cells.size(), 2u);
  EXPECT_EQ(practices.cells[0].stratum, kSelf);
  EXPECT_EQ(practices.cells[1].stratum, kPeer);
  // Only our own are found and listed.
  EXPECT_EQ(AsText((*node_.keeper->Find(kPerson, "p"))->body), "race 1");
  EXPECT_EQ(node_.keeper->ListPersons(0, 10)->source_ids, std::vector<std::string>{"p"});
}

TEST_F(RecordKeeperTest, RefusesWhatIsNoRecord) {
  const std::string long_id(257, 'x');
  const std::string nul_id("a\0b", 3);
  RecordView good = node_.View(kPerson, "p", "", "race 1");
  struct Case {
    const char* what;
    RecordView view;
  };
  RecordView kind = good, no_id = good, long_name = good, control = good, version = good,
             body = good, about = good, coverage = good, organization = good, tombstone = good,
             peer = good;
  kind.kind = 9;
  no_id.source_id = "";
  long_name.source_id = long_id;
  control.source_id = nul_id;
  version.version = 1;
  body.body = AsBytes("bad");
  about.person = "q";
  coverage.kind = 2;
  organization.kind = 4;
  organization.person = "p";
  tombstone.deleted = true;
  peer.origin = kPeer;
  for (const Case& one :
       {Case{"kind", kind}, Case{"no id", no_id}, Case{"long id", long_name},
        Case{"control character", control}, Case{"own version", version}, Case{"body", body},
        Case{"person about another", about}, Case{"coverage of nobody", coverage},
        Case{"organization of a person", organization}, Case{"tombstone with a body", tombstone},
        Case{"peer without a version", peer}}) {
    EXPECT_EQ(Why(node_.keeper->Prepare(one.view)), "BAD_RECORD") << one.what;
  }
  EXPECT_EQ(Why(node_.keeper->Prepare(good)), "OK");
}

TEST_F(RecordKeeperTest, AnUndoneTransactionLeavesNoTrace) {
  PutCovered("p");
  const Digest before = node_.keeper->IndexDigest();
  const auto change = node_.keeper->Prepare(node_.View(kPerson, "p", "", "race 2"));
  const auto created = node_.keeper->Prepare(node_.View(kCoverage, "c2", "new", kCovered));
  const Status undone = node_.store.db().Write("undone", [&](Tx& tx) -> Status {
    EQN_CHECK(node_.keeper->Put(tx, *change));
    EQN_CHECK(node_.keeper->Put(tx, *created));
    return Error{Code::kAborted, "ON_PURPOSE"};
  });
  EXPECT_EQ(Why(undone), "ON_PURPOSE");
  EXPECT_EQ(node_.keeper->IndexDigest(), before);
  EXPECT_EQ(node_.People("ASIAN"), 1u);
  EXPECT_EQ(node_.Rows(), 2);
  // The next transaction sees the old version, and the row numbers have no gap.
  EXPECT_EQ(node_.PutPerson("p", "race 1"), PutOutcome::kUnchanged);
  EXPECT_EQ(node_.PutPerson("p", "race 2"), PutOutcome::kChanged);
  EXPECT_EQ(node_.Rows(), 3);
}

TEST_F(RecordKeeperTest, AReaderSeesWhatIsDurableOnly) {
  node_.PutPerson("p", "race 1");
  const auto change = node_.keeper->Prepare(node_.View(kPerson, "p", "", "race 2"));
  Bytes seen;
  const Status done = node_.store.db().Write("change", [&](Tx& tx) -> Status {
    EQN_CHECK(node_.keeper->Put(tx, *change));
    std::thread reader([&] { seen = (*node_.keeper->Find(kPerson, "p"))->body; });
    reader.join();
    return Ok();
  });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(AsText(seen), "race 1");
  EXPECT_EQ(AsText((*node_.keeper->Find(kPerson, "p"))->body), "race 2");
}

TEST_F(RecordKeeperTest, ListsPeopleInTheOrderInWhichTheyCame) {
  for (const char* id : {"c", "a", "b", "d"}) PutCovered(id);
  node_.PutPerson("c", "race 3");
  ASSERT_TRUE(node_.Delete(kPerson, "a").ok());
  const PersonPage first = *node_.keeper->ListPersons(0, 2);
  EXPECT_EQ(first.source_ids, (std::vector<std::string>{"c", "b"}));
  ASSERT_NE(first.next, 0);
  const PersonPage second = *node_.keeper->ListPersons(first.next, 2);
  EXPECT_EQ(second.source_ids, std::vector<std::string>{"d"});
  EXPECT_EQ(second.next, 0);
}

TEST_F(RecordKeeperTest, ASecondNameLeadsToThePerson) {
  PutCovered("p");
  const RecordView result = node_.View(kMeasure, "m/1", "mrn:4711", "measure M 1 1");
  EXPECT_EQ(Why(node_.Put(result)), "NO_SUCH_PERSON");
  ASSERT_TRUE(node_.Alias("mrn:4711", "p").ok());
  ASSERT_TRUE(node_.Restart().ok());
  EXPECT_EQ(node_.MustPut(result), PutOutcome::kCreated);
  EXPECT_EQ(node_.At(node_.Rows()).person, "p") << "what travels has the first name";
  EXPECT_EQ(node_.Measure("M"), "1/1");
  EXPECT_EQ(node_.MustPut(result), PutOutcome::kUnchanged);
  EXPECT_EQ(Why(node_.keeper->PrepareAlias("4711", "p")), "BAD_ALIAS");
}

TEST_F(RecordKeeperTest, ANameOfTwoPeopleNamesNobody) {
  PutCovered("p");
  PutCovered("q");
  ASSERT_TRUE(node_.Alias("mrn:1", "p").ok());
  ASSERT_TRUE(node_.Alias("mrn:1", "p").ok());
  ASSERT_TRUE(node_.Alias("mrn:1", "q").ok());
  const RecordView result = node_.View(kMeasure, "m/1", "mrn:1", "measure M 1 1");
  EXPECT_EQ(Why(node_.Put(result)), "AMBIGUOUS_PERSON");
  ASSERT_TRUE(node_.Restart().ok());
  EXPECT_EQ(Why(node_.Put(result)), "AMBIGUOUS_PERSON");
}

TEST_F(RecordKeeperTest, TheNameOfADeletedPersonMayBeGivenToAnother) {
  PutCovered("p");
  PutCovered("q");
  ASSERT_TRUE(node_.Alias("mrn:1", "p").ok());
  ASSERT_TRUE(node_.Delete(kPerson, "p").ok());
  const RecordView result = node_.View(kMeasure, "m/1", "mrn:1", "measure M 1 1");
  EXPECT_EQ(Why(node_.Put(result)), "NO_SUCH_PERSON");
  ASSERT_TRUE(node_.Alias("mrn:1", "q").ok());
  node_.MustPut(result);
  EXPECT_EQ(node_.At(node_.Rows()).person, "q");
}

TEST_F(RecordKeeperTest, IsNotReadyBeforeItIsLoaded) {
  RecordKeeper other(node_.store.db(), node_.store.clock(), node_.log, node_.random, kSelf,
                     testing::ReadTextFacts);
  EXPECT_EQ(Why(other.population()), "NOT_READY");
  EXPECT_EQ(Why(other.Prepare(node_.View(kPerson, "p", "", "race 1"))), "NOT_READY");
  EXPECT_EQ(Why(other.Find(kPerson, "p")), "NOT_READY");
  EXPECT_EQ(Why(other.Snapshot()), "NOT_READY");
}

// Writers, readers and snapshots at the same time; then a start from whichever snapshot was whole.
TEST_F(RecordKeeperTest, KeepsItsOrderAmongManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 60;
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const std::string id = std::to_string(t % 2) + "/" + std::to_string(i);
        PutCovered(id);
        node_.PutPerson(id, "race " + std::to_string(1 + t));
      }
    });
  }
  std::thread reader([&] {
    while (!over) {
      EXPECT_TRUE(node_.keeper->Find(kPerson, "0/7").ok());
      EXPECT_TRUE(node_.keeper->ListPersons(0, 10).ok());
      (void)node_.People();
    }
  });
  std::thread snapshots([&] {
    while (!over) EXPECT_TRUE(node_.keeper->Snapshot().ok());
  });
  for (std::thread& thread : threads) thread.join();
  over = true;
  reader.join();
  snapshots.join();
  EXPECT_EQ(node_.People(), 2u * kEach);
  const Digest index = node_.keeper->IndexDigest();
  const RawTable races = node_.Table(Stratifier::kRaceOmb1997, "population");
  ASSERT_TRUE(node_.Restart().ok());
  EXPECT_EQ(node_.keeper->IndexDigest(), index);
  EXPECT_EQ(node_.Table(Stratifier::kRaceOmb1997, "population"), races);
}

TEST_F(RecordKeeperTest, StartsFromASnapshotAndTheRowsAfterIt) {
  for (int i = 0; i < 40; ++i) PutCovered("p" + std::to_string(i));
  ASSERT_TRUE(node_.Alias("mrn:1", "p1").ok());
  ASSERT_TRUE(node_.keeper->Snapshot().ok());
  node_.PutPerson("p1", "race 2");
  ASSERT_TRUE(node_.Delete(kPerson, "p2").ok());
  ASSERT_TRUE(node_.Delete(kCoverage, "cov/p3").ok());
  PutCovered("late");
  ASSERT_TRUE(node_.Alias("mrn:2", "late").ok());
  const Digest index = node_.keeper->IndexDigest();
  std::uint64_t read = 0;
  node_.keeper = std::make_unique<RecordKeeper>(node_.store.db(), node_.store.clock(), node_.log,
                                                node_.random, kSelf, testing::ReadTextFacts);
  ASSERT_TRUE(node_.keeper->Load([&](std::uint64_t, std::uint64_t all) { read = all; }).ok());
  EXPECT_EQ(read, 5u) << "only the rows after the snapshot";
  EXPECT_EQ(node_.keeper->IndexDigest(), index);
  EXPECT_EQ(node_.People(), 39u);
  EXPECT_EQ(node_.People("ASIAN"), 38u);
  EXPECT_EQ(node_.PutPerson("new", "race 1"), PutOutcome::kCreated);
}

TEST_F(RecordKeeperTest, ADamagedSnapshotCostsTimeOnly) {
  PutCovered("p");
  int round = 0;
  for (const char* harm :
       {"UPDATE snapshot_chunk SET bytes=zeroblob(262144)", "UPDATE snapshot_chunk SET bytes=x'00'",
        "DELETE FROM snapshot_chunk", "UPDATE snapshot SET size=1000000",
        "UPDATE snapshot SET digest=x''", "DELETE FROM snapshot"}) {
    PutCovered("q" + std::to_string(++round));
    ASSERT_TRUE(node_.keeper->Snapshot().ok());
    const Digest index = node_.keeper->IndexDigest();
    ASSERT_TRUE(
        node_.store.db().Write("harm", [&](Tx& tx) { return tx.Prepare(harm).Run(); }).ok());
    ASSERT_TRUE(node_.Restart().ok()) << harm;
    EXPECT_EQ(node_.keeper->IndexDigest(), index) << harm;
    EXPECT_EQ(node_.People(), 1u + static_cast<unsigned>(round)) << harm;
  }
}

// TL08 for the store: a record's words are not in the files, nor in what is not yet in the
// database.
TEST_F(RecordKeeperTest, TL08_NothingOfARecordIsOnTheDiskInClear) {
  const std::string canary = "CANARY-7f3a-Guadalupe-Vasquez";
  node_.PutPerson("feed/" + canary, "race 1 " + canary);
  ASSERT_TRUE(node_.Alias("mrn:" + canary, "feed/" + canary).ok());
  ASSERT_TRUE(node_.keeper->Snapshot().ok());
  const auto search = [&](bool* wal) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(node_.store.folder())) {
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      const std::string content((std::istreambuf_iterator<char>(in)), {});
      *wal = *wal || (file.path().string().ends_with("-wal") && content.size() > 4096);
      EXPECT_EQ(content.find(canary), std::string::npos) << file.path();
      EXPECT_EQ(content.find("Guadalupe"), std::string::npos) << file.path();
    }
  };
  bool wal = false;
  search(&wal);
  EXPECT_TRUE(wal) << "the log beside the database was looked at while it held the record";
  ASSERT_TRUE(node_.store.db().Checkpoint().ok());
  search(&wal);
  // And no second name is kept as such even in the tables.
  const auto names = node_.store.db().Read([&](ReadTx& tx) -> Result<std::int64_t> {
    Statement read = tx.Prepare("SELECT count(*) FROM record_alias WHERE instr(alias, ?) > 0");
    read.BindAll(AsBytes(canary));
    EQN_CHECK(read.Step());
    return read.Int(0);
  });
  EXPECT_EQ(*names, 0);
}

}  // namespace
}  // namespace equinode
