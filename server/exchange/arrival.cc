#include "server/exchange/arrival.h"

#include <string>
#include <utility>

#include "server/exchange/context.h"
#include "server/exchange/receipts.h"
#include "storage/audit_store.h"
#include "storage/peer_store.h"

namespace equinode {

using exchange::Arrival;
using exchange::Arriving;
using exchange::Content;
using exchange::PayloadKind;
using exchange::Seen;
namespace reason = exchange::reason;

namespace {

std::string_view Describe(PayloadKind kind) {
  switch (kind) {
    case PayloadKind::kRecordBatch:
      return "record batch";
    case PayloadKind::kReportRequest:
      return "report request";
    case PayloadKind::kReportAnswer:
      return "report answer";
    case PayloadKind::kReceipt:
      return "receipt";
    case PayloadKind::kCertificateNotice:
      return "certificate notice";
    case PayloadKind::kVoid:
      return "void";
    case PayloadKind::kReferral:
      return "referral";
    case PayloadKind::kConsentRevocation:
      return "consent revocation";
    case PayloadKind::kCapacity:
      return "capacity";
  }
  return "";
}

Status Record(ExchangeContext& context, Tx& tx, const OpenedEnvelope& opened,
              std::string_view action, std::string_view outcome, const AuditNote& note) {
  // Receipts say nothing about anybody, and there is one for each batch.
  if (opened.content.kind == PayloadKind::kReceipt && outcome == "OK") return Ok();
  AuditEntry entry;
  entry.actor = opened.content.header.from;
  entry.action = std::string(action);
  entry.subject = note.subject.empty() ? std::string(Describe(opened.content.kind)) : note.subject;
  entry.purpose = note.purpose;
  entry.outcome = std::string(outcome);
  entry.disclosure = note.disclosure;
  EQN_CHECK(context.deps.audit.Append(tx, std::move(entry), note.touched));
  return Ok();
}

DeadLetter LetterOf(const OpenedEnvelope& opened, std::string_view why, Instant now) {
  const Content& content = opened.content;
  DeadLetter letter;
  letter.id = content.header.id;
  letter.peer = content.header.from;
  letter.lane = content.header.lane;
  letter.number = content.header.number;
  letter.kind = content.kind;
  letter.reason = std::string(why);
  letter.at = now;
  const Digest& digest = opened.arriving.seen.digest;
  letter.digest.assign(digest.begin(), digest.end());
  return letter;
}

void Tell(ExchangeContext& context, std::string_view event, const OpenedEnvelope& opened,
          std::string_view why) {
  context.deps.log.Warning(event, {{Field::kEnvelope, opened.content.header.id},
                                   {Field::kPeer, opened.content.header.from},
                                   {Field::kLane, LaneName(opened.content.header.lane)},
                                   {Field::kLinkSeq, opened.content.header.number},
                                   {Field::kReason, why}});
}

// The sender's audit log, as it stood when this was sealed (THREATS R10). Not of a copy of what is
// known: whoever repeats it knows nothing of the log.
Status NoteAudit(ExchangeContext& context, Tx& tx, const OpenedEnvelope& opened,
                 StoredIncoming& stored, Instant now) {
  if (!opened.content.audit) return Ok();
  const exchange::AuditPoint& point = *opened.content.audit;
  EQN_TRY(const PeerHeadNews news,
          AuditStore::NotePeerHead(tx, stored.peer, stored.lane, point, now));
  if (news == PeerHeadNews::kBack || news == PeerHeadNews::kDiffers) {
    const bool back = news == PeerHeadNews::kBack;
    const std::string_view why = back ? "AUDIT_WENT_BACK" : "AUDIT_DIFFERS";
    AuditEntry entry;
    entry.actor = "node";
    entry.action = back ? "PEER_AUDIT_WENT_BACK" : "PEER_AUDIT_DIFFERS";
    entry.subject = stored.peer;
    entry.purpose = "entry " + std::to_string(point.count);
    entry.outcome = std::string(why);
    EQN_CHECK(context.deps.audit.Append(tx, std::move(entry)));
    tx.OnCommit([&context, peer = stored.peer, why] {
      context.deps.log.Warning("peer_audit_log_changed",
                               {{Field::kPeer, peer}, {Field::kReason, why}});
    });
  }
  if (point.count >= stored.state.audit.count) stored.state.audit = point;
  return Ok();
}

// The envelope takes its number: with its effect, as a void, or as a dead letter.
Result<Arrived> TakeNumber(ExchangeContext& context, Tx& tx, const OpenedEnvelope& opened,
                           StoredIncoming stored, Instant now) {
  const Content& content = opened.content;
  Arrived arrived;
  arrived.took_number = true;
  AuditNote note;
  if (content.kind == PayloadKind::kVoid) {
    note.purpose = opened.void_reason;
    EQN_CHECK(Record(context, tx, opened, "ENVELOPE_VOIDED", "OK", note));
  } else if (opened.apply.ok()) {
    EQN_CHECK((*opened.apply)(tx, note));
    if (!note.recorded) {
      EQN_CHECK(Record(context, tx, opened, "ENVELOPE_APPLIED", "OK", note));
    }
  } else {
    const std::string& why = opened.apply.error().reason;
    DeadLetter letter = LetterOf(opened, why, now);
    letter.payload = content.payload;
    EQN_CHECK(DeadLetterStore::Add(tx, letter));
    arrived.refusal = RefusalOf(content.header, why, true);
    EQN_CHECK(IncomingStore::Refuse(tx, stored.peer, {*arrived.refusal, true, now}));
    EQN_CHECK(Record(context, tx, opened, "ENVELOPE_DEAD", why, note));
    tx.OnCommit([&context, &opened, why] { Tell(context, "envelope_dead", opened, why); });
  }
  const bool calls_for_receipt = content.kind != PayloadKind::kReceipt;
  stored.state = exchange::Advance(stored.state, opened.arriving.seen, calls_for_receipt, now);
  EQN_CHECK(NoteAudit(context, tx, opened, stored, now));
  EQN_CHECK(PeerStore::Seen(tx, stored.peer, now));
  EQN_CHECK(IncomingStore::Save(tx, stored));
  EQN_CHECK(IncomingStore::Keep(tx, stored.link, opened.arriving.seen,
                                opened.arriving.expires + exchange::kClockTolerance));
  arrived.through = stored.state.applied.through;
  return arrived;
}

// Signed by the sender, and yet not what it said before: its links, and often its log, have another
// history now.
Status Quarantine(ExchangeContext& context, Tx& tx, const OpenedEnvelope& opened,
                  StoredIncoming& stored, ByteView sealed, std::string_view why, Instant now) {
  DeadLetter letter = LetterOf(opened, why, now);
  letter.quarantined = true;
  letter.sealed.assign(sealed.begin(), sealed.end());
  EQN_TRY(const bool added, DeadLetterStore::Add(tx, letter));
  if (!added) return Ok();
  EQN_CHECK(Record(context, tx, opened, "ENVELOPE_QUARANTINED", why, AuditNote{}));
  EQN_CHECK(NoteAudit(context, tx, opened, stored, now));
  tx.OnCommit([&context, &opened, why] { Tell(context, "envelope_quarantined", opened, why); });
  return Ok();
}

// The sender has begun the links anew: ours stands still until its code is given here.
Status TellBegunAnew(ExchangeContext& context, Tx& tx, const exchange::Header& header) {
  EQN_TRY(StoredOutgoing link, OutgoingStore::Find(tx, header.from, header.lane));
  if (link.state.fault == exchange::LinkFault::kPeerBeganAnew) return Ok();
  link.state.fault = exchange::LinkFault::kPeerBeganAnew;
  tx.OnCommit([&context, link] { TellFault(context, link); });
  return OutgoingStore::Save(tx, link);
}

}  // namespace

Result<Arrived> TakeArrival(ExchangeContext& context, Tx& tx, const OpenedEnvelope& opened,
                            ByteView sealed, Instant now) {
  const exchange::Header& header = opened.content.header;
  EQN_TRY(StoredIncoming stored, IncomingStore::Find(tx, header.from, header.lane));
  EQN_TRY(const auto at_number, IncomingStore::AtNumber(tx, stored.link, header.number));
  EQN_TRY(const auto with_id, IncomingStore::WithId(tx, header.from, header.id));
  const Arrival arrival =
      exchange::Judge(stored.state, opened.arriving, at_number ? &*at_number : nullptr,
                      with_id ? &*with_id : nullptr, now);
  Arrived arrived;
  arrived.through = stored.state.applied.through;
  switch (arrival) {
    case Arrival::kApply:
    case Arrival::kVoid:
      return TakeNumber(context, tx, opened, std::move(stored), now);
    case Arrival::kDuplicate:
    case Arrival::kOtherEra:
      return arrived;
    case Arrival::kIdReused:
    case Arrival::kNumberReused:
    case Arrival::kChainDiffers:
      EQN_CHECK(Quarantine(context, tx, opened, stored, sealed, RefusalReason(arrival), now));
      break;
    case Arrival::kNotBegunAnew:
      EQN_CHECK(TellBegunAnew(context, tx, header));
      arrived.refusal = RefusalOf(header, RefusalReason(arrival), IsPermanent(arrival));
      return arrived;
    case Arrival::kOutOfSequence:
    case Arrival::kExpired:
    case Arrival::kFromTheFuture:
      break;
  }
  arrived.refusal = RefusalOf(header, RefusalReason(arrival), IsPermanent(arrival),
                              stored.state.applied.through + 1);
  if (arrival != Arrival::kFromTheFuture && context.MayTell(header, now)) {
    EQN_CHECK(IncomingStore::Refuse(tx, header.from, {*arrived.refusal, false, now}));
  }
  return arrived;
}

}  // namespace equinode
