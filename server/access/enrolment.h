// Whom this node deals with, in memory and in step with the store: peers with their certificates,
// revocations. Asked at every call and at intervals on open streams (THREATS R2, R3).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto/certificate.h"
#include "base/result.h"
#include "domain/access/caller.h"
#include "server/keys/key_ring.h"
#include "storage/peer_store.h"
#include "storage/sqlite/database.h"

namespace equinode {

struct PeerCertificate {
  using State = PeerCertificateState;
  Certificate certificate;
  State state = State::kCurrent;
};

struct EnrolledPeer {
  Identity identity{};
  std::string address{};  // host:port to dial; empty = cannot be dialled.
  std::string relay{};    // URI of the relay that reaches it; empty = direct, or it dials us.
  std::vector<PeerCertificate> certificates{};
  bool take_over_renewals = false;
};

// Thread-safe.
class Enrolment {
 public:
  Enrolment(Database& database, const CurrentKeyRing& keys);
  ~Enrolment();

  // Reads peers and revocations anew: at start, and after changes.
  Status Reload();
  // Every transaction that changes peers or revocations calls this: what is in memory is then
  // changed with the commit, before its caller is answered. When that fails nobody is admitted any
  // more (UNAVAILABLE / ENROLMENT_UNREAD) until a Reload succeeds.
  void ReloadAfter(Tx& tx);

  // Who shows this certificate, and may they call `method` here now? UNAUTHENTICATED
  // (CERTIFICATE_..., NOT_ENROLLED, REVOKED) or PERMISSION_DENIED (METHOD_NOT_ALLOWED) else.
  // Checks, each time: trust and dates, exactly one URI name that is an identity of our network,
  // enrolment by exact URI and certificate fingerprint, revocation, the policy table. Operators are
  // not enrolled one by one: those of our own organisation, and of an organisation that we host.
  Result<Caller> Admit(const Certificate& certificate, std::string_view address,
                       std::string_view method, Instant now) const;

  // May `certificate` sign envelopes for `uri` now? UNAUTHENTICATED (UNKNOWN_SIGNER, REVOKED,
  // CERTIFICATE_...) else.
  Status CheckSigner(std::string_view uri, const Certificate& certificate, Instant now) const;
  // What to seal to. NOT_FOUND / NO_SUCH_PEER, FAILED_PRECONDITION / NO_GOOD_CERTIFICATE.
  Result<Certificate> SealTo(std::string_view uri, Instant now) const;

  // Revoked by the URI, or by the certificate's fingerprint or serial number. True while unread.
  bool IsRevoked(std::string_view uri, const Certificate& certificate) const;

  // On which node an organisation acts that has none of its own: this node's URI or a peer's.
  // Nothing when no entry says so.
  std::optional<std::string> HostOf(std::string_view organisation) const;

  std::optional<EnrolledPeer> Find(std::string_view uri) const;
  std::vector<EnrolledPeer> Peers() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace equinode
