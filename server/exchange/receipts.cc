#include "server/exchange/receipts.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "client/convert/envelope.h"
#include "server/exchange/sealing.h"

namespace equinode {

using exchange::Lane;
using exchange::LinkFault;
using exchange::LinkPosition;
using exchange::PayloadKind;
using exchange::Receipt;
using exchange::Refusal;
using exchange::RefusalStep;

namespace {

// Rows of the record log that one payload was made of lie this close at most.
constexpr std::int64_t kMostRows = 300;

Status TakeRefusal(ExchangeContext& context, Tx& tx, StoredOutgoing& link, const Refusal& refusal,
                   const LinkPosition& position, Instant now) {
  const RefusalStep step = exchange::Decide(refusal, position);
  if (step == RefusalStep::kIgnore) return Ok();
  if (step == RefusalStep::kResend) {
    const std::uint64_t from = refusal.expected != 0 ? refusal.expected : refusal.number;
    link.state = exchange::ResendFrom(link.state, from, now);
    return Ok();
  }
  if (step == RefusalStep::kFault) {
    link.state.fault = LinkFault::kChainDiffers;
    return Ok();
  }
  EQN_TRY(const std::optional<StoredSent> sent, OutgoingStore::At(tx, link.link, refusal.number));
  if (!sent) return Ok();
  switch (step) {
    case RefusalStep::kVoidExpired:
      return OutgoingStore::MarkVoid(tx, link.link, refusal.number, exchange::reason::kExpired);
    case RefusalStep::kVoidAndSendAgain: {
      if (sent->sent.voided || !sent->void_reason.empty()) return Ok();
      EQN_CHECK(OutgoingStore::MarkVoid(tx, link.link, refusal.number, exchange::reason::kDead));
      EQN_TRY(const bool queued, QueueAgain(context, tx, link.peer, link.lane, sent->made_of, now));
      if (!queued) EQN_CHECK(LetterOfSent(tx, link.peer, link.lane, *sent, refusal.reason, now));
      return Ok();
    }
    case RefusalStep::kDeadLetter:
      tx.OnCommit([&context, peer = link.peer, refusal] {
        context.deps.log.Warning("envelope_dead_at_peer", {{Field::kEnvelope, refusal.id},
                                                           {Field::kPeer, peer},
                                                           {Field::kReason, refusal.reason}});
      });
      return LetterOfSent(tx, link.peer, link.lane, *sent, refusal.reason, now);
    case RefusalStep::kIgnore:
    case RefusalStep::kResend:
    case RefusalStep::kFault:
      break;
  }
  return Ok();
}

Status TakeReceipt(ExchangeContext& context, Tx& tx, std::string_view peer, const Receipt& receipt,
                   Instant now) {
  for (const auto& [lane, position] : receipt.positions) {
    EQN_TRY(StoredOutgoing link, OutgoingStore::Find(tx, peer, lane));
    const LinkFault before = link.state.fault;
    EQN_TRY(const std::optional<StoredSent> sent,
            OutgoingStore::At(tx, link.link, position.through));
    for (const Refusal& refusal : receipt.refusals) {
      if (refusal.lane == lane) {
        EQN_CHECK(TakeRefusal(context, tx, link, refusal, position, now));
      }
    }
    const std::uint64_t receipted = link.state.receipted.through;
    link.state = exchange::Receipted(link.state, position, sent ? &sent->sent : nullptr, now);
    if (link.state.receipted.through > receipted) {
      EQN_CHECK(OutgoingStore::Forget(tx, link, link.state.receipted.through));
    }
    // What is to be sent again, and what the window held back.
    tx.OnCommit([&context, to = link.peer] { context.WakeTowards(to); });
    if (link.state.fault != before) {
      tx.OnCommit([&context, link] { TellFault(context, link); });
    }
    EQN_CHECK(OutgoingStore::Save(tx, link));
  }
  return Ok();
}

}  // namespace

PayloadApplier ReceiptApplier(ExchangeContext& context) {
  return [&context](const Incoming& incoming) -> Result<ApplyInTx> {
    EQN_TRY(Receipt receipt, ReceiptFromBytes(incoming.payload));
    // Refusals of a lane without a position have nothing to stand on.
    for (const Refusal& refusal : receipt.refusals) {
      const bool known = std::any_of(receipt.positions.begin(), receipt.positions.end(),
                                     [&](const auto& each) { return each.first == refusal.lane; });
      if (!known) receipt.positions.emplace_back(refusal.lane, LinkPosition{});
    }
    return ApplyInTx(
        [&context, peer = incoming.from, receipt = std::move(receipt)](Tx& tx, AuditNote&) {
          return TakeReceipt(context, tx, peer, receipt, context.deps.clock.Now());
        });
  };
}

Result<bool> QueueAgain(ExchangeContext& context, Tx& tx, std::string_view peer, Lane lane,
                        const SentPayload& made_of, Instant now) {
  if (made_of.first_row == 0) {
    if (made_of.payload.empty()) return false;
    EQN_CHECK(OutboxStore::Queue(tx, peer, lane, made_of.kind, made_of.payload, now));
    return true;
  }
  EQN_TRY(const std::optional<SharingRule> rule, SharingStore::Find(tx, peer));
  if (!rule) return true;  // It may not go any more.
  std::int64_t after = made_of.first_row - 1;
  bool more = true;
  for (std::int64_t rounds = 0; more && rounds < kMostRows; ++rounds) {
    EQN_TRY(const std::optional<Sealable> batch,
            BatchFrom(tx, context, *rule, made_of.last_row, &after, &more));
    if (!batch) continue;
    EQN_CHECK(OutboxStore::Queue(tx, peer, lane, batch->kind, batch->payload, now));
  }
  return true;
}

Status LetterOfSent(Tx& tx, std::string_view peer, Lane lane, const StoredSent& sent,
                    std::string_view why, Instant now) {
  switch (sent.made_of.kind) {
    case PayloadKind::kReceipt:
    case PayloadKind::kCertificateNotice:
    case PayloadKind::kVoid:
    // Of no use when it is late: whoever wants to know asks again.
    case PayloadKind::kCapacity:
      return Ok();
    case PayloadKind::kRecordBatch:
    case PayloadKind::kReportRequest:
    case PayloadKind::kReportAnswer:
    case PayloadKind::kReferral:
    case PayloadKind::kConsentRevocation:
      break;
  }
  DeadLetter letter;
  letter.id = sent.sent.first.id;
  letter.peer = std::string(peer);
  letter.outgoing = true;
  letter.lane = lane;
  letter.number = sent.sent.number;
  letter.kind = sent.made_of.kind;
  letter.reason = std::string(why);
  letter.at = now;
  letter.digest.assign(sent.sent.first.digest.begin(), sent.sent.first.digest.end());
  letter.first_row = sent.made_of.first_row;
  letter.last_row = sent.made_of.last_row;
  letter.payload = sent.made_of.payload;
  EQN_CHECK(DeadLetterStore::Add(tx, letter));
  return Ok();
}

void TellFault(ExchangeContext& context, const StoredOutgoing& stored) {
  if (stored.state.fault == LinkFault::kNone) return;
  context.deps.log.Error("link_stands_still", {{Field::kPeer, stored.peer},
                                               {Field::kLane, LaneName(stored.lane)},
                                               {Field::kReason, FaultName(stored.state.fault)}});
}

}  // namespace equinode
