// Private to server/records: what a RecordKeeper holds, and how a transaction changes it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/records/record_index.h"
#include "server/records/record_keeper.h"

namespace equinode {

// One change of the counts: what goes out, then what comes in.
struct CountStep {
  PersonNo removed_from = 0;
  PersonNo added_to = 0;
  // Null = nothing. PersonFacts that go out, whichever: the person leaves.
  std::shared_ptr<const RecordFacts> removed{};
  std::shared_ptr<const RecordFacts> added{};  // Of a record, and shared with it.
  const std::string* owner = nullptr;          // Of the record.
};
void Apply(const CountStep& step, Population& population);

// A set of index entries that are not durable yet, before the durable ones. Writer thread only.
class PendingIndex {
 public:
  explicit PendingIndex(RecordIndex& durable) : durable_(durable) {}
  IndexEntry Find(const Hash128& key) const {
    const IndexEntry entry = pending_.Find(key);
    return entry.none() ? durable_.Find(key) : entry;
  }
  // Returns what was pending before, for Undo.
  IndexEntry Set(const Hash128& key, const IndexEntry& entry) {
    const IndexEntry before = pending_.Find(key);
    pending_.Set(key, entry);
    return before;
  }
  void Undo(const Hash128& key, const IndexEntry& before) { pending_.Set(key, before); }
  void Clear() { pending_.Clear(); }

 private:
  RecordIndex& durable_;
  RecordIndex pending_{0};
};

// What one transaction has changed so far.
struct Journal {
  struct Entry {
    bool alias = false;
    Hash128 key{};
    IndexEntry now{};
    IndexEntry before{};  // Pending before.
  };
  std::uint64_t serial = 0;
  std::int64_t row_before = 0;
  std::int64_t alias_row_before = 0;
  PersonNo person_before = 0;
  std::int64_t last_row = 0;  // Of this transaction.
  std::int64_t last_alias_row = 0;
  PersonNo last_person = 0;
  std::vector<Entry> entries{};
  std::vector<CountStep> steps{};
};

struct RecordKeeper::Impl {
  Impl(Database& database_in, const Clock& clock_in, Log& log_in, Random& random_in,
       std::string self_in, FactsReader facts_in)
      : database(database_in),
        clock(clock_in),
        log(log_in),
        random(random_in),
        self(std::move(self_in)),
        self_shared(std::make_shared<const std::string>(self)),
        facts(std::move(facts_in)) {}

  // Facts of a body that is in the store: whatever was in it, the same again.
  RecordFacts FactsOf(RecordKind kind, bool deleted, ByteView body) const;
  std::shared_ptr<const std::string> OriginOf(std::string_view uri) const;
  Hash128 KeyOf(std::string_view origin, RecordKind kind, std::string_view source_id) const;

  // Writer thread.
  Journal& Begin(Tx& tx);
  void Commit(const Journal& journal);
  void Undo(const Journal& journal);
  void End();
  void Set(Journal& journal, bool alias, const Hash128& key, const IndexEntry& entry);
  Result<PersonNo> PersonFor(Journal& journal, const Hash128& person_key);
  Result<OwnerNo> OwnerNumber(Tx& tx, const std::string& uri);
  // Whether a version of a peer's takes the place of `old` though its number is not higher.
  bool GivesWay(const StoredRecord& old, const PreparedRecord& made) const;
  // Put, and what goes with it: `before` is the row that it replaces, 0 = none.
  Result<PutOutcome> PutSaid(RecordKeeper& keeper, Tx& tx,
                             const std::shared_ptr<const PreparedRecord>& record,
                             std::int64_t before, const SourceStamp& said);
  // Nothing is held back against that row any more.
  Status Release(Tx& tx, std::int64_t row);
  // The newest version before `current` with the content of `made`; 0 = none.
  static Result<std::int64_t> RowWithContent(ReadTx& tx, const StoredRecord& current,
                                             const PreparedRecord& made);
  // Appends the row. `was` is the key's entry, `old` its row; null when there is none.
  Status Write(Tx& tx, const std::shared_ptr<const PreparedRecord>& record, const IndexEntry& was,
               const StoredRecord* old, std::uint32_t version);

  // Loading.
  Status LoadKeys();
  Status LoadSnapshots();
  Status Replay(const std::function<void(std::uint64_t, std::uint64_t)>& progress);
  Status ReplayRow(ReadTx& tx, const RowView& row);
  Status RestoreIndex(ByteView copy);
  Bytes CopyIndex(std::int64_t& position) const;
  const std::string& OwnerUri(OwnerNo owner);

  Database& database;
  const Clock& clock;
  Log& log;
  Random& random;
  const std::string self;
  const std::shared_ptr<const std::string> self_shared;
  const FactsReader facts;
  Population counts{};
  std::atomic<bool> ready{false};

  // Set by Load, then constant.
  SipKey fingerprint{};
  Secret alias_key{};
  OwnerNo own_number = 0;

  // Writer thread only, after Load.
  std::unordered_map<std::string, OwnerNo> owners{};
  std::unordered_map<std::string, std::int64_t> anew_rows{};  // RecordStore::MarkAnew.
  std::shared_ptr<Journal> open{};                            // Of the transaction that is running.
  std::size_t journals = 0;                                   // Neither committed nor undone.
  bool holding = false;  // Versions may be held back; false = certainly none.
  std::int64_t next_row = 1;
  std::int64_t next_alias_row = 1;
  PersonNo next_person = 1;

  // Held while durable changes are taken over, so that a snapshot sees whole transactions.
  mutable std::mutex step_mutex{};
  mutable std::shared_mutex index_mutex{};
  // Changed on the writer thread under both, after Load; read there without.
  RecordIndex index{};
  RecordIndex aliases{4};
  std::int64_t durable_row = 0;
  std::int64_t durable_alias_row = 0;
  PersonNo durable_person = 0;
  PendingIndex pending{index};            // Writer thread only.
  PendingIndex pending_aliases{aliases};  // Writer thread only.

  std::int64_t index_position = 0;  // Loading only.
  std::int64_t count_position = 0;  // Loading only.
  // Of the owners, for the counts. Loading only.
  std::unordered_map<OwnerNo, std::string> owner_uris{};

  mutable std::mutex snapshot_mutex{};        // One snapshot at a time.
  std::atomic<std::int64_t> snapshot_row{0};  // Of the last one.
};

Error NotReady();

}  // namespace equinode
