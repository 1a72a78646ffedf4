// From the store into memory at the start, and the copies that make it quick.
#include <algorithm>
#include <cstring>
#include <utility>

#include "server/records/keeper_state.h"
#include "storage/snapshot_store.h"
#include "storage/source_store.h"

namespace equinode {

namespace {

constexpr std::int64_t kPage = 2000;
// So many new rows are read again in a second or two.
constexpr std::int64_t kDueRows = 100'000;

constexpr std::string_view kIndexName = "records.index";
std::string CountsName() { return "records.counts." + std::to_string(kFactsVersion); }

// Before the entries of both tables.
struct IndexHeader {
  std::uint64_t magic = 0x3158444e49515145;  // The letters EQQINDX1, little-endian.
  std::int64_t position = 0;
  std::int64_t alias_position = 0;
  std::uint64_t people = 0;  // Numbers given out.
  std::uint64_t index_bytes = 0;
};

Error BadCopy() { return {Code::kDataLoss, "BAD_SNAPSHOT", "a copy of the index is damaged"}; }

}  // namespace

Status RecordKeeper::Load(const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  if (ready()) return Ok();
  EQN_CHECK(impl_->LoadKeys());
  EQN_CHECK(impl_->LoadSnapshots());
  EQN_CHECK(impl_->Replay(progress));
  impl_->ready.store(true);
  return Ok();
}

Status RecordKeeper::Impl::LoadKeys() {
  return database.Write("record_keys", [&](Tx& tx) -> Status {
    EQN_TRY(RecordKeys keys, RecordStore::Keys(tx, random));
    fingerprint = SipKeyFrom(keys.fingerprint.view());
    alias_key = std::move(keys.alias);
    EQN_TRY(own_number, RecordStore::OwnerFor(tx, self));
    EQN_TRY(holding, SourceStore::HoldsAny(tx));
    EQN_TRY(const std::vector<RecordOwner> all, RecordStore::Owners(tx));
    for (const RecordOwner& owner : all) {
      owners.emplace(owner.uri, owner.no);
      owner_uris.emplace(owner.no, owner.uri);
      if (owner.anew_row > 0) anew_rows[owner.uri] = owner.anew_row;
    }
    return Ok();
  });
}

Status RecordKeeper::Impl::LoadSnapshots() {
  // A copy that cannot be used costs time, not records: the log is the truth.
  EQN_TRY(const auto index_copy, SnapshotStore::Read(database, kIndexName));
  if (index_copy) {
    const Status restored = RestoreIndex(index_copy->bytes);
    if (!restored.ok()) {
      log.Warning("snapshot_unusable", {{Field::kReason, restored.error().reason}});
      index.Clear();
      aliases.Clear();
      index_position = durable_alias_row = 0;
      durable_person = 0;
    }
  }
  EQN_TRY(const auto counts_copy, SnapshotStore::Read(database, CountsName()));
  if (counts_copy) {
    const Result<std::uint64_t> restored = counts.Restore(counts_copy->bytes);
    if (restored.ok()) {
      count_position = static_cast<std::int64_t>(*restored);
    } else {
      log.Warning("snapshot_unusable", {{Field::kReason, restored.error().reason}});
      counts.Clear();
    }
  }
  snapshot_row = std::min(index_position, count_position);
  return Ok();
}

Status RecordKeeper::Impl::RestoreIndex(ByteView copy) {
  IndexHeader header;
  if (copy.size() < sizeof(header)) return BadCopy();
  std::memcpy(&header, copy.data(), sizeof(header));
  copy = copy.subspan(sizeof(header));
  if (header.magic != IndexHeader{}.magic || header.index_bytes > copy.size() ||
      header.people > RecordIndex::kMaxPerson) {
    return BadCopy();
  }
  EQN_CHECK(index.Restore(copy.first(header.index_bytes)));
  EQN_CHECK(aliases.Restore(copy.subspan(header.index_bytes)));
  index_position = header.position;
  durable_alias_row = header.alias_position;
  durable_person = static_cast<PersonNo>(header.people);
  return Ok();
}

// Segment by segment, so that writers wait for none of them long. Entries that change meanwhile
// may be in it: the rows after `position` are read again on top, to the same end.
Bytes RecordKeeper::Impl::CopyIndex(std::int64_t& position) const {
  IndexHeader header;
  Bytes copy(sizeof(header));
  {
    const std::lock_guard lock(step_mutex);
    header.position = position = durable_row;
    header.alias_position = durable_alias_row;
    header.people = durable_person;
  }
  {
    const std::shared_lock lock(index_mutex);
    copy.reserve(sizeof(header) + (index.size() + aliases.size()) * 25);
  }
  for (std::size_t i = 0; i < index.segments(); ++i) {
    const std::shared_lock lock(index_mutex);
    index.CopySegment(i, copy);
  }
  header.index_bytes = copy.size() - sizeof(header);
  for (std::size_t i = 0; i < aliases.segments(); ++i) {
    const std::shared_lock lock(index_mutex);
    aliases.CopySegment(i, copy);
  }
  std::memcpy(copy.data(), &header, sizeof(header));
  return copy;
}

const std::string& RecordKeeper::Impl::OwnerUri(OwnerNo owner) {
  return owner_uris.try_emplace(owner).first->second;
}

Status RecordKeeper::Impl::ReplayRow(ReadTx& tx, const RowView& row) {
  const std::string& origin = OwnerUri(row.owner);
  if (row.row > index_position) {
    index.Set(KeyOf(origin, row.kind, row.source_id), {row.row, row.person_no, row.deleted});
    if (row.person_no != 0 && row.kind != RecordKind::kPerson) {
      const Hash128 person_key = KeyOf(origin, RecordKind::kPerson, row.person);
      if (index.Find(person_key).none()) index.Set(person_key, {0, row.person_no, false});
    }
    durable_person = std::max(durable_person, row.person_no);
  }
  if (row.row <= count_position) return Ok();
  CountStep step;
  if (row.before != 0) {
    EQN_TRY(const StoredRecord old, RecordStore::At(tx, row.before));
    step.removed_from = old.person_no;
    step.removed = std::make_shared<const RecordFacts>(FactsOf(old.kind, old.deleted, old.body));
  }
  step.added_to = row.person_no;
  step.added = std::make_shared<const RecordFacts>(FactsOf(row.kind, row.deleted, row.body));
  step.owner = &origin;
  Apply(step, counts);
  return Ok();
}

Status RecordKeeper::Impl::Replay(
    const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  EQN_TRY(const std::int64_t last,
          database.Read([](ReadTx& tx) { return RecordStore::LastRow(tx); }));
  if (index_position > last || count_position > last) {
    // An older file was put back under newer copies, or the copies are of another store.
    log.Warning("snapshot_unusable", {{Field::kReason, "AHEAD_OF_THE_LOG"}});
    index.Clear();
    aliases.Clear();
    counts.Clear();
    index_position = count_position = durable_alias_row = 0;
    durable_person = 0;
  }
  const std::int64_t first = std::min(index_position, count_position);
  for (std::int64_t at = first; at < last;) {
    if (progress) {
      progress(static_cast<std::uint64_t>(at - first), static_cast<std::uint64_t>(last - first));
    }
    // Bodies are looked up beside the scan, in the same snapshot.
    EQN_TRY(const LogPosition read, database.Read([&](ReadTx& tx) {
      return RecordStore::Scan(tx, at, kPage,
                               [&](const RowView& row) { return ReplayRow(tx, row); });
    }));
    if (read.next == at) break;
    at = read.next;
  }
  EQN_CHECK(database.Read([&](ReadTx& tx) {
    return RecordStore::ScanAliases(tx, durable_alias_row, [&](const AliasRow& alias) -> Status {
      const SipKey halves = SipKeyFrom(alias.alias);
      aliases.Set({halves.k0, halves.k1},
                  {alias.person_row, alias.person_no, alias.person_no == 0});
      durable_alias_row = alias.row;
      return Ok();
    });
  }));
  durable_row = last;
  next_row = last + 1;
  next_alias_row = durable_alias_row + 1;
  next_person = durable_person + 1;
  if (progress) {
    progress(static_cast<std::uint64_t>(last - first), static_cast<std::uint64_t>(last - first));
  }
  return Ok();
}

Status RecordKeeper::Snapshot() {
  if (!ready()) return NotReady();
  const std::lock_guard one(impl_->snapshot_mutex);
  std::int64_t position = 0;
  Bytes copy;
  {
    const std::lock_guard lock(impl_->step_mutex);
    position = impl_->durable_row;
    if (position == impl_->snapshot_row) return Ok();
    copy = impl_->counts.Snapshot(static_cast<std::uint64_t>(position));
  }
  EQN_CHECK(SnapshotStore::Write(impl_->database, CountsName(), position, copy));
  std::int64_t index_position = 0;
  copy = Bytes();
  copy = impl_->CopyIndex(index_position);
  EQN_CHECK(SnapshotStore::Write(impl_->database, kIndexName, index_position, copy));
  impl_->snapshot_row = position;
  return Ok();
}

bool RecordKeeper::SnapshotDue() const {
  if (!ready()) return false;
  const std::int64_t row = last_row();
  return row - impl_->snapshot_row >= std::max(kDueRows, row / 8);
}

}  // namespace equinode
