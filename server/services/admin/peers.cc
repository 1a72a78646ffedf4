// Enrolments.
#include <algorithm>

#include "domain/access/enrolling.h"
#include "server/audit/call_entry.h"
#include "server/services/admin/handlers.h"

namespace equinode::admin {

namespace {

// What is wrong with an argument is not what is wrong with the caller.
Error OfArgument(Error error) {
  if (error.code == Code::kUnauthenticated) error.code = Code::kInvalidArgument;
  return error;
}

const StoredPeerCertificate* FindCertificate(const StoredPeer& peer, std::string_view fingerprint) {
  for (const StoredPeerCertificate& one : peer.certificates) {
    if (one.fingerprint == fingerprint) return &one;
  }
  return nullptr;
}

Error NoSuchPeer() { return {Code::kNotFound, "NO_SUCH_PEER", "no such peer is enrolled"}; }

// The state that `certificate` has after it was handed in by an operator.
PeerCertificateState StateAfterAdding(const StoredPeer& peer, const Certificate& certificate) {
  if (peer.certificates.empty()) return PeerCertificateState::kCurrent;
  const StoredPeerCertificate* known = FindCertificate(peer, certificate.fingerprint());
  if (known != nullptr && known->state != PeerCertificateState::kHeld) return known->state;
  return PeerCertificateState::kNext;
}

}  // namespace

Result<Identity> Handlers::CheckCertificate(const Certificate& certificate, Instant now) const {
  const std::shared_ptr<const KeyRing> ring = deps_.keys.Get();
  auto identity = IdentityOf(certificate.uri_names(), ring->self);
  if (!identity.ok()) return OfArgument(std::move(identity).error());
  const Status trusted = ring->trust.Verify(certificate, now, Usage::kNode);
  if (!trusted.ok()) return OfArgument(trusted.error());
  if (deps_.enrolment.IsRevoked(identity->uri, certificate)) {
    return Error{Code::kFailedPrecondition, "REVOKED",
                 "the certificate or its owner has been revoked here, which is for good; the peer "
                 "needs a new certificate, or another name"};
  }
  return identity;
}

Result<v1::AddPeerResponse> Handlers::AddPeer(Call& call, const v1::AddPeerRequest& request) const {
  EQN_TRY(const Certificate certificate, Certificate::FromPem(request.certificate_pem()));
  EQN_TRY(const Identity identity, CheckCertificate(certificate, call.now));
  EQN_CHECK(CheckPeer(identity, {request.address(), request.relay()}, deps_.keys.Get()->self));
  call.audit.subject = identity.uri;
  return WriteAudited(
      deps_.database, deps_.audit, "add_peer", call, [&](Tx& tx) -> Result<v1::AddPeerResponse> {
        return Once<v1::AddPeerResponse>(
            tx, deps_.requests, call, request, [&]() -> Result<v1::AddPeerResponse> {
              if (!request.relay().empty()) {
                EQN_TRY(const auto relay, PeerStore::Find(tx, request.relay()));
                if (!relay) {
                  return Error{Code::kFailedPrecondition, "NO_SUCH_RELAY",
                               "the relay is not enrolled here; add it as a peer first"};
                }
              }
              EQN_TRY(const auto known, PeerStore::Find(tx, identity.uri));
              StoredPeer peer = known.value_or(StoredPeer{.uri = identity.uri});
              const bool same = FindCertificate(peer, certificate.fingerprint()) != nullptr;
              if (same || !known || !request.address().empty() || !request.relay().empty()) {
                peer.address = request.address();
                peer.relay = request.relay();
              }
              peer.take_over = request.take_over_renewals();
              EQN_CHECK(PeerStore::Put(tx, peer, call.now));
              EQN_CHECK(PeerStore::PutCertificate(tx, peer.uri, certificate,
                                                  StateAfterAdding(peer, certificate), call.now));
              if (!known && deps_.peer_added) EQN_CHECK(deps_.peer_added(tx, peer.uri));
              deps_.enrolment.ReloadAfter(tx);
              EQN_TRY(const auto stored, PeerStore::Find(tx, identity.uri));
              if (!stored) return NoSuchPeer();
              v1::AddPeerResponse response;
              EQN_TRY(*response.mutable_peer(), PeerMessage(tx, *stored));
              return response;
            });
      });
}

Result<v1::ListPeersResponse> Handlers::ListPeers(Call& call,
                                                  const v1::ListPeersRequest& request) const {
  call.audit.subject = "peers";
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  if (request.page_token().size() > 512) return BadPageToken();
  return deps_.database.Read([&](ReadTx& tx) -> Result<v1::ListPeersResponse> {
    EQN_TRY(const auto peers, PeerStore::List(tx, request.page_token(), page + 1));
    v1::ListPeersResponse response;
    for (std::size_t i = 0; i < std::min(page, peers.size()); ++i) {
      EQN_TRY(*response.add_peers(), PeerMessage(tx, peers[i]));
    }
    if (peers.size() > page) response.set_next_page_token(peers[page - 1].uri);
    return response;
  });
}

Result<v1::RemovePeerResponse> Handlers::RemovePeer(Call& call,
                                                    const v1::RemovePeerRequest& request) const {
  call.audit.subject = request.uri();
  return WriteAudited(deps_.database, deps_.audit, "remove_peer", call,
                      [&](Tx& tx) -> Result<v1::RemovePeerResponse> {
                        return Once<v1::RemovePeerResponse>(
                            tx, deps_.requests, call, request,
                            [&]() -> Result<v1::RemovePeerResponse> {
                              EQN_CHECK(PeerStore::Remove(tx, request.uri()));
                              if (deps_.peer_removed) {
                                EQN_CHECK(deps_.peer_removed(tx, request.uri()));
                              }
                              deps_.enrolment.ReloadAfter(tx);
                              return v1::RemovePeerResponse();
                            });
                      });
}

Result<v1::AcceptCertificateResponse> Handlers::AcceptCertificate(
    Call& call, const v1::AcceptCertificateRequest& request) const {
  call.audit.subject = request.uri();
  return WriteAudited(
      deps_.database, deps_.audit, "accept_certificate", call,
      [&](Tx& tx) -> Result<v1::AcceptCertificateResponse> {
        return Once<v1::AcceptCertificateResponse>(
            tx, deps_.requests, call, request, [&]() -> Result<v1::AcceptCertificateResponse> {
              EQN_TRY(const auto peer, PeerStore::Find(tx, request.uri()));
              if (!peer) return NoSuchPeer();
              const StoredPeerCertificate* known = FindCertificate(*peer, request.fingerprint());
              if (known == nullptr || known->state == PeerCertificateState::kPrevious) {
                return Error{Code::kNotFound, "NO_SUCH_CERTIFICATE",
                             "no certificate of this fingerprint waits for this peer; 'equinode "
                             "peer list' shows them"};
              }
              EQN_TRY(const Certificate certificate, Certificate::FromDer(known->der));
              EQN_CHECK(CheckCertificate(certificate, call.now));
              EQN_CHECK(PeerStore::PutCertificate(tx, peer->uri, certificate,
                                                  PeerCertificateState::kCurrent, call.now));
              deps_.enrolment.ReloadAfter(tx);
              return v1::AcceptCertificateResponse();
            });
      });
}

Result<v1::BeginLinksAnewResponse> Handlers::BeginLinksAnew(
    Call& call, const v1::BeginLinksAnewRequest& request) const {
  call.audit.subject = request.uri();
  if (!deps_.begin_links_anew) {
    return Error{Code::kUnimplemented, "NOT_OFFERED", "this node runs without an exchange"};
  }
  using Response = v1::BeginLinksAnewResponse;
  return WriteAudited(
      deps_.database, deps_.audit, "begin_links_anew", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps_.requests, call, request, [&] {
          return deps_.begin_links_anew(tx, request.uri(), request.code(), call.now);
        });
      });
}

}  // namespace equinode::admin
