#include "server/exchange/opening.h"

#include <algorithm>
#include <utility>

#include "base/crypto/cms.h"
#include "server/exchange/context.h"

namespace equinode {

using exchange::Content;
using exchange::Header;
using exchange::Lane;
using exchange::PayloadKind;
using exchange::Refusal;
namespace reason = exchange::reason;

namespace {

// A refusal that the sender is told of in a receipt, since it can do something about it.
constexpr bool kTell = true;
constexpr bool kPermanent = true;

Taken Refused(const Header& header, std::string_view why, bool permanent, bool tell,
              std::uint64_t expected = 0) {
  Taken taken;
  taken.refusal = RefusalOf(header, why, permanent, expected);
  taken.tell = tell;
  return taken;
}

// With the key in use, or one before it.
Result<Opened> OpenWithAnyKey(const KeyRing& ring, ByteView sealed, Instant now) {
  auto opened = OpenCms(sealed, ring.current.certificate, ring.current.key, ring.trust, now);
  for (const KeyPair& older : ring.older) {
    if (opened.ok() || opened.error().reason != "ENVELOPE_NOT_FOR_US") break;
    opened = OpenCms(sealed, older.certificate, older.key, ring.trust, now);
  }
  return opened;
}

std::string_view OpeningReason(const Error& error) {
  if (error.reason == "ENVELOPE_NOT_FOR_US") return reason::kOtherKey;
  if (error.reason.starts_with("CERTIFICATE_")) return reason::kUnknownSigner;
  return reason::kBadSeal;
}

bool TravelsOn(PayloadKind kind, Lane lane) {
  if (kind == PayloadKind::kVoid) return true;
  if (kind == PayloadKind::kRecordBatch && lane == Lane::kHistory) return true;
  return exchange::LaneOf(kind) == lane;
}

// How far the link has come; what is behind it needs no judging of payloads.
std::uint64_t AppliedThrough(Database& database, const Header& header) {
  const auto link =
      database.Read([&](ReadTx& tx) { return IncomingStore::Find(tx, header.from, header.lane); });
  return link.ok() ? link->state.applied.through : 0;
}

Result<ApplyInTx> FirstHalf(const ExchangeContext& context, const OpenedEnvelope& opened) {
  const Content& content = opened.content;
  if (!TravelsOn(content.kind, content.header.lane)) {
    return Error{Code::kInvalidArgument, "WRONG_LANE", "a payload on a lane that is not its own"};
  }
  const PayloadApplier* applier = context.ApplierOf(content.kind);
  if (applier == nullptr) {
    return Error{Code::kUnimplemented, "NOT_OFFERED", "this node does not take such payloads"};
  }
  return (*applier)(Incoming{content.header.from, content.header.id, content.header.lane,
                             content.kind, content.payload});
}

}  // namespace

Refusal RefusalOf(const Header& header, std::string_view why, bool permanent,
                  std::uint64_t expected) {
  return Refusal{header.id, header.lane, header.number, std::string(why), expected, permanent};
}

bool IsPassing(Code code) {
  switch (code) {
    case Code::kCancelled:
    case Code::kUnknown:
    case Code::kDeadlineExceeded:
    case Code::kResourceExhausted:
    case Code::kAborted:
    case Code::kInternal:
    case Code::kUnavailable:
    case Code::kDataLoss:
      return true;
    case Code::kOk:
    case Code::kInvalidArgument:
    case Code::kNotFound:
    case Code::kAlreadyExists:
    case Code::kPermissionDenied:
    case Code::kFailedPrecondition:
    case Code::kOutOfRange:
    case Code::kUnimplemented:
    case Code::kUnauthenticated:
      return false;
  }
  return true;
}

Taken OpenEnvelope(ExchangeContext& context, std::string_view hop, const WireEnvelope& envelope,
                   Instant now) {
  const Header& header = envelope.header;
  const std::shared_ptr<const KeyRing> ring = context.deps.keys.Get();
  const Enrolment& enrolment = context.deps.enrolment;

  // Who may hand it over: its sender, or a relay.
  const auto sender = enrolment.Find(header.from);
  if (header.from != hop) {
    const auto carrier = enrolment.Find(hop);
    if (!carrier || carrier->identity.role != Role::kQhio) {
      return Refused(header, reason::kWrongSender, !kPermanent, !kTell);
    }
  }
  if (header.to != ring->self.uri) {
    if (ring->self.role != Role::kQhio) {
      return Refused(header, reason::kWrongRecipient, !kPermanent, !kTell);
    }
    if (!sender || !enrolment.Find(header.to)) {
      return Refused(header, reason::kNoRoute, !kPermanent, !kTell);
    }
    if (header.expires <= now) return Refused(header, reason::kExpired, kPermanent, !kTell);
    Taken taken;
    taken.way = Taken::Way::kRelay;
    return taken;
  }
  if (!sender) return Refused(header, reason::kUnknownSigner, !kPermanent, !kTell);

  const auto unreadable = [&](std::string_view why) {
    const std::uint64_t applied = AppliedThrough(context.deps.database, header);
    Taken taken = Refused(header, why, why == reason::kOtherKey, kTell, applied + 1);
    if (header.number <= applied) taken.way = Taken::Way::kSettled;
    return taken;
  };
  auto opened = OpenWithAnyKey(*ring, envelope.sealed, now);
  if (!opened.ok()) {
    const std::string_view why = OpeningReason(opened.error());
    if (why == reason::kUnknownSigner) return Refused(header, why, !kPermanent, !kTell);
    return unreadable(why);
  }
  const auto& names = opened->signer.uri_names();
  if (names.size() != 1 || names.front() != header.from) {
    return Refused(header, reason::kWrongSender, !kPermanent, !kTell);
  }
  if (const Status good = enrolment.CheckSigner(header.from, opened->signer, now); !good.ok()) {
    const bool revoked = good.error().reason == reason::kRevoked;
    return Refused(header, revoked ? reason::kRevoked : reason::kUnknownSigner, !kPermanent,
                   !kTell);
  }

  auto content = ContentFromBytes(opened->content);
  if (!content.ok() || content->header != header) {
    return unreadable(content.ok() ? reason::kHeaderDiffers : reason::kBadEnvelope);
  }

  OpenedEnvelope result;
  result.content = *std::move(content);
  result.arriving.seen = {header.number, header.id, Sha256(opened->content), std::nullopt};
  result.arriving.previous_chain = result.content.previous_chain;
  result.arriving.created = header.created;
  result.arriving.expires = header.expires;
  Taken taken;
  taken.way = Taken::Way::kApply;
  taken.opened = std::move(result);
  OpenedEnvelope& kept = *taken.opened;  // Where the payload stays: the applier keeps views of it.
  if (kept.content.kind == PayloadKind::kVoid) {
    auto value = VoidFromBytes(kept.content.payload);
    if (!value.ok()) return unreadable(reason::kBadEnvelope);
    kept.arriving.seen.replaced = value->replaced;
    kept.void_reason = value->reason;
  } else if (header.number > AppliedThrough(context.deps.database, header)) {
    kept.apply = FirstHalf(context, kept);
    if (!kept.apply.ok() && IsPassing(kept.apply.error().code)) {
      return Refused(header, reason::kTryLater, !kPermanent, !kTell);
    }
  }
  return taken;
}

}  // namespace equinode
