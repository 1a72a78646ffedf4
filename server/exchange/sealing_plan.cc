// What may go now: the window, voids, receipts, the outbox, the record log.
#include <algorithm>
#include <utility>

#include "client/convert/envelope.h"
#include "server/exchange/sealing.h"
#include "storage/record_store.h"

namespace equinode {

using exchange::Lane;
using exchange::PayloadKind;

namespace {

// Payloads that get their numbers together, and their bytes.
constexpr std::size_t kSealedAtOnce = 8;
constexpr std::size_t kGroupBytes = 3 * 1024 * 1024;

// Counts what a plan holds against the window before it is sealed.
class Room {
 public:
  Room(const StoredOutgoing& link, const exchange::Window& window)
      : state_(link.state), bytes_(link.kept_bytes), window_(window) {}
  bool Has() const {
    return count_ < kSealedAtOnce && planned_ < kGroupBytes &&
           exchange::MayGive(state_, bytes_ + planned_, window_);
  }
  // Only the numbers count here: a digest comes with the content.
  void Use(std::size_t bytes) {
    state_.given.through += 1;
    planned_ += bytes;
    count_ += 1;
  }

 private:
  exchange::OutgoingLink state_;
  const std::uint64_t bytes_;
  const exchange::Window& window_;
  std::size_t planned_ = 0;
  std::size_t count_ = 0;
};

Result<bool> MayLeave(const ExchangeContext& context, ReadTx& tx, std::string_view peer,
                      const QueuedPayload& queued, Instant now) {
  const PayloadWatch* watch = context.WatchOf(queued.kind);
  if (watch == nullptr || !watch->may_leave) return true;
  return watch->may_leave(tx, peer, queued.payload, now);
}

Status PlanOutbox(const ExchangeContext& context, ReadTx& tx, std::string_view peer, Lane lane,
                  Instant now, Room& room, LanePlan& plan) {
  EQN_TRY(std::vector<QueuedPayload> waiting, OutboxStore::Waiting(tx, peer, lane, kSealedAtOnce));
  plan.more = plan.more || waiting.size() == kSealedAtOnce;
  for (QueuedPayload& queued : waiting) {
    if (!room.Has()) return Ok();
    EQN_TRY(const bool may_leave, MayLeave(context, tx, peer, queued, now));
    if (!may_leave) {
      plan.kept_back.push_back(std::move(queued));
      continue;
    }
    const std::int64_t row = queued.row;
    EQN_TRY(std::optional<Sealable> sealable, Recheck(std::move(queued), plan.rule));
    if (!sealable) {
      plan.dropped.push_back(row);
      continue;
    }
    room.Use(sealable->payload.size());
    plan.payloads.push_back(*std::move(sealable));
  }
  return Ok();
}

// Rows up to the rule go as history, those after it as they come.
Status PlanRecords(ExchangeContext& context, ReadTx& tx, Lane lane, Room& room, LanePlan& plan) {
  const SharingRule& rule = *plan.rule;
  RecordFeed at = plan.feed;
  if (at.rule_version != rule.version) {
    at = {rule.version, lane == Lane::kHistory ? 0 : rule.since_row};
  }
  std::int64_t through = rule.since_row;
  if (lane == Lane::kRecord) {
    EQN_TRY(through, RecordStore::LastRow(tx));
  }
  bool more = true;
  while (more && room.Has()) {
    EQN_TRY(std::optional<Sealable> batch,
            BatchFrom(tx, context, rule, through, &at.position, &more));
    if (!batch) continue;
    room.Use(batch->payload.size());
    plan.payloads.push_back(*std::move(batch));
  }
  plan.more = plan.more || more;
  plan.feed_after = at;
  return Ok();
}

}  // namespace

Result<LanePlan> PlanLane(ExchangeContext& context, ReadTx& tx, std::string_view peer, Lane lane,
                          Instant now) {
  LanePlan plan;
  EQN_TRY(plan.link, OutgoingStore::Find(tx, peer, lane));
  EQN_TRY(plan.to_void, OutgoingStore::ToVoid(tx, plan.link.link, kSealedAtOnce));
  plan.more = plan.to_void.size() == kSealedAtOnce;
  Room room(plan.link, context.options.window);
  if (!room.Has()) return plan;
  const bool records = lane == Lane::kRecord || lane == Lane::kHistory;
  if (records) {
    EQN_TRY(plan.rule, SharingStore::Find(tx, peer));
    EQN_TRY(plan.feed, OutboxStore::Feed(tx, peer, lane));
    plan.feed_after = plan.feed;
  }
  if (lane == Lane::kControl) {
    EQN_TRY(plan.receipt, PlanReceipt(context, tx, peer, now));
    if (plan.receipt) {
      Sealable receipt;
      receipt.kind = PayloadKind::kReceipt;
      receipt.made_of.kind = PayloadKind::kReceipt;
      receipt.payload = BytesFromReceipt(ReceiptFrom(*plan.receipt));
      room.Use(receipt.payload.size());
      plan.payloads.push_back(std::move(receipt));
    }
  }
  EQN_CHECK(PlanOutbox(context, tx, peer, lane, now, room, plan));
  if (records && plan.rule) EQN_CHECK(PlanRecords(context, tx, lane, room, plan));
  return plan;
}

Result<std::optional<Instant>> ReceiptDueAt(const ExchangeContext& context, ReadTx& tx,
                                            std::string_view peer) {
  EQN_TRY(const std::vector<StoredIncoming> lanes, IncomingStore::OfPeer(tx, peer));
  EQN_TRY(const std::vector<StoredRefusal> refusals, IncomingStore::Refusals(tx, peer));
  std::optional<Instant> refused_since;
  for (const StoredRefusal& each : refusals) {
    refused_since = refused_since ? std::min(*refused_since, each.since) : each.since;
  }
  std::vector<exchange::IncomingLink> states;
  for (const StoredIncoming& each : lanes) states.push_back(each.state);
  return exchange::ReceiptDue(states, refused_since, context.options.receipts);
}

Result<std::optional<ReceiptPlan>> PlanReceipt(const ExchangeContext& context, ReadTx& tx,
                                               std::string_view peer, Instant now) {
  EQN_TRY(const std::optional<Instant> due, ReceiptDueAt(context, tx, peer));
  if (!due || *due > now) return std::optional<ReceiptPlan>();
  ReceiptPlan plan;
  EQN_TRY(plan.lanes, IncomingStore::OfPeer(tx, peer));
  EQN_TRY(std::vector<StoredRefusal> refusals, IncomingStore::Refusals(tx, peer));
  for (StoredRefusal& each : refusals) {
    const auto lane =
        std::find_if(plan.lanes.begin(), plan.lanes.end(),
                     [&](const StoredIncoming& link) { return link.lane == each.refusal.lane; });
    const std::uint64_t applied = lane == plan.lanes.end() ? 0 : lane->state.applied.through;
    // Overtaken: its number took effect after all.
    const bool lie = each.refusal.reason == exchange::reason::kNumberReused ||
                     each.refusal.reason == exchange::reason::kIdReused;
    const bool mended = !each.dead && !lie && each.refusal.number <= applied;
    if (!each.dead && !lie) each.refusal.expected = applied + 1;
    (mended ? plan.settled : plan.told).push_back(std::move(each));
  }
  return std::optional<ReceiptPlan>(std::move(plan));
}

exchange::Receipt ReceiptFrom(const ReceiptPlan& plan) {
  exchange::Receipt receipt;
  for (const StoredIncoming& each : plan.lanes) {
    if (each.state.applied.through > 0) {
      receipt.positions.emplace_back(each.lane, each.state.applied);
    }
  }
  for (const StoredRefusal& each : plan.told) {
    if (receipt.refusals.size() < exchange::Receipt::kMaxRefusals) {
      receipt.refusals.push_back(each.refusal);
    }
  }
  return receipt;
}

Status SettleReceipt(Tx& tx, std::string_view peer, const ReceiptPlan& plan, Instant now) {
  for (const StoredIncoming& told : plan.lanes) {
    EQN_TRY(StoredIncoming link, IncomingStore::Find(tx, peer, told.lane));
    // What came since then is owed still.
    const std::uint64_t owed = link.state.owed - std::min(link.state.owed, told.state.owed);
    link.state.reported = std::max(link.state.reported, told.state.applied.through);
    link.state.owed = owed;
    link.state.owed_since = owed == 0 ? Instant{} : now;
    EQN_CHECK(IncomingStore::Save(tx, link));
  }
  for (const auto* list : {&plan.told, &plan.settled}) {
    for (const StoredRefusal& each : *list) {
      EQN_CHECK(IncomingStore::Told(tx, peer, each.refusal.lane, each.refusal.number));
    }
  }
  return Ok();
}

}  // namespace equinode
