#include "server/access/renewal.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "storage/peer_store.h"

namespace equinode {

Result<Certificate> CheckRenewal(std::string_view from, const exchange::CertificateNotice& notice,
                                 const Enrolment& enrolment, const CurrentKeyRing& keys,
                                 Instant now) {
  EQN_TRY(Certificate certificate, Certificate::FromDer(notice.certificate));
  if (certificate.uri_names().size() != 1 || certificate.uri_names().front() != from) {
    return Error{Code::kInvalidArgument, "CERTIFICATE_NAME",
                 "a node announces certificates for its own URI only"};
  }
  const Status trusted =
      keys.Get()->trust.Verify(certificate, std::max(now, certificate.not_before()), Usage::kNode);
  if (!trusted.ok()) {
    return Error{Code::kInvalidArgument, trusted.error().reason, trusted.error().message};
  }
  if (enrolment.IsRevoked(from, certificate)) {
    return Error{Code::kFailedPrecondition, "REVOKED",
                 "the announced certificate was revoked here"};
  }
  return certificate;
}

Status ApplyRenewal(Tx& tx, std::string_view from, const Certificate& certificate,
                    Instant in_use_from, Enrolment& enrolment, Instant now, AuditNote& note) {
  EQN_TRY(const std::optional<StoredPeer> peer, PeerStore::Find(tx, from));
  if (!peer) return Error{Code::kNotFound, "NO_SUCH_PEER", "no such peer is enrolled"};
  note.subject = from;
  const StoredPeerCertificate* next = nullptr;
  for (const StoredPeerCertificate& known : peer->certificates) {
    if (known.fingerprint == certificate.fingerprint()) {
      note.purpose = "CERTIFICATE_KNOWN";
      return Ok();
    }
    if (known.state == PeerCertificateState::kNext) next = &known;
  }
  PeerCertificateState state = PeerCertificateState::kHeld;
  if (peer->take_over) {
    // Whoever announces a third one has the second in use: it must not be forgotten.
    if (next != nullptr) {
      EQN_TRY(const Certificate second, Certificate::FromDer(next->der));
      EQN_CHECK(PeerStore::PutCertificate(tx, from, second, PeerCertificateState::kCurrent, now));
    }
    const bool later = std::max(in_use_from, certificate.not_before()) > now;
    state = later ? PeerCertificateState::kNext : PeerCertificateState::kCurrent;
  }
  note.purpose = peer->take_over ? "CERTIFICATE_TAKEN_OVER" : "CERTIFICATE_HELD";
  EQN_CHECK(PeerStore::PutCertificate(tx, from, certificate, state, now));
  enrolment.ReloadAfter(tx);
  return Ok();
}

}  // namespace equinode
