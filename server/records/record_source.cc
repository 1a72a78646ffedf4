// Versions as a source tells them, in whatever order: inside a transaction, on the writer thread.
#include <algorithm>
#include <utility>

#include "server/records/keeper_state.h"
#include "storage/source_store.h"

namespace equinode {

namespace {

// So many versions back a content is known again. A source that goes on taking things back beyond
// that is believed.
constexpr int kLookBack = 64;

std::string_view FeedOf(std::string_view source_id) {
  return source_id.substr(0, source_id.find('/'));
}

}  // namespace

Result<PutOutcome> RecordKeeper::Take(Tx& tx, const std::shared_ptr<const PreparedRecord>& record,
                                      const SourceStamp& said) {
  if (!ready()) return NotReady();
  const PreparedRecord& made = *record;
  const IndexEntry was = impl_->pending.Find(made.key_);
  // What is new, or was taken out of use, has nothing to be older than.
  if (was.row == 0 || was.flag) return impl_->PutSaid(*this, tx, record, 0, said);
  EQN_TRY(const StoredRecord old, RecordStore::At(tx, was.row));
  if (old.source_id != made.source_id() || old.kind != made.kind_) {
    return Error{Code::kDataLoss, "BAD_INDEX", "the index of records does not fit the store"};
  }
  SourceStamp known;
  if (!said.none()) {
    EQN_TRY(known, SourceStore::StampOf(tx, was.row));
  }
  const SourceOrder order = OrderOf(said, known);
  if (IsContent(old, made)) {
    const bool moves = !said.none() && (known.none() || order == SourceOrder::kNewer);
    if (moves) EQN_CHECK(SourceStore::SetStamp(tx, was.row, said));
    EQN_CHECK(impl_->Release(tx, was.row));
    return PutOutcome::kUnchanged;
  }
  if (order == SourceOrder::kOlder) return PutOutcome::kOlder;
  if (order == SourceOrder::kUnknown) {
    EQN_TRY(const std::int64_t seen, impl_->RowWithContent(tx, old, made));
    if (seen != 0) {
      EQN_CHECK(SourceStore::Hold(tx, {was.row, seen}, FeedOf(made.source_id())));
      impl_->holding = true;
      return PutOutcome::kHeld;
    }
  }
  return impl_->PutSaid(*this, tx, record, was.row, said);
}

bool RecordKeeper::IsContent(const StoredRecord& stored, const PreparedRecord& made) {
  return stored.deleted == made.deleted_ && std::ranges::equal(stored.body, made.body()) &&
         (stored.person == made.person() || made.deleted_);
}

Result<PutOutcome> RecordKeeper::Impl::PutSaid(RecordKeeper& keeper, Tx& tx,
                                               const std::shared_ptr<const PreparedRecord>& record,
                                               std::int64_t before, const SourceStamp& said) {
  EQN_TRY(const PutOutcome outcome, keeper.Put(tx, record));
  if (before != 0) {
    EQN_CHECK(Release(tx, before));
    EQN_CHECK(SourceStore::DropStamp(tx, before));
  }
  if (!said.none()) {
    EQN_CHECK(SourceStore::SetStamp(tx, pending.Find(record->key_).row, said));
  }
  return outcome;
}

Status RecordKeeper::Impl::Release(Tx& tx, std::int64_t row) {
  return holding ? SourceStore::Release(tx, row) : Ok();
}

Result<std::int64_t> RecordKeeper::Impl::RowWithContent(ReadTx& tx, const StoredRecord& current,
                                                        const PreparedRecord& made) {
  std::int64_t row = current.before;
  for (int step = 0; row != 0 && step < kLookBack; ++step) {
    EQN_TRY(const StoredRecord version, RecordStore::At(tx, row));
    if (IsContent(version, made)) return row;
    row = version.before;
  }
  return std::int64_t{0};
}

Result<SourceEnd> RecordKeeper::EndSource(Tx& tx, std::string_view feed, bool restate,
                                          std::size_t most) {
  if (!ready()) return NotReady();
  SourceEnd end;
  EQN_TRY(const std::vector<HeldVersion> held, SourceStore::HeldOf(tx, feed, most));
  end.more = held.size() == most;
  for (const HeldVersion& one : held) {
    EQN_CHECK(SourceStore::Release(tx, one.row));
    EQN_TRY(const StoredRecord version, RecordStore::At(tx, one.held));
    const Hash128 key = impl_->KeyOf(impl_->self, version.kind, version.source_id);
    if (impl_->pending.Find(key).row != one.row) continue;  // Changed since, in another way.
    if (version.kind != RecordKind::kMeasureResult && !restate) {
      ++end.left;
      continue;
    }
    EQN_TRY(const auto record, Prepare({.kind = static_cast<std::uint32_t>(version.kind),
                                        .source_id = version.source_id,
                                        .person = version.person,
                                        .body = version.body}));
    EQN_TRY(const PutOutcome outcome, impl_->PutSaid(*this, tx, record, one.row, {}));
    if (outcome == PutOutcome::kChanged) end.changed.push_back(version.source_id);
  }
  return end;
}

}  // namespace equinode
