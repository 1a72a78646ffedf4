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

}  // namespace

Status Sweep(ExchangeContext& context, Instant now) {
  EQN_TRY(const std::uint64_t dropped,
          context.deps.database.Write("exchange_sweep", [&](Tx& tx) -> Result<std::uint64_t> {
            EQN_CHECK(OutgoingStore::MarkExpired(tx, now));
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
