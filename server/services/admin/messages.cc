#include <charconv>

#include "client/convert/proto_parts.h"
#include "server/services/admin/handlers.h"

namespace equinode::admin {

namespace {

std::string_view StateName(PeerCertificateState state) {
  switch (state) {
    case PeerCertificateState::kCurrent:
      return "current";
    case PeerCertificateState::kNext:
      return "next";
    case PeerCertificateState::kHeld:
      return "held";
    case PeerCertificateState::kPrevious:
      return "previous";
  }
  return "";
}

void SetBytes(const Digest& digest, std::string* out) { *out = AsText(digest); }

}  // namespace

void SetHead(const AuditHead& head, v1::AuditHead* out) {
  out->set_count(head.count);
  SetBytes(head.hash, out->mutable_hash());
}

Result<v1::Peer> PeerMessage(ReadTx& tx, const StoredPeer& peer) {
  v1::Peer message;
  message.set_uri(peer.uri);
  message.set_address(peer.address);
  message.set_relay(peer.relay);
  message.set_take_over_renewals(peer.take_over);
  for (const StoredPeerCertificate& one : peer.certificates) {
    v1::PeerCertificate* out = message.add_certificates();
    out->set_fingerprint(one.fingerprint);
    out->set_state(std::string(StateName(one.state)));
    EQN_TRY(const Certificate certificate, Certificate::FromDer(one.der));
    wire::SetTimestamp(certificate.not_before(), out->mutable_not_before());
    wire::SetTimestamp(certificate.not_after(), out->mutable_not_after());
  }
  EQN_TRY(const std::optional<PeerHead> head, AuditStore::FindPeerHead(tx, peer.uri));
  if (head) {
    SetHead(head->head, message.mutable_last_audit_head());
    message.set_audit_faults(head->faults);
  }
  if (peer.last_seen != Instant{}) wire::SetTimestamp(peer.last_seen, message.mutable_last_seen());
  return message;
}

void SetRevocation(const Revocation& revocation, v1::Revocation* out) {
  switch (revocation.kind) {
    case RevokedKind::kUri:
      out->set_what("uri:" + revocation.value);
      break;
    case RevokedKind::kFingerprint:
      out->set_what("fingerprint:" + revocation.value);
      break;
    case RevokedKind::kSerial:
      out->set_what("serial:" + revocation.value);
      break;
  }
  out->set_reason(revocation.reason);
  wire::SetTimestamp(revocation.at, out->mutable_at());
}

Result<std::int64_t> NumberFromToken(std::string_view token) {
  if (token.empty()) return std::int64_t{0};
  std::int64_t number = 0;
  const auto read = std::from_chars(token.data(), token.data() + token.size(), number);
  if (read.ec != std::errc() || read.ptr != token.data() + token.size() || number < 0) {
    return BadPageToken();
  }
  return number;
}

void SetRule(const SharingRule& rule, v1::SharingRule* out) {
  out->set_peer(rule.peer);
  for (const RecordKind kind : rule.kinds) out->add_kinds(static_cast<v1::RecordKind>(kind));
  out->set_counts(rule.counts);
}

Result<SharingRule> RuleFrom(const v1::SharingRule& message) {
  SharingRule rule;
  rule.peer = message.peer();
  for (const int kind : message.kinds()) {
    if (kind < 1 || kind > v1::RecordKind_MAX || !v1::RecordKind_IsValid(kind)) {
      return Error{Code::kInvalidArgument, "BAD_SHARING",
                   "a sharing rule names kinds of record: person, coverage, measure result, "
                   "organization"};
    }
    rule.kinds.push_back(static_cast<RecordKind>(kind));
  }
  rule.counts = message.counts();
  return rule;
}

void SetEntry(const StoredAuditEntry& stored, v1::AuditEntry* out) {
  const AuditEntry& entry = stored.entry;
  out->set_number(entry.number);
  wire::SetTimestamp(entry.at, out->mutable_at());
  out->set_actor(entry.actor);
  out->set_from(entry.from);
  out->set_action(entry.action);
  out->set_subject(entry.subject);
  out->set_purpose(entry.purpose);
  out->set_outcome(entry.outcome);
  out->set_disclosure(entry.disclosure);
  out->set_touched(entry.touched);
  if (entry.touched > 0) SetBytes(entry.touched_digest, out->mutable_touched_digest());
  SetBytes(stored.hash, out->mutable_hash());
}

}  // namespace equinode::admin
