#include "storage/record_store.h"

#include <algorithm>
#include <utility>

#include "storage/exchange_rows.h"

namespace equinode {

namespace {

using rows::BadRow;

constexpr std::string_view kRecordColumns =
    "SELECT row, owner, kind, deleted, version, before, person_no, recorded_at, source_id, person, "
    "body FROM record_log ";

bool KnownKind(std::int64_t kind) {
  return kind >= static_cast<std::int64_t>(RecordKind::kPerson) &&
         kind <= static_cast<std::int64_t>(kLastRecordKind);
}

Result<RowView> ViewOf(const Statement& row) {
  RowView view;
  if (!KnownKind(row.Int(2))) return BadRow("a record of a kind that this program does not know");
  view.row = row.Int(0);
  view.owner = static_cast<OwnerNo>(row.Int(1));
  view.kind = static_cast<RecordKind>(row.Int(2));
  view.deleted = row.Int(3) != 0;
  view.version = static_cast<std::uint32_t>(row.Int(4));
  view.before = row.Int(5);  // NULL reads as 0.
  view.person_no = static_cast<PersonNo>(row.Int(6));
  view.recorded_at = Instant{Millis{row.Int(7)}};
  view.source_id = row.TextView(8);
  if (view.kind != RecordKind::kOrganization) {
    view.person = row.IsNull(9) ? view.source_id : row.TextView(9);
  }
  view.body = row.BlobView(10);
  return view;
}

Result<Secret> KeyOf(Tx& tx, std::string_view word, std::size_t size, Random& random) {
  Statement read = tx.Prepare("SELECT value FROM node_state WHERE word=?");
  read.BindAll(word);
  EQN_TRY(const bool found, read.Step());
  if (found) {
    const ByteView value = read.BlobView(0);
    if (value.size() != size) return BadRow("a key of the records has another length");
    return Secret::Copy(value);
  }
  Secret key(size);
  random.Fill(key.mutable_view());
  Statement insert = tx.Prepare("INSERT INTO node_state(word, value) VALUES(?,?)");
  insert.Bind(1, word);
  insert.BindView(2, key.view());
  EQN_CHECK(insert.Run());
  return key;
}

}  // namespace

Status RecordStore::Append(Tx& tx, const RowView& row) {
  Statement insert = tx.Prepare(
      "INSERT INTO record_log(row, owner, kind, deleted, version, before, person_no, recorded_at, "
      "source_id, person, body) VALUES(?,?,?,?,?,?,?,?,?,?,?)");
  insert.Bind(1, row.row);
  insert.Bind(2, std::int64_t{row.owner});
  insert.Bind(3, static_cast<std::int64_t>(row.kind));
  insert.Bind(4, std::int64_t{row.deleted ? 1 : 0});
  insert.Bind(5, std::int64_t{row.version});
  row.before == 0 ? insert.BindNull(6) : insert.Bind(6, row.before);
  insert.Bind(7, std::int64_t{row.person_no});
  insert.Bind(8, std::int64_t{row.recorded_at.time_since_epoch().count()});
  insert.BindView(9, row.source_id);
  const bool same = row.person.empty() || row.person == row.source_id;
  same ? insert.BindNull(10) : insert.BindView(10, row.person);
  insert.BindView(11, row.body);
  return insert.Run();
}

Result<std::int64_t> RecordStore::LastRow(ReadTx& tx) {
  Statement read = tx.Prepare("SELECT max(row) FROM record_log");
  EQN_CHECK(read.Step());
  return read.Int(0);
}

Result<StoredRecord> RecordStore::At(ReadTx& tx, std::int64_t row) {
  static const std::string sql = std::string(kRecordColumns) + "WHERE row=?";
  Statement read = tx.Prepare(sql);
  read.Bind(1, row);
  EQN_TRY(const bool found, read.Step());
  if (!found) return BadRow("a record is not where the index says");
  EQN_TRY(const RowView view, ViewOf(read));
  return StoredRecord{view.row,
                      view.owner,
                      view.kind,
                      view.deleted,
                      view.version,
                      view.before,
                      view.person_no,
                      view.recorded_at,
                      std::string(view.source_id),
                      std::string(view.person),
                      Bytes(view.body.begin(), view.body.end())};
}

Result<LogPosition> RecordStore::Scan(ReadTx& tx, std::int64_t after, std::int64_t most,
                                      const std::function<Status(const RowView&)>& each) {
  static const std::string sql = std::string(kRecordColumns) + "WHERE row>? ORDER BY row LIMIT ?";
  Statement read = tx.Prepare(sql);
  read.BindAll(after, most);
  LogPosition position{after, false};
  for (std::int64_t seen = 0;; ++seen) {
    EQN_TRY(const bool found, read.Step());
    if (!found) {
      position.more = seen == most;
      return position;
    }
    EQN_TRY(const RowView view, ViewOf(read));
    EQN_CHECK(each(view));
    position.next = view.row;
  }
}

Result<LogPosition> RecordStore::ReadAfter(ReadTx& tx, std::int64_t after, KindMask kinds,
                                           OwnerNo owner, std::size_t max_records,
                                           std::size_t max_bytes,
                                           const std::function<Status(const RowView&)>& each) {
  static const std::string sql = std::string(kRecordColumns) + "WHERE row>? ORDER BY row LIMIT ?";
  Statement read = tx.Prepare(sql);
  read.BindAll(after, kMostLookedAt);
  LogPosition position{after, false};
  std::size_t records = 0;
  std::size_t bytes = 0;
  for (std::int64_t seen = 0;; ++seen) {
    EQN_TRY(const bool found, read.Step());
    if (!found) {
      position.more = seen == kMostLookedAt;
      return position;
    }
    // Before anything else of the row is looked at: SQLite leaves the rest of it unread.
    const bool wanted = read.Int(1) == std::int64_t{owner} && read.Int(2) < 32 &&
                        ((kinds >> static_cast<unsigned>(read.Int(2))) & 1) != 0;
    if (!wanted) {
      position.next = read.Int(0);
      continue;
    }
    EQN_TRY(const RowView view, ViewOf(read));
    const std::size_t size = view.source_id.size() + view.person.size() + view.body.size();
    if (records > 0 && (records == max_records || bytes + size > max_bytes)) {
      position.more = true;
      return position;
    }
    EQN_CHECK(each(view));
    ++records;
    bytes += size;
    position.next = view.row;
  }
}

Result<OwnerNo> RecordStore::OwnerFor(Tx& tx, std::string_view uri) {
  EQN_TRY(const std::optional<OwnerNo> known, FindOwner(tx, uri));
  if (known) return *known;
  EQN_CHECK(tx.Prepare("INSERT INTO record_owner(uri) VALUES(?)").BindAll(uri).Run());
  EQN_TRY(const std::optional<OwnerNo> made, FindOwner(tx, uri));
  if (!made) return BadRow("an owner of records cannot be kept");
  return *made;
}

Result<std::optional<OwnerNo>> RecordStore::FindOwner(ReadTx& tx, std::string_view uri) {
  Statement read = tx.Prepare("SELECT owner FROM record_owner WHERE uri=?");
  read.BindAll(uri);
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<OwnerNo>();
  return std::optional<OwnerNo>(static_cast<OwnerNo>(read.Int(0)));
}

Result<std::vector<RecordOwner>> RecordStore::Owners(ReadTx& tx) {
  Statement read = tx.Prepare("SELECT owner, uri, anew_row FROM record_owner ORDER BY owner");
  std::vector<RecordOwner> owners;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return owners;
    owners.push_back({static_cast<OwnerNo>(read.Int(0)), read.Text(1), read.Int(2)});
  }
}

Status RecordStore::MarkAnew(Tx& tx, OwnerNo owner, std::int64_t row) {
  return tx.Prepare("UPDATE record_owner SET anew_row=? WHERE owner=?")
      .BindAll(row, std::int64_t{owner})
      .Run();
}

Status RecordStore::AppendAlias(Tx& tx, const AliasRow& alias) {
  return tx.Prepare("INSERT INTO record_alias(row, alias, person_no, person_row) VALUES(?,?,?,?)")
      .BindAll(alias.row, ByteView(alias.alias), std::int64_t{alias.person_no}, alias.person_row)
      .Run();
}

Result<std::int64_t> RecordStore::LastAlias(ReadTx& tx) {
  Statement read = tx.Prepare("SELECT max(row) FROM record_alias");
  EQN_CHECK(read.Step());
  return read.Int(0);
}

Status RecordStore::ScanAliases(ReadTx& tx, std::int64_t after,
                                const std::function<Status(const AliasRow&)>& each) {
  Statement read = tx.Prepare(
      "SELECT row, alias, person_no, person_row FROM record_alias WHERE row>? ORDER BY row");
  read.BindAll(after);
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return Ok();
    AliasRow alias{read.Int(0), {}, static_cast<PersonNo>(read.Int(2)), read.Int(3)};
    const ByteView bytes = read.BlobView(1);
    if (bytes.size() != alias.alias.size()) return BadRow("a name's hash has another length");
    std::ranges::copy(bytes, alias.alias.begin());
    EQN_CHECK(each(alias));
  }
}

Result<RecordKeys> RecordStore::Keys(Tx& tx, Random& random) {
  RecordKeys keys;
  EQN_TRY(keys.fingerprint, KeyOf(tx, "record.fingerprint_key", 16, random));
  EQN_TRY(keys.alias, KeyOf(tx, "record.alias_key", 32, random));
  return keys;
}

}  // namespace equinode
