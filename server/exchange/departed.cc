#include "server/exchange/departed.h"

#include <utility>
#include <vector>

#include "storage/outbox_store.h"

namespace equinode {

Result<std::uint64_t> DropForDeparted(ExchangeContext& context, Tx& tx, const std::string& peer) {
  EQN_TRY(const std::vector<LanePayload> waiting, OutboxStore::TakeAll(tx, peer));
  std::uint64_t dropped = waiting.size();
  const auto tell = [&](exchange::PayloadKind kind, ByteView payload) -> Status {
    const PayloadWatch* watch = context.WatchOf(kind);
    if (watch == nullptr || !watch->dropped) return Ok();
    return watch->dropped(tx, peer, payload);
  };
  for (const LanePayload& each : waiting) {
    EQN_CHECK(tell(each.queued.kind, each.queued.payload));
  }
  EQN_TRY(const std::vector<StoredOutgoing> links, OutgoingStore::OfPeer(tx, peer));
  for (const StoredOutgoing& link : links) {
    EQN_TRY(const std::vector<StoredSent> kept, OutgoingStore::Kept(tx, link.link));
    for (const StoredSent& sent : kept) {
      if (sent.sent.voided || !sent.void_reason.empty()) continue;
      EQN_CHECK(tell(sent.made_of.kind, sent.made_of.payload));
    }
    EQN_TRY(const std::uint64_t marked,
            OutgoingStore::MarkAllVoid(tx, link.link, exchange::reason::kRevoked));
    dropped += marked;
  }
  if (dropped == 0) return dropped;
  AuditEntry entry;
  entry.actor = "node";
  entry.action = "PEER_PAYLOADS_DROPPED";
  entry.subject = peer;
  entry.purpose = std::to_string(dropped) + " payloads that waited for it";
  entry.outcome = "OK";
  EQN_CHECK(context.deps.audit.Append(tx, std::move(entry)));
  return dropped;
}

Status DropForAllDeparted(ExchangeContext& context, Tx& tx) {
  EQN_TRY(const std::vector<std::string> peers, OutboxStore::Peers(tx));
  for (const std::string& peer : peers) {
    if (!context.deps.enrolment.Find(peer)) EQN_CHECK(DropForDeparted(context, tx, peer));
  }
  return Ok();
}

}  // namespace equinode
