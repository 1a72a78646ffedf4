// A store with a keeper over it. Bodies are small texts, so that tests say what they mean:
//   "race <n>", "race <n> <anything>"         a person
//   "covered <payer> <line>"                  a coverage; "cancelled" does not count
//   "measure <name> <denominator> <numerator>" a measure result of 2025
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "server/records/record_keeper.h"
#include "tests/support/test_store.h"

namespace equinode::testing {

inline const std::string kSelf = "spiffe://n/practice/a";
inline const std::string kPeer = "spiffe://n/practice/b";
inline const std::string kPayer = "spiffe://n/payer/plan";

inline Result<RecordFacts> ReadTextFacts(RecordKind kind, ByteView body) {
  std::istringstream in{std::string(AsText(body))};
  std::string word;
  in >> word;
  if (kind == RecordKind::kPerson && word == "race") {
    int race = 0;
    in >> race;
    PersonFacts facts;
    facts.race1997 = static_cast<Race1997>(race);
    return RecordFacts(facts);
  }
  if (kind == RecordKind::kCoverage && word == "covered") {
    CoverageFact fact;
    in >> fact.payer >> fact.line_of_business;
    return RecordFacts(fact);
  }
  if (kind == RecordKind::kMeasureResult && word == "measure") {
    MeasureFact fact;
    in >> fact.measure >> fact.in_denominator >> fact.in_numerator;
    fact.period = "2025";
    return RecordFacts(fact);
  }
  if (word == "bad") return Error{Code::kInvalidArgument, "BAD_RECORD", "not such a body"};
  return RecordFacts();
}

class KeeperNode {
 public:
  explicit KeeperNode(OpenOptions options = {}) : store(std::move(options)) {
    const Status started = Start();
    EXPECT_TRUE(started.ok()) << (started.ok() ? "" : started.error().message);
  }

  // As a start of the program: over what is in the store.
  Status Start() {
    keeper = std::make_unique<RecordKeeper>(store.db(), store.clock(), log, random, kSelf,
                                            ReadTextFacts);
    return keeper->Load(nullptr);
  }
  Status Restart() {
    keeper.reset();
    store.Reopen();
    return Start();
  }

  static RecordView View(RecordKind kind, std::string_view id, std::string_view person,
                         std::string_view body) {
    return {.kind = static_cast<std::uint32_t>(kind),
            .source_id = id,
            .person = person,
            .body = AsBytes(body)};
  }
  static RecordView FromPeer(RecordView view, std::uint32_t version) {
    view.origin = kPeer;
    view.version = version;
    view.recorded_at = Instant{Millis{5}};
    return view;
  }
  static RecordView Tombstone(RecordView view) {
    view.deleted = true;
    view.body = {};
    return view;
  }

  Result<PutOutcome> Put(const RecordView& view) {
    EQN_TRY(const auto record, keeper->Prepare(view));
    return store.db().Write("put", [&](Tx& tx) -> Result<PutOutcome> {
      EQN_TRY(const auto resolved, keeper->Resolve(tx, record));
      return keeper->Put(tx, resolved);
    });
  }
  PutOutcome MustPut(const RecordView& view) {
    const auto put = Put(view);
    EXPECT_TRUE(put.ok()) << (put.ok() ? "" : put.error().message);
    return put.ok() ? *put : PutOutcome::kOlder;
  }
  PutOutcome PutPerson(std::string_view id, std::string_view body) {
    return MustPut(View(RecordKind::kPerson, id, "", body));
  }
  Status Alias(std::string_view alias, std::string_view person) {
    EQN_TRY(const PreparedAlias prepared, keeper->PrepareAlias(alias, person));
    return store.db().Write("alias", [&](Tx& tx) { return keeper->PutAlias(tx, prepared); });
  }
  Status Delete(RecordKind kind, std::string_view id) {
    return store.db().Write("delete", [&](Tx& tx) { return keeper->Delete(tx, kind, id); });
  }

  // People counted, covered by the payer; those of one race; the measure's "den/num".
  std::uint64_t People(std::string_view race = "") const {
    const RawTable table = Table(Stratifier::kRaceOmb1997, "population");
    if (race.empty()) return table.total.denominator;
    for (const RawCell& cell : table.cells) {
      if (cell.stratum == race) return cell.denominator;
    }
    return 0;
  }
  std::string Measure(const std::string& name) const {
    const RawTable table = Table(Stratifier::kRaceOmb1997, name);
    return std::to_string(table.total.denominator) + "/" + std::to_string(table.total.numerator);
  }
  RawTable Table(Stratifier stratifier, const std::string& measure) const {
    const CountScope scope{.payer = kPayer,
                           .day = std::chrono::sys_days{std::chrono::year{2025} / 12 / 31},
                           .measure_period = "2025"};
    const auto tables = (*keeper->population())->OneWay({scope, stratifier, {measure}});
    EXPECT_TRUE(tables.ok()) << (tables.ok() ? "" : tables.error().reason);
    return tables.ok() ? tables->front() : RawTable{};
  }
  std::int64_t Rows() {
    return *store.db().Read([](ReadTx& tx) { return RecordStore::LastRow(tx); });
  }
  StoredRecord At(std::int64_t row) {
    auto at = store.db().Read([&](ReadTx& tx) { return RecordStore::At(tx, row); });
    EXPECT_TRUE(at.ok());
    return at.ok() ? *std::move(at) : StoredRecord{};
  }

  TestStore store;
  SeededRandom random{3};
  Log log{-1, store.clock()};
  std::unique_ptr<RecordKeeper> keeper{};
};

}  // namespace equinode::testing
