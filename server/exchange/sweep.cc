#include "server/exchange/sweep.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "server/exchange/departed.h"

namespace equinode {

namespace {

// Everything not receipted goes out once more where the recipient has been silent for too long.
Status ResendSilent(ExchangeContext& context, Tx& tx, Instant now) {
  EQN_TRY(std::vector<StoredOutgoing> links, OutgoingStore::List(tx));
  for (StoredOutgoing& link : links) {
    const auto due = exchange::ResendAt(link.state, context.options.patience);
    if (!due || *due > now) continue;
    link.state = exchange::ResendAll(link.state, now);
    EQN_CHECK(OutgoingStore::Save(tx, link));
  }
  return Ok();
}

// What has its number and is not receipted goes out again and again: where its owner says that it
// may not leave any more, a void goes in its place. (If it has arrived already, that counts.)
Status VoidForbidden(ExchangeContext& context, Tx& tx, Instant now) {
  const bool asked = std::ranges::any_of(
      context.watches, [](const auto& each) { return each.second.may_leave != nullptr; });
  if (!asked) return Ok();
  EQN_TRY(const std::vector<StoredOutgoing> links, OutgoingStore::List(tx));
  for (const StoredOutgoing& link : links) {
    const bool here = std::ranges::any_of(context.watches, [&](const auto& each) {
      return each.second.may_leave && exchange::LaneOf(each.first) == link.lane;
    });
    if (!here || link.state.given.through == link.state.receipted.through) continue;
    EQN_TRY(const std::vector<StoredSent> kept, OutgoingStore::Kept(tx, link.link));
    for (const StoredSent& sent : kept) {
      const PayloadWatch* watch = context.WatchOf(sent.made_of.kind);
      if (sent.sent.voided || !sent.void_reason.empty()) continue;
      if (watch == nullptr || !watch->may_leave) continue;
      EQN_TRY(const bool may, watch->may_leave(tx, link.peer, sent.made_of.payload, now));
      if (may) continue;
      EQN_CHECK(
          OutgoingStore::MarkVoid(tx, link.link, sent.sent.number, exchange::reason::kRevoked));
      if (watch->voided) EQN_CHECK(watch->voided(tx, link.peer, sent.made_of.payload));
    }
  }
  return Ok();
}

}  // namespace

Status Sweep(ExchangeContext& context, Instant now) {
  EQN_TRY(const std::uint64_t dropped,
          context.deps.database.Write("exchange_sweep", [&](Tx& tx) -> Result<std::uint64_t> {
            EQN_CHECK(OutgoingStore::MarkExpired(tx, now));
            EQN_CHECK(VoidForbidden(context, tx, now));
            EQN_CHECK(ResendSilent(context, tx, now));
            EQN_CHECK(DropForAllDeparted(context, tx));
            EQN_CHECK(IncomingStore::Forget(tx, now));
            return RelayStore::DropExpired(tx, now);
          }));
  if (dropped > 0) context.deps.log.Warning("relayed_expired", {{Field::kCount, dropped}});
  for (const auto& session : context.Pushers()) session->Wake();
  return Ok();
}

Result<std::optional<Instant>> NextResend(const ExchangeContext& context, ReadTx& tx) {
  EQN_TRY(const std::vector<StoredOutgoing> links, OutgoingStore::List(tx));
  std::optional<Instant> next;
  for (const StoredOutgoing& link : links) {
    const auto due = exchange::ResendAt(link.state, context.options.patience);
    if (due) next = next ? std::min(*next, *due) : *due;
  }
  return next;
}

}  // namespace equinode
