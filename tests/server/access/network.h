// One node of a test's network as enrolment sees it: keys, store, log.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "server/access/enrolment.h"
#include "server/audit/audit_log.h"
#include "server/keys/key_ring.h"
#include "storage/revocation_store.h"
#include "tests/support/pki.h"
#include "tests/support/test_store.h"

namespace equinode::testing {

inline std::shared_ptr<const KeyRing> RingOf(const TestPki& pki, const TestCert& cert) {
  const Certificate certificate = cert.certificate();
  return std::make_shared<const KeyRing>(KeyRing{
      *ParseIdentity(certificate.uri_names().front()), {certificate, cert.key()}, {}, pki.trust()});
}

class TestNode {
 public:
  explicit TestNode(std::string_view role = "payer", std::string_view organisation = "p",
                    OpenOptions options = {})
      : cert(pki.Node(role, organisation)), keys(RingOf(pki, cert)), store(options) {
    store.clock().Set(pki.now());
    audit = *AuditLog::Open(store.db(), elsewhere.path() / "anchor", store.clock());
    enrolment = std::make_unique<Enrolment>(store.db(), keys);
    if (!enrolment->Reload().ok()) std::abort();
  }

  Instant now() const { return const_cast<TestStore&>(store).clock().Now(); }
  std::string self() const { return keys.Get()->self.uri; }

  // As a change of the node would: in a transaction, shown when it returns.
  template <typename F>
  Status Change(F body) {
    return store.db().Write("change", [&](Tx& tx) -> Status {
      EQN_CHECK(body(tx));
      enrolment->ReloadAfter(tx);
      return Ok();
    });
  }
  Status Enrol(const Certificate& certificate,
               PeerCertificateState state = PeerCertificateState::kCurrent) {
    return Change([&](Tx& tx) -> Status {
      const std::string uri = certificate.uri_names().front();
      EQN_CHECK(PeerStore::Put(tx, {.uri = uri}, now()));
      return PeerStore::PutCertificate(tx, uri, certificate, state, now());
    });
  }
  Status Revoke(RevokedKind kind, const std::string& value, const std::string& issuer = "") {
    return Change([&](Tx& tx) -> Status {
      EQN_CHECK(RevocationStore::Add(
          tx, {.kind = kind, .value = value, .issuer = issuer, .reason = "test", .at = now()}));
      return Ok();
    });
  }
  // OK or the reason.
  std::string Admits(const Certificate& certificate,
                     std::string_view method = "/grpc.health.v1.Health/Check") const {
    const auto caller = enrolment->Admit(certificate, "127.0.0.1:9", method, now());
    return caller.ok() ? "OK" : caller.error().reason;
  }

  TestPki pki{};
  TestCert cert;
  CurrentKeyRing keys;
  TestStore store;
  TempFolder elsewhere{};
  std::unique_ptr<AuditLog> audit{};
  std::unique_ptr<Enrolment> enrolment{};
};

}  // namespace equinode::testing
