// Reading records: on any thread.
#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "server/records/keeper_state.h"

namespace equinode {

Result<std::optional<StoredRecord>> RecordKeeper::Find(RecordKind kind,
                                                       std::string_view source_id) const {
  if (!ready()) return NotReady();
  // First the index, then the snapshot: what is in the index is durable, so any later snapshot has
  // that row, and rows stay.
  IndexEntry entry;
  {
    const std::shared_lock lock(impl_->index_mutex);
    entry = impl_->index.Find(impl_->KeyOf(impl_->self, kind, source_id));
  }
  if (entry.row == 0 || entry.flag) return std::optional<StoredRecord>();
  EQN_TRY(StoredRecord found,
          impl_->database.Read([&](ReadTx& tx) { return RecordStore::At(tx, entry.row); }));
  if (found.source_id != source_id) {
    return Error{Code::kDataLoss, "BAD_INDEX", "the index of records does not fit the store"};
  }
  return std::optional<StoredRecord>(std::move(found));
}

Result<std::optional<PersonNo>> RecordKeeper::NumberOf(std::string_view source_id) const {
  if (!ready()) return NotReady();
  const std::shared_lock lock(impl_->index_mutex);
  const IndexEntry entry =
      impl_->index.Find(impl_->KeyOf(impl_->self, RecordKind::kPerson, source_id));
  if (entry.person == 0 || entry.flag) return std::optional<PersonNo>();
  return std::optional<PersonNo>(entry.person);
}

Result<std::int64_t> RecordKeeper::PersonRow(std::string_view origin,
                                             std::string_view source_id) const {
  if (!ready()) return NotReady();
  const std::shared_lock lock(impl_->index_mutex);
  const IndexEntry entry = impl_->index.Find(impl_->KeyOf(origin, RecordKind::kPerson, source_id));
  return entry.flag ? std::int64_t{0} : entry.row;
}

bool RecordKeeper::IsDeleted(std::string_view origin, std::string_view source_id) const {
  const std::shared_lock lock(impl_->index_mutex);
  return impl_->index.Find(impl_->KeyOf(origin, RecordKind::kPerson, source_id)).flag;
}

Result<PersonPage> RecordKeeper::ListPersons(std::int64_t after, std::size_t most) const {
  if (!ready()) return NotReady();
  PersonPage page;
  const Error full{Code::kOutOfRange};
  EQN_TRY(const LogPosition position, impl_->database.Read([&](ReadTx& tx) -> Result<LogPosition> {
    LogPosition reached{after, false};
    Result<LogPosition> scanned =
        RecordStore::Scan(tx, after, kMostLookedAt, [&](const RowView& row) -> Status {
          if (page.source_ids.size() == most) return full;
          reached.next = row.row;
          const bool first =
              row.kind == RecordKind::kPerson && row.owner == impl_->own_number && row.before == 0;
          if (!first) return Ok();
          const std::shared_lock lock(impl_->index_mutex);
          const Hash128 key = impl_->KeyOf(impl_->self, row.kind, row.source_id);
          if (!impl_->index.Find(key).flag) page.source_ids.emplace_back(row.source_id);
          return Ok();
        });
    if (scanned.ok()) return scanned;
    if (!(scanned.error() == full)) return scanned;
    reached.more = true;
    return reached;
  }));
  if (position.more) page.next = position.next;
  return page;
}

Digest RecordKeeper::IndexDigest() const {
  std::vector<std::pair<Hash128, IndexEntry>> entries;
  const auto add = [&](const Hash128& key, const IndexEntry& entry) {
    entries.emplace_back(key, entry);
  };
  {
    const std::shared_lock lock(impl_->index_mutex);
    impl_->index.ForEach(add);
    entries.emplace_back(Hash128{}, IndexEntry{});
    impl_->aliases.ForEach(add);
  }
  std::ranges::sort(entries, {}, &std::pair<Hash128, IndexEntry>::first);
  Sha256Hasher hasher;
  for (const auto& [key, entry] : entries) {
    const std::array<std::uint64_t, 5> words{key.high, key.low,
                                             static_cast<std::uint64_t>(entry.row), entry.person,
                                             entry.flag ? 1u : 0u};
    hasher.Update({reinterpret_cast<const std::uint8_t*>(words.data()), sizeof(words)});
  }
  return hasher.Finish();
}

}  // namespace equinode
