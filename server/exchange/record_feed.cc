// Record batches: from the record log, under the peer's sharing rule.
#include <algorithm>
#include <string>
#include <utility>

#include "client/convert/record_batch.h"
#include "server/exchange/sealing.h"
#include "storage/record_store.h"

namespace equinode {

namespace {

KindMask MaskOf(const SharingRule& rule) {
  KindMask mask = 0;
  for (const RecordKind kind : rule.kinds) mask |= MaskOf(kind);
  return mask;
}

}  // namespace

Result<std::optional<Sealable>> BatchFrom(ReadTx& tx, const ExchangeContext& context,
                                          const SharingRule& rule, std::int64_t through,
                                          std::int64_t* after, bool* more) {
  *more = false;
  if (*after >= through) return std::optional<Sealable>();
  const std::string self = context.self();
  EQN_TRY(const std::optional<OwnerNo> owner, RecordStore::FindOwner(tx, self));
  if (!owner || rule.kinds.empty()) {
    *after = through;
    return std::optional<Sealable>();
  }
  // A node passes on what is its own, nothing of others'.
  RecordBatchWriter batch;
  Sealable sealable;
  std::string_view last_person;
  std::string kept_person;
  const Error past_the_end{Code::kOutOfRange, "PAST_THE_END", "the rows after belong elsewhere"};
  std::int64_t last = *after;
  const auto position = RecordStore::ReadAfter(
      tx, *after, MaskOf(rule), *owner, context.options.batch_records, context.options.batch_bytes,
      [&](const RowView& row) -> Status {
        if (row.row > through) return past_the_end;
        const std::string_view person = row.person.empty() ? row.source_id : row.person;
        batch.Add(RecordView{self, static_cast<std::uint32_t>(row.kind), row.source_id, row.person,
                             row.version, row.recorded_at, row.deleted, row.body});
        if (person != last_person) {
          sealable.people.Add(person);
          kept_person = std::string(person);
          last_person = kept_person;
        }
        if (sealable.made_of.first_row == 0) sealable.made_of.first_row = row.row;
        last = row.row;
        return Ok();
      });
  if (position.ok()) {
    *after = std::min(position->next, through);
    *more = position->more && *after < through;
  } else if (position.error() == past_the_end) {
    *after = through;
  } else {
    return position.error();
  }
  if (batch.count() == 0) return std::optional<Sealable>();
  sealable.kind = exchange::PayloadKind::kRecordBatch;
  sealable.payload = batch.Take();
  sealable.made_of.kind = sealable.kind;
  sealable.made_of.last_row = last;
  return std::optional<Sealable>(std::move(sealable));
}

Result<std::optional<Sealable>> Recheck(QueuedPayload queued,
                                        const std::optional<SharingRule>& rule) {
  Sealable sealable;
  sealable.kind = queued.kind;
  sealable.made_of.kind = queued.kind;
  sealable.outbox_row = queued.row;
  if (queued.kind != exchange::PayloadKind::kRecordBatch) {
    sealable.made_of.payload = queued.payload;
    sealable.payload = std::move(queued.payload);
    return std::optional<Sealable>(std::move(sealable));
  }
  if (!rule) return std::optional<Sealable>();
  RecordBatchWriter batch;
  EQN_CHECK(ReadRecordBatch(queued.payload, [&](const RecordView& record) -> Status {
    if (!rule->Sends(static_cast<RecordKind>(record.kind))) return Ok();
    batch.Add(record);
    sealable.people.Add(record.person.empty() ? record.source_id : record.person);
    return Ok();
  }));
  if (batch.count() == 0) return std::optional<Sealable>();
  sealable.payload = batch.Take();
  sealable.made_of.payload = sealable.payload;
  return std::optional<Sealable>(std::move(sealable));
}

}  // namespace equinode
