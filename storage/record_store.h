// The log of records: every version, in the order in which it came. Also the queue of what goes to
// peers, read by position.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "domain/people/facts.h"
#include "domain/people/record.h"
#include "storage/sqlite/tx.h"

namespace equinode {

// Number of a maker of records in this store, from 1.
using OwnerNo = std::uint32_t;

struct RecordOwner {
  OwnerNo no = 0;
  std::string uri{};
  std::int64_t anew_row = 0;  // See MarkAnew.
};

// One row of the log; all views belong to somebody else.
struct RowView {
  std::int64_t row = 0;
  OwnerNo owner = 0;
  RecordKind kind = RecordKind::kPerson;
  bool deleted = false;
  std::uint32_t version = 0;
  std::int64_t before = 0;  // Row of the version that it replaced; 0 = none.
  PersonNo person_no = 0;   // 0 = about nobody.
  Instant recorded_at{};
  std::string_view source_id{};
  std::string_view person{};  // source_id of whom it is about: its own for a person; may be empty.
  ByteView body{};
};

// The same, with bytes of its own.
struct StoredRecord {
  std::int64_t row = 0;
  OwnerNo owner = 0;
  RecordKind kind = RecordKind::kPerson;
  bool deleted = false;
  std::uint32_t version = 0;
  std::int64_t before = 0;
  PersonNo person_no = 0;
  Instant recorded_at{};
  std::string source_id{};
  std::string person{};
  Bytes body{};
};

struct AliasRow {
  std::int64_t row = 0;
  Digest alias{};
  PersonNo person_no = 0;  // 0 = two people bear the name.
  std::int64_t person_row = 0;
};

// How far a reading has come.
struct LogPosition {
  std::int64_t next = 0;  // Read on after this row.
  bool more = false;      // There may be further rows now.
};

// A set of kinds: bit n = RecordKind n, as in a sharing rule.
using KindMask = std::uint32_t;
constexpr KindMask MaskOf(RecordKind kind) { return KindMask{1} << static_cast<unsigned>(kind); }
inline constexpr KindMask kAllKinds = ~KindMask{0};

// What the indexes in memory are keyed with, so that nobody outside can make two names fall
// together or test a name against a stolen table without the store's own key.
struct RecordKeys {
  Secret fingerprint{};  // 16 bytes, SipHash.
  Secret alias{};        // 32 bytes, HMAC-SHA-256.
};

class RecordStore {
 public:
  // Rows that one ReadAfter looks at before it comes back without having filled its bounds.
  static constexpr std::int64_t kMostLookedAt = 20'000;

  // Appends a row. `row.row` must be LastRow + 1.
  static Status Append(Tx& tx, const RowView& row);
  // 0 = the log is empty.
  static Result<std::int64_t> LastRow(ReadTx& tx);
  // DATA_LOSS / BAD_ROW when the row is not there or not of a known kind.
  static Result<StoredRecord> At(ReadTx& tx, std::int64_t row);

  // Hands every row after `after` to `each`, in order, at most `most` of them. Views live during
  // the call only.
  static Result<LogPosition> Scan(ReadTx& tx, std::int64_t after, std::int64_t most,
                                  const std::function<Status(const RowView&)>& each);
  // The same for the rows of `owner` and of `kinds` alone, every version, until `max_records` of
  // them or `max_bytes` of names and bodies would be passed; one row alone always goes.
  static Result<LogPosition> ReadAfter(ReadTx& tx, std::int64_t after, KindMask kinds,
                                       OwnerNo owner, std::size_t max_records,
                                       std::size_t max_bytes,
                                       const std::function<Status(const RowView&)>& each);

  // Makes the number of `uri` when it has none.
  static Result<OwnerNo> OwnerFor(Tx& tx, std::string_view uri);
  // Nothing while no record of `uri` ever came.
  static Result<std::optional<OwnerNo>> FindOwner(ReadTx& tx, std::string_view uri);
  static Result<std::vector<RecordOwner>> Owners(ReadTx& tx);
  // From now on rows of `owner` up to `row` give way to what it recorded later, whatever their
  // version.
  static Status MarkAnew(Tx& tx, OwnerNo owner, std::int64_t row);

  // `alias.row` must be LastAlias + 1.
  static Status AppendAlias(Tx& tx, const AliasRow& alias);
  static Result<std::int64_t> LastAlias(ReadTx& tx);
  static Status ScanAliases(ReadTx& tx, std::int64_t after,
                            const std::function<Status(const AliasRow&)>& each);

  // Made from `random` at the first call in the life of a store.
  static Result<RecordKeys> Keys(Tx& tx, Random& random);
};

}  // namespace equinode
