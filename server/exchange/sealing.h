// Giving numbers: what waits for a peer is made into contents, sealed outside of any transaction,
// and kept with the link's new state in one.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/audit/entry.h"
#include "domain/exchange/payload.h"
#include "server/exchange/context.h"
#include "storage/outbox_store.h"
#include "storage/sharing_store.h"

namespace equinode {

// One payload that may go.
struct Sealable {
  exchange::PayloadKind kind = exchange::PayloadKind::kRecordBatch;
  Bytes payload{};
  SentPayload made_of{};
  std::optional<std::int64_t> outbox_row{};
  TouchedIds people{};  // About whom.
};

// What a receipt told, to be settled with it.
struct ReceiptPlan {
  std::vector<StoredIncoming> lanes{};   // As they stood.
  std::vector<StoredRefusal> told{};     // In it.
  std::vector<StoredRefusal> settled{};  // Mended in the meantime: dropped.
};

// What may go on one lane to one peer, as a snapshot showed it.
struct LanePlan {
  StoredOutgoing link{};
  std::vector<Sealable> payloads{};
  std::vector<std::int64_t> dropped{};     // Outbox rows that may not go any more.
  std::vector<QueuedPayload> kept_back{};  // And those whose owner has said so (PayloadWatch).
  std::optional<SharingRule> rule{};       // That records go by.
  RecordFeed feed{};                       // Before, and
  RecordFeed feed_after{};                 // after.
  std::optional<ReceiptPlan> receipt{};
  std::vector<StoredSent> to_void{};
  bool more = false;  // Worth another look at once.

  bool empty() const {
    return payloads.empty() && to_void.empty() && dropped.empty() && kept_back.empty() &&
           feed == feed_after;
  }
};

Result<LanePlan> PlanLane(ExchangeContext& context, ReadTx& tx, std::string_view peer,
                          exchange::Lane lane, Instant now);

// The positions on all lanes and the refusals that the next receipt to `peer` tells, when it is
// due.
Result<std::optional<ReceiptPlan>> PlanReceipt(const ExchangeContext& context, ReadTx& tx,
                                               std::string_view peer, Instant now);
Result<std::optional<Instant>> ReceiptDueAt(const ExchangeContext& context, ReadTx& tx,
                                            std::string_view peer);
exchange::Receipt ReceiptFrom(const ReceiptPlan& plan);
Status SettleReceipt(Tx& tx, std::string_view peer, const ReceiptPlan& plan, Instant now);

// A batch of the record log's rows after `after` up to `through`, for the peer of `rule`. Moves
// `after` past what was looked at; no payload when nothing of it goes to that peer.
Result<std::optional<Sealable>> BatchFrom(ReadTx& tx, const ExchangeContext& context,
                                          const SharingRule& rule, std::int64_t through,
                                          std::int64_t* after, bool* more);
// The batch in an outbox row, without what `rule` does not send (any more).
Result<std::optional<Sealable>> Recheck(QueuedPayload queued,
                                        const std::optional<SharingRule>& rule);

// Seals for `peer` until nothing may go. True when there is something to push.
Result<bool> SealFor(ExchangeContext& context, std::string_view peer, Instant now);

}  // namespace equinode
