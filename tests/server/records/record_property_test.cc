// Any mix of creates, changes, deletes, undone transactions, failed commits, snapshots and
// restarts: the counts equal a recount from the store, the index equals a rebuild, the store equals
// a model.
#include <gtest/gtest.h>

#include <map>
#include <tuple>
#include <vector>

#include "tests/server/records/keeper_node.h"
#include "tests/support/faulty_vfs.h"

namespace equinode {
namespace {

using testing::KeeperNode;
using testing::kPayer;
using testing::kPeer;
using testing::kSelf;

using Key = std::tuple<std::string, RecordKind, std::string>;  // Origin, kind, source_id.
struct Value {
  std::uint32_t version = 0;
  bool deleted = false;
  std::string person{};
  std::string body{};
};
using Model = std::map<Key, Value>;

class Mix {
 public:
  Mix(KeeperNode& node, std::uint64_t seed) : node_(node), random_(seed) {}

  // One transaction of some records; now and then it fails at its end.
  void Transaction() {
    Model next = model_;
    std::vector<std::pair<std::shared_ptr<const PreparedRecord>, PutOutcome>> puts;
    for (std::uint64_t n = 1 + random_.Below(12); n > 0; --n) AnyRecord(next, puts);
    const bool fails = random_.Below(5) == 0;
    const Status done = node_.store.db().Write("mix", [&](Tx& tx) -> Status {
      for (const auto& [record, expected] : puts) {
        EQN_TRY(const PutOutcome outcome, node_.keeper->Put(tx, record));
        EXPECT_EQ(outcome, expected);
      }
      if (fails) return Error{Code::kAborted, "ON_PURPOSE"};
      return Ok();
    });
    EXPECT_EQ(done.ok(), !fails);
    if (done.ok()) model_ = std::move(next);
  }

  // The store's current rows, found without index, are the model.
  void CheckStore() {
    Model stored;
    std::map<OwnerNo, std::string> owners;
    const Status done = node_.store.db().Read([&](ReadTx& tx) -> Status {
      EQN_TRY(const auto all, RecordStore::Owners(tx));
      for (const RecordOwner& owner : all) owners[owner.no] = owner.uri;
      return RecordStore::Scan(
                 tx, 0, 1'000'000,
                 [&](const RowView& row) -> Status {
                   stored[{owners[row.owner], row.kind, std::string(row.source_id)}] = {
                       row.version, row.deleted, std::string(row.person),
                       std::string(AsText(row.body))};
                   return Ok();
                 }).ok()
                 ? Ok()
                 : Status(Error{Code::kInternal, "SCAN"});
    });
    ASSERT_TRUE(done.ok());
    ASSERT_EQ(stored.size(), model_.size());
    for (const auto& [key, value] : model_) {
      const Value& there = stored[key];
      ASSERT_EQ(std::tie(there.version, there.deleted, there.person, there.body),
                std::tie(value.version, value.deleted, value.person, value.body));
    }
  }

  // The counts are those of a population into which only the current records were put.
  void CheckCounts() {
    Population fresh;
    std::map<std::pair<std::string, std::string>, PersonNo> numbers;
    for (const auto& [key, value] : model_) {
      const auto& [origin, kind, id] = key;
      if (value.deleted || kind == RecordKind::kOrganization) continue;
      const auto next = static_cast<PersonNo>(numbers.size() + 1);
      const PersonNo no = numbers.try_emplace({origin, value.person}, next).first->second;
      const RecordFacts facts = *testing::ReadTextFacts(kind, AsBytes(value.body));
      if (const auto* person = std::get_if<PersonFacts>(&facts)) {
        fresh.PutPerson(no, origin, *person);
      } else if (const auto* coverage = std::get_if<CoverageFact>(&facts)) {
        fresh.AddCoverage(no, *coverage);
      } else if (const auto* measure = std::get_if<MeasureFact>(&facts)) {
        fresh.AddMeasure(no, *measure);
      }
    }
    const Population& kept = **node_.keeper->population();
    EXPECT_EQ(kept.Memory().people, fresh.Memory().people);
    for (const std::string& payer : {std::string(), kPayer}) {
      const CountScope scope{.payer = payer,
                             .day = std::chrono::sys_days{std::chrono::year{2025} / 12 / 31},
                             .measure_period = "2025"};
      for (const Stratifier stratifier :
           {Stratifier::kRaceOmb1997, Stratifier::kLineOfBusiness, Stratifier::kPractice}) {
        for (const std::string measure : {"population", "M0", "M1"}) {
          const auto is = kept.OneWay({scope, stratifier, {measure}});
          const auto should = fresh.OneWay({scope, stratifier, {measure}});
          ASSERT_EQ(is.ok(), should.ok()) << (is.ok() ? "" : is.error().reason);
          if (is.ok()) {
            ASSERT_EQ(NonZero(*is), NonZero(*should));
          }
        }
      }
    }
  }

  // The index is the one that a start without any snapshot makes.
  void CheckIndex() {
    ASSERT_TRUE(
        node_.store.db()
            .Write("forget", [](Tx& tx) { return tx.Prepare("DELETE FROM snapshot").Run(); })
            .ok());
    const Digest index = node_.keeper->IndexDigest();
    RecordKeeper rebuilt(node_.store.db(), node_.store.clock(), node_.log, node_.random, kSelf,
                         testing::ReadTextFacts);
    ASSERT_TRUE(rebuilt.Load(nullptr).ok());
    EXPECT_EQ(rebuilt.IndexDigest(), index);
  }

  std::uint64_t Below(std::uint64_t bound) { return random_.Below(bound); }

 private:
  static std::vector<RawCell> NonZero(const RawCounts& counts) {
    std::vector<RawCell> cells;
    for (const RawCell& cell : counts.front().cells) {
      if (cell.denominator != 0) cells.push_back(cell);
    }
    cells.push_back(counts.front().total);
    return cells;
  }

  void AnyRecord(Model& model,
                 std::vector<std::pair<std::shared_ptr<const PreparedRecord>, PutOutcome>>& puts) {
    const bool own = Below(3) != 0;
    const auto kind = static_cast<RecordKind>(1 + Below(4));
    const std::string id = std::to_string(Below(25));
    const std::string person = kind == RecordKind::kPerson         ? id
                               : kind == RecordKind::kOrganization ? ""
                                                                   : std::to_string(Below(25));
    std::string body;
    switch (kind) {
      case RecordKind::kPerson:
        body = "race " + std::to_string(Below(10));
        break;
      case RecordKind::kCoverage:
        body = Below(5) == 0 ? "cancelled"
                             : "covered " + (Below(3) == 0 ? "spiffe://n/payer/other" : kPayer) +
                                   " line" + std::to_string(Below(3));
        break;
      case RecordKind::kMeasureResult:
        body = "measure M" + std::to_string(Below(2)) + (Below(2) == 0 ? " 1 0" : " 1 1");
        break;
      case RecordKind::kOrganization:
        body = "clinic " + std::to_string(Below(2));
        break;
      case RecordKind::kScreening:
      case RecordKind::kCondition:
      case RecordKind::kEncounter:
      case RecordKind::kNeed:
        break;
    }
    const bool deleted = Below(6) == 0;
    RecordView view = KeeperNode::View(kind, id, person, body);
    if (deleted) view = KeeperNode::Tombstone(view);
    const Key key{own ? kSelf : kPeer, kind, id};
    const auto there = model.find(key);
    Value value{own ? 1u : static_cast<std::uint32_t>(1 + Below(40)), deleted, person,
                deleted ? "" : body};
    PutOutcome outcome = there == model.end() ? PutOutcome::kCreated : PutOutcome::kChanged;
    if (there != model.end()) {
      const Value& old = there->second;
      const bool same =
          old.deleted == deleted && old.body == value.body && (deleted || old.person == person);
      if (own) {
        value.version = old.version + 1;
        if (same) outcome = PutOutcome::kUnchanged;
      } else if (value.version < old.version || (value.version == old.version && !same)) {
        outcome = PutOutcome::kOlder;
      } else if (value.version == old.version) {
        outcome = PutOutcome::kUnchanged;
      }
    } else if (own && deleted) {
      outcome = PutOutcome::kUnchanged;
    }
    if (!own) view = KeeperNode::FromPeer(view, value.version);
    const auto record = node_.keeper->Prepare(view);
    ASSERT_TRUE(record.ok()) << record.error().message;
    puts.emplace_back(*record, outcome);
    if (outcome == PutOutcome::kCreated || outcome == PutOutcome::kChanged) model[key] = value;
  }

  KeeperNode& node_;
  SeededRandom random_;
  Model model_{};
};

class RecordProperty : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(RecordProperty, StoreIndexAndCountsStayInStep) {
  KeeperNode node;
  Mix mix(node, GetParam());
  for (int step = 0; step < 250; ++step) {
    mix.Transaction();
    if (mix.Below(20) == 0) {
      ASSERT_TRUE(node.keeper->Snapshot().ok());
    }
    if (mix.Below(25) == 0) {
      ASSERT_TRUE(node.Restart().ok());
    }
    if (mix.Below(25) == 0) mix.CheckCounts();
  }
  mix.CheckStore();
  mix.CheckCounts();
  mix.CheckIndex();
  ASSERT_TRUE(node.Restart().ok());
  mix.CheckCounts();
}

INSTANTIATE_TEST_SUITE_P(Seeds, RecordProperty, ::testing::Range<std::uint64_t>(1, 7));

// A power cut at any moment: what was acknowledged is there, and a keeper over what the disk kept
// has the same people.
TEST(RecordPowerCut, NothingAcknowledgedIsLost) {
  testing::FaultyVfs vfs("records-cut");
  vfs.RememberSynced();
  KeeperNode node({.vfs = vfs.name()});
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 15; ++i) {
      const std::string id = std::to_string(round) + "/" + std::to_string(i);
      node.PutPerson(id, "race 1");
      node.MustPut(KeeperNode::View(RecordKind::kCoverage, id, id, "covered " + kPayer + " x"));
      if (i == 7 && round % 2 == 0) {
        ASSERT_TRUE(node.keeper->Snapshot().ok());
      }
    }
    testing::TempFolder after;
    vfs.CutPowerInto(after.path());
    auto db = Database::Open(after.path(), testing::TestKey(), node.store.clock());
    ASSERT_TRUE(db.ok()) << db.error().message;
    ASSERT_TRUE((*db)->CheckIntegrity().ok());
    RecordKeeper keeper(**db, node.store.clock(), node.log, node.random, kSelf,
                        testing::ReadTextFacts);
    ASSERT_TRUE(keeper.Load(nullptr).ok());
    EXPECT_EQ(keeper.IndexDigest(), node.keeper->IndexDigest());
    EXPECT_EQ((*keeper.population())->Memory().people, static_cast<std::size_t>(15 * (round + 1)));
  }
}

TEST(RecordFailedCommit, ChangesInMemoryGoWithIt) {
  testing::FaultyVfs vfs("records-failed");
  KeeperNode node({.vfs = vfs.name()});
  node.PutPerson("p", "race 1");
  const Digest index = node.keeper->IndexDigest();
  vfs.FailSync(1);
  const auto put = node.Put(KeeperNode::View(RecordKind::kPerson, "q", "", "race 1"));
  EXPECT_FALSE(put.ok());
  EXPECT_EQ(node.keeper->IndexDigest(), index);
  EXPECT_EQ((*node.keeper->population())->Memory().people, 1u);
}

}  // namespace
}  // namespace equinode
