// The records of this node and the counts over them, in step: what is in the store is in the index
// and, once its transaction is durable, in the population.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/log.h"
#include "base/random.h"
#include "base/result.h"
#include "client/convert/record_batch.h"
#include "domain/counts/population.h"
#include "domain/people/record.h"
#include "domain/people/source_stamp.h"
#include "server/records/prepared_record.h"
#include "server/records/record_facts.h"
#include "storage/record_store.h"
#include "storage/sqlite/database.h"

namespace equinode {

enum class PutOutcome : std::uint8_t {
  kCreated,
  kChanged,
  kUnchanged,
  kOlder,
  kHeld,  // Of Take alone: until EndSource.
};

// What EndSource decided.
struct SourceEnd {
  std::vector<std::string> changed{};  // source_ids of records that went back to an older content.
  std::size_t left = 0;                // That stay as they are.
  bool more = false;                   // There are further ones: call again.
};

// What the index and its like take, apart from the population's own.
struct KeeperMemory {
  std::size_t records = 0;      // Keys: records, and people that were only spoken of.
  std::size_t index_bytes = 0;  // From record to row.
  std::size_t aliases = 0;
  std::size_t alias_bytes = 0;
};

struct PersonPage {
  std::vector<std::string> source_ids{};
  std::int64_t next = 0;  // Go on after this row; 0 = that was all.
};

// Thread-safe; what takes a Tx runs inside a Database::Write body.
class RecordKeeper {
 public:
  // Rows that one page of a list looks at.
  static constexpr std::int64_t kMostLookedAt = 50'000;

  // `self` is this node's URI; `random` makes the store's keys at its first start. All must outlive
  // the keeper. `facts` is BodyFacts, or a test's own. Does not load anything yet.
  RecordKeeper(Database& database, const Clock& clock, Log& log, Random& random, std::string self,
               FactsReader facts);
  ~RecordKeeper();

  // Brings index and population to where the store is: the newest snapshots, then the rows after
  // them. All else fails with UNAVAILABLE / NOT_READY before that. Once only. `progress` may be
  // null.
  Status Load(const std::function<void(std::uint64_t done, std::uint64_t all)>& progress);
  bool ready() const;
  const std::string& self() const;

  // Reads the body outside of any transaction. INVALID_ARGUMENT with BAD_RECORD and its like. For a
  // record of our own: origin is `self` or empty, version 0 and no time, which Put then gives; its
  // person may be a second name ("mrn:..."), see Resolve.
  Result<std::shared_ptr<const PreparedRecord>> Prepare(const RecordView& record) const;
  // INVALID_ARGUMENT / BAD_ALIAS.
  Result<PreparedAlias> PrepareAlias(std::string_view alias, std::string_view person) const;

  // The record with its person's first name in place of the second. NOT_FOUND / NO_SUCH_PERSON or
  // AMBIGUOUS_PERSON; nothing has happened then.
  Result<std::shared_ptr<const PreparedRecord>> Resolve(
      Tx& tx, std::shared_ptr<const PreparedRecord> record);
  // The version takes effect when it is newer than what is there. Equal content is kUnchanged and
  // writes nothing. The body must not be undone partly: one error undoes the whole transaction.
  // RESOURCE_EXHAUSTED / TOO_MANY_PEOPLE.
  Result<PutOutcome> Put(Tx& tx, const std::shared_ptr<const PreparedRecord>& record);
  // Put for a record of ours as a source tells it, which may tell its versions again and in any
  // order (docs/adr/0008): one that `said` shows to be older than what is here changes nothing;
  // where that cannot be told, a content that was here before and was replaced is held back.
  Result<PutOutcome> Take(Tx& tx, const std::shared_ptr<const PreparedRecord>& record,
                          const SourceStamp& said);
  // Nothing more comes of the feed for now. Of what is held back of it, at most `most`: measure
  // results take effect, other records with `restate` alone.
  Result<SourceEnd> EndSource(Tx& tx, std::string_view feed, bool restate, std::size_t most);
  // A second name for a person of ours; nothing when that person has no record. Two people with one
  // name: it names nobody from then on, until one of them is deleted and the name given anew.
  Status PutAlias(Tx& tx, const PreparedAlias& alias);
  // The links with `peer` begin anew: it may run on old data, and count versions from there again.
  // What it recorded later then takes effect in place of what is here of it now.
  Status BeginAnew(Tx& tx, const std::string& peer);
  // Puts a tombstone in place of a record of ours. NOT_FOUND / NO_SUCH_RECORD.
  Status Delete(Tx& tx, RecordKind kind, std::string_view source_id);

  // The current version of a record of ours, as of now or a little later; nothing when there is
  // none, or a tombstone. Not inside a Read or Write.
  Result<std::optional<StoredRecord>> Find(RecordKind kind, std::string_view source_id) const;
  // The number of a person of ours, who may have been spoken of only; nothing when nobody spoke of
  // him, or his record was deleted.
  Result<std::optional<PersonNo>> NumberOf(std::string_view source_id) const;
  // The row of a person's record, of any origin; 0 when there is none.
  Result<std::int64_t> PersonRow(std::string_view origin, std::string_view source_id) const;
  // Whether the person's record was taken out of use: what was said of him counts no more.
  bool IsDeleted(std::string_view origin, std::string_view source_id) const;
  // People of ours that have a record, in the order in which they first came, after row `after`.
  // May be short, or empty, before the end. Not inside a Read or Write.
  Result<PersonPage> ListPersons(std::int64_t after, std::size_t most) const;

  // UNAVAILABLE / NOT_READY while loading.
  Result<const Population*> population() const;
  // The same for its owner's other business: panels.
  Result<Population*> mutable_population();
  // The last row that is durable and counted.
  std::int64_t last_row() const;
  KeeperMemory Memory() const;
  // Over all entries of the index and of the second names: equal for equal content, however it came
  // about. For checks; slow.
  Digest IndexDigest() const;

  // Writes a snapshot of index and population, for a quick start. At intervals and at shutdown.
  // Nothing when there is nothing new.
  Status Snapshot();
  // So much is new that a start would take noticeably longer.
  bool SnapshotDue() const;

 private:
  // Whether a stored version says the same as a prepared one.
  static bool IsContent(const StoredRecord& stored, const PreparedRecord& made);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace equinode
