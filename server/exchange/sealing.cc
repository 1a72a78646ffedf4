#include "server/exchange/sealing.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/crypto/cms.h"
#include "client/convert/envelope.h"
#include "server/exchange/receipts.h"

namespace equinode {

using exchange::Content;
using exchange::Header;
using exchange::Lane;
using exchange::PayloadKind;
using exchange::Replaced;
using exchange::SentNumber;

namespace {

// A content with its number, before and after its sealing.
struct Prepared {
  Header header{};
  Digest previous_chain{};
  Digest digest{};
  Bytes content{};
  Bytes sealed{};
  std::optional<Error> failed{};
};

// All sealed contents of a plan.
struct SealedPlan {
  std::vector<Prepared> numbers{};  // As plan.payloads, without those that cannot be sealed.
  std::vector<Prepared> voids{};    // As plan.to_void.
};

Header NewHeader(ExchangeContext& context, const StoredOutgoing& link, std::uint64_t number,
                 Instant now) {
  Header header;
  header.id = Uuid::MakeV7(now, context.deps.random);
  header.from = context.self();
  header.to = link.peer;
  header.lane = link.lane;
  header.number = number;
  header.created = now;
  header.expires = now + exchange::DefaultLife(link.lane);
  return header;
}

Result<Prepared> PrepareVoid(ExchangeContext& context, const LanePlan& plan, const StoredSent& sent,
                             Instant now) {
  Prepared prepared;
  prepared.header = NewHeader(context, plan.link, sent.sent.number, now);
  Content content;
  content.header = prepared.header;
  content.previous_chain = sent.sent.previous_chain;
  content.kind = PayloadKind::kVoid;
  content.payload = BytesFromVoid({sent.sent.first, sent.void_reason});
  EQN_TRY(prepared.content, BytesFromContent(content));
  return prepared;
}

// One after another: each holds the chain of the one before. The chain that a payload would have
// broken goes on without it.
Result<SealedPlan> MakeContents(ExchangeContext& context, LanePlan& plan, Instant now) {
  SealedPlan sealed;
  exchange::OutgoingLink link = plan.link.state;
  const AuditHead head = context.deps.audit.head();
  for (Sealable& payload : plan.payloads) {
    const exchange::Number number = exchange::NextNumber(link);
    Prepared prepared;
    prepared.header = NewHeader(context, plan.link, number.value, now);
    prepared.previous_chain = number.previous_chain;
    Content content;
    content.header = prepared.header;
    content.previous_chain = number.previous_chain;
    content.kind = payload.kind;
    content.audit = exchange::AuditPoint{head.count, head.hash};
    content.payload = std::move(payload.payload);
    EQN_TRY(prepared.content, BytesFromContent(content));
    prepared.digest = Sha256(prepared.content);
    link = exchange::Give(link, prepared.digest, now);
    sealed.numbers.push_back(std::move(prepared));
  }
  for (const StoredSent& sent : plan.to_void) {
    EQN_TRY(Prepared prepared, PrepareVoid(context, plan, sent, now));
    sealed.voids.push_back(std::move(prepared));
  }
  return sealed;
}

// The costly part, on several threads.
Status SealAll(ExchangeContext& context, const Certificate& recipient, SealedPlan& sealed) {
  const std::shared_ptr<const KeyRing> ring = context.deps.keys.Get();
  std::vector<Prepared*> all;
  for (Prepared& each : sealed.numbers) all.push_back(&each);
  for (Prepared& each : sealed.voids) all.push_back(&each);
  RunAll(context.deps.run_aside, all.size(), [&](std::size_t i) {
    Prepared& each = *all[i];
    auto bytes = SealCms(each.content, ring->current.certificate, ring->current.key, recipient);
    if (bytes.ok()) {
      each.sealed = *std::move(bytes);
    } else {
      each.failed = std::move(bytes).error();
    }
    each.content = Bytes{};
  });
  for (const Prepared* each : all) {
    if (each->failed) return *each->failed;
  }
  return Ok();
}

// Everything that the plan stood on is still so.
Result<bool> StillHolds(ExchangeContext& context, Tx& tx, const LanePlan& plan,
                        const StoredOutgoing& link, const Certificate& recipient, Instant now) {
  if (link.state.given != plan.link.state.given || link.state.fault != exchange::LinkFault::kNone) {
    return false;
  }
  const auto to = context.deps.enrolment.SealTo(link.peer, now);
  if (!to.ok() || !(*to == recipient)) return false;
  if (link.lane != Lane::kRecord && link.lane != Lane::kHistory) return true;
  EQN_TRY(const std::optional<SharingRule> rule, SharingStore::Find(tx, link.peer));
  if (rule != plan.rule) return false;
  EQN_TRY(const RecordFeed feed, OutboxStore::Feed(tx, link.peer, link.lane));
  return feed == plan.feed;
}

Status KeepVoids(Tx& tx, const LanePlan& plan, SealedPlan& sealed, StoredOutgoing& link,
                 Instant now) {
  for (std::size_t i = 0; i < plan.to_void.size(); ++i) {
    Prepared& prepared = sealed.voids[i];
    EQN_TRY(const std::optional<StoredSent> sent,
            OutgoingStore::At(tx, link.link, prepared.header.number));
    if (!sent || sent->void_reason.empty()) continue;  // Receipted in the meantime.
    if (!sent->sent.voided && sent->void_reason == exchange::reason::kExpired) {
      EQN_CHECK(LetterOfSent(tx, link.peer, link.lane, *sent, sent->void_reason, now));
    }
    EQN_CHECK(OutgoingStore::PutVoid(tx, link, {prepared.header, std::move(prepared.sealed)}));
    link.state = exchange::ResendFrom(link.state, prepared.header.number, now);
  }
  return Ok();
}

// Whether what leaves says something about people. A question says nothing, nor does a receipt; of
// an answer to a report the entry tells that was made when it was decided (REPORT_ANSWERED, or
// REPORT_REFUSED, which tells nothing).
bool TellsOfPeople(PayloadKind kind) {
  switch (kind) {
    case PayloadKind::kRecordBatch:
    case PayloadKind::kReferral:
    case PayloadKind::kConsentRevocation:
      return true;
    case PayloadKind::kReportRequest:
    case PayloadKind::kReportAnswer:
    case PayloadKind::kReceipt:
    case PayloadKind::kCertificateNotice:
    case PayloadKind::kVoid:
    case PayloadKind::kCapacity:
      return false;
  }
  return true;
}

Status KeepNumbers(ExchangeContext& context, Tx& tx, LanePlan& plan, SealedPlan& sealed,
                   StoredOutgoing& link, Instant now) {
  TouchedIds people;
  std::size_t batches = 0;
  bool tells = false;
  for (std::size_t i = 0; i < sealed.numbers.size(); ++i) {
    Prepared& prepared = sealed.numbers[i];
    const Sealable& payload = plan.payloads[i];
    const SentNumber sent{prepared.header.number, Replaced{prepared.header.id, prepared.digest},
                          prepared.previous_chain, prepared.header.expires, false};
    link.state = exchange::Give(link.state, prepared.digest, now);
    EQN_CHECK(OutgoingStore::Keep(tx, link, sent, payload.made_of,
                                  {prepared.header, std::move(prepared.sealed)}));
    if (payload.kind != PayloadKind::kReceipt) ++batches;
    tells = tells || TellsOfPeople(payload.kind);
    if (payload.people.empty()) continue;
    EQN_TRY(const std::vector<std::string> ids, TouchedFrom(payload.people.bytes()));
    for (const std::string& id : ids) people.Add(id);
  }
  if (batches == 0) return Ok();
  AuditEntry entry;
  entry.actor = "node";
  entry.action = people.empty() ? "ENVELOPES_SEALED" : "RECORDS_SENT";
  entry.subject = link.peer;
  entry.purpose = std::string(LaneName(link.lane));
  entry.outcome = "OK";
  entry.disclosure = tells;
  EQN_CHECK(context.deps.audit.Append(tx, std::move(entry), people));
  return Ok();
}

// False when something had changed: then nothing has happened.
Result<bool> Commit(ExchangeContext& context, LanePlan& plan, SealedPlan& sealed,
                    const Certificate& recipient, Instant now) {
  return context.deps.database.Write("seal", [&](Tx& tx) -> Result<bool> {
    EQN_TRY(StoredOutgoing link, OutgoingStore::Find(tx, plan.link.peer, plan.link.lane));
    EQN_TRY(const bool holds, StillHolds(context, tx, plan, link, recipient, now));
    if (!holds) return false;
    const Error raced{Code::kAborted, "RACED", "somebody else took it"};
    for (const std::int64_t row : plan.dropped) {
      EQN_TRY(const bool taken, OutboxStore::Take(tx, row));
      if (!taken) return raced;
    }
    for (const QueuedPayload& each : plan.kept_back) {
      EQN_TRY(const bool taken, OutboxStore::Take(tx, each.row));
      if (!taken) return raced;
      const PayloadWatch* watch = context.WatchOf(each.kind);
      if (watch->kept_back) EQN_CHECK(watch->kept_back(tx, plan.link.peer, each.payload));
    }
    for (const Sealable& payload : plan.payloads) {
      if (!payload.outbox_row) continue;
      EQN_TRY(const bool taken, OutboxStore::Take(tx, *payload.outbox_row));
      if (!taken) return raced;
      // What was true when it was planned may have ended while it was sealed.
      const PayloadWatch* watch = context.WatchOf(payload.kind);
      if (watch == nullptr || !watch->may_leave) continue;
      EQN_TRY(const bool may, watch->may_leave(tx, plan.link.peer, payload.made_of.payload, now));
      if (!may) return raced;
    }
    EQN_CHECK(KeepVoids(tx, plan, sealed, link, now));
    EQN_CHECK(KeepNumbers(context, tx, plan, sealed, link, now));
    if (plan.feed != plan.feed_after) {
      EQN_CHECK(OutboxStore::SetFeed(tx, link.peer, link.lane, plan.feed_after));
    }
    if (plan.receipt) EQN_CHECK(SettleReceipt(tx, link.peer, *plan.receipt, now));
    EQN_CHECK(OutgoingStore::Save(tx, link));
    return true;
  });
}

// A payload that can never be sealed (too large) would hold its lane up for ever.
Status DropUnsealable(ExchangeContext& context, const LanePlan& plan, const Error& why,
                      Instant now) {
  return context.deps.database.Write("drop_unsealable", [&](Tx& tx) -> Status {
    for (const Sealable& payload : plan.payloads) {
      if (!payload.outbox_row) continue;
      const auto fits = exchange::kMaxEnvelopeBytes * 3 / 4;
      if (payload.made_of.payload.size() < fits) continue;
      EQN_TRY(const bool taken, OutboxStore::Take(tx, *payload.outbox_row));
      if (!taken) continue;
      StoredSent sent;
      sent.sent.first.id = Uuid::MakeV7(now, context.deps.random);
      sent.made_of = payload.made_of;
      EQN_CHECK(LetterOfSent(tx, plan.link.peer, plan.link.lane, sent, why.reason, now));
    }
    return Ok();
  });
}

// True when numbers were given or voids made.
Result<bool> SealLane(ExchangeContext& context, std::string_view peer, Lane lane, Instant now,
                      bool* more) {
  EQN_TRY(LanePlan plan, context.deps.database.Read(
                             [&](ReadTx& tx) { return PlanLane(context, tx, peer, lane, now); }));
  *more = false;
  if (plan.empty()) return false;
  // Nobody to seal to: it waits.
  const auto recipient = context.deps.enrolment.SealTo(peer, now);
  if (!recipient.ok()) return false;
  EQN_TRY(SealedPlan sealed, MakeContents(context, plan, now));
  for (const Prepared& each : sealed.numbers) {
    if (each.content.size() + 16 * 1024 <= exchange::kMaxEnvelopeBytes) continue;
    const Error why{Code::kInvalidArgument, "PAYLOAD_TOO_LARGE", "larger than an envelope"};
    EQN_CHECK(DropUnsealable(context, plan, why, now));
    *more = true;
    return false;
  }
  EQN_CHECK(SealAll(context, *recipient, sealed));
  const auto done = Commit(context, plan, sealed, *recipient, now);
  if (!done.ok() && done.error().reason != "RACED") return done.error();
  const bool kept = done.ok() && *done;
  *more = !kept || plan.more || plan.payloads.size() > 1;
  return kept && (!sealed.numbers.empty() || !sealed.voids.empty());
}

}  // namespace

Result<bool> SealFor(ExchangeContext& context, std::string_view peer, Instant now) {
  // A race lost so often is somebody else's busy work; the next step sees what is left.
  constexpr int kMostTurns = 1000;
  bool any = false;
  // Nobody to seal to: it waits, and is not read meanwhile.
  if (!context.deps.enrolment.SealTo(peer, now).ok()) return false;
  for (const Lane lane : exchange::kLanes) {
    bool more = true;
    for (int turn = 0; more && turn < kMostTurns; ++turn) {
      EQN_TRY(const bool sealed, SealLane(context, peer, lane, now, &more));
      if (sealed) {
        any = true;
        context.WakeTowards(peer);
      }
    }
  }
  return any;
}

}  // namespace equinode
