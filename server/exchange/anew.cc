#include "server/exchange/anew.h"

#include <algorithm>
#include <vector>

#include "domain/exchange/anew.h"
#include "server/exchange/receipts.h"
#include "storage/outbox_store.h"

namespace equinode {

using exchange::AnewCode;
using exchange::Lane;
using exchange::PayloadKind;

namespace {

// All halves of the links with one peer, by lane.
struct Halves {
  std::vector<StoredOutgoing> outgoing{};
  std::vector<StoredIncoming> incoming{};
};

Result<Halves> HalvesOf(ReadTx& tx, const std::string& peer) {
  Halves halves;
  for (const Lane lane : exchange::kLanes) {
    EQN_TRY(StoredOutgoing outgoing, OutgoingStore::Find(tx, peer, lane));
    EQN_TRY(StoredIncoming incoming, IncomingStore::Find(tx, peer, lane));
    halves.outgoing.push_back(std::move(outgoing));
    halves.incoming.push_back(std::move(incoming));
  }
  return halves;
}

std::uint32_t NewestEra(const Halves& halves) {
  std::uint64_t highest = 0;
  for (const StoredOutgoing& each : halves.outgoing) {
    highest = std::max(highest, each.state.given.through);
  }
  for (const StoredIncoming& each : halves.incoming) {
    highest = std::max(highest, each.state.applied.through);
  }
  return exchange::EraOf(highest);
}

// What the record log does not say anyway waits for a number again.
Status QueueKept(ExchangeContext& context, Tx& tx, const StoredOutgoing& link, Instant now) {
  EQN_TRY(const std::vector<StoredSent> kept, OutgoingStore::Kept(tx, link.link));
  for (const StoredSent& sent : kept) {
    // A void's payload has become a dead letter.
    if (sent.sent.voided || !sent.void_reason.empty()) continue;
    switch (sent.made_of.kind) {
      case PayloadKind::kReceipt:
      case PayloadKind::kVoid:
      case PayloadKind::kCapacity:
        break;
      case PayloadKind::kRecordBatch:
        if (sent.made_of.first_row != 0) break;  // In the log.
        [[fallthrough]];
      case PayloadKind::kReportRequest:
      case PayloadKind::kReportAnswer:
      case PayloadKind::kCertificateNotice:
      // Their appliers know what they have had.
      case PayloadKind::kReferral:
      case PayloadKind::kConsentRevocation:
        EQN_CHECK(QueueAgain(context, tx, link.peer, link.lane, sent.made_of, now));
        break;
    }
  }
  return Ok();
}

}  // namespace

Result<BegunLinks> BeginAnew(ExchangeContext& context, Tx& tx, const std::string& peer,
                             std::string_view code, Instant now) {
  const std::string self = context.self();
  if (!context.deps.enrolment.Find(peer)) {
    return Error{Code::kNotFound, "NO_SUCH_PEER", "no such peer is enrolled"};
  }
  EQN_TRY(Halves halves, HalvesOf(tx, peer));
  const std::uint32_t newest = NewestEra(halves);
  AnewCode anew;
  if (code.empty()) {
    EQN_TRY(anew, exchange::MakeAnewCode(newest, context.deps.random));
  } else {
    EQN_TRY(anew, exchange::ParseAnewCode(code, self, peer));
  }
  BegunLinks begun{exchange::AnewCodeText(anew, self, peer), false};
  if (anew.era <= newest) {
    EQN_TRY(const std::string last, OutgoingStore::LinkCode(tx, peer));
    if (last == begun.code) {
      begun.already = true;
      return begun;
    }
    return Error{Code::kFailedPrecondition, "OLD_LINK_CODE",
                 "these links have begun anew since that code was made, or the node that made it "
                 "runs on older data: make the code here, without --code, and give it there"};
  }
  for (StoredOutgoing& link : halves.outgoing) {
    if (link.link != 0) EQN_CHECK(QueueKept(context, tx, link, now));
    EQN_CHECK(OutgoingStore::Forget(tx, link, link.state.given.through));
    link.state = exchange::BegunAnew(link.state, exchange::StartOf(anew, self, peer, link.lane));
    EQN_CHECK(OutgoingStore::Save(tx, link));
  }
  for (StoredIncoming& link : halves.incoming) {
    link.state = exchange::BegunAnew(link.state, exchange::StartOf(anew, peer, self, link.lane));
    EQN_CHECK(IncomingStore::Save(tx, link));
  }
  EQN_CHECK(OutgoingStore::SetLinkCode(tx, peer, begun.code, now));
  EQN_CHECK(IncomingStore::ForgetRefusals(tx, peer));
  EQN_CHECK(OutboxStore::ForgetFeed(tx, peer));
  tx.OnCommit([&context, peer] {
    context.deps.log.Warning("links_begun_anew", {{Field::kPeer, peer}});
    context.WakeTowards(peer);
    context.Nudge();
  });
  return begun;
}

}  // namespace equinode
