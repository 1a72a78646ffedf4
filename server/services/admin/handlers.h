// Private to server/services/admin: the handlers, in one file a subject.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "server/services/admin/admin.h"
#include "storage/audit_store.h"
#include "storage/peer_store.h"
#include "storage/revocation_store.h"
#include "storage/sharing_store.h"

namespace equinode::admin {

// Thread-safe: no state of its own.
class Handlers {
 public:
  explicit Handlers(AdminDeps deps) : deps_(std::move(deps)) {}

  Result<v1::GetStatusResponse> GetStatus(Call& call, const v1::GetStatusRequest& request) const;

  Result<v1::AddPeerResponse> AddPeer(Call& call, const v1::AddPeerRequest& request) const;
  Result<v1::ListPeersResponse> ListPeers(Call& call, const v1::ListPeersRequest& request) const;
  Result<v1::RemovePeerResponse> RemovePeer(Call& call, const v1::RemovePeerRequest& request) const;
  Result<v1::AcceptCertificateResponse> AcceptCertificate(
      Call& call, const v1::AcceptCertificateRequest& request) const;

  Result<v1::BeginLinksAnewResponse> BeginLinksAnew(Call& call,
                                                    const v1::BeginLinksAnewRequest& request) const;

  Result<v1::RevokeResponse> Revoke(Call& call, const v1::RevokeRequest& request) const;
  Result<v1::ListRevocationsResponse> ListRevocations(
      Call& call, const v1::ListRevocationsRequest& request) const;

  Result<v1::SetSharingResponse> SetSharing(Call& call, const v1::SetSharingRequest& request) const;
  Result<v1::ListSharingResponse> ListSharing(Call& call,
                                              const v1::ListSharingRequest& request) const;

  Result<v1::ListDeadLettersResponse> ListDeadLetters(
      Call& call, const v1::ListDeadLettersRequest& request) const;
  Result<v1::ResolveDeadLetterResponse> ResolveDeadLetter(
      Call& call, const v1::ResolveDeadLetterRequest& request) const;

  Result<v1::ListAuditEntriesResponse> ListAuditEntries(
      Call& call, const v1::ListAuditEntriesRequest& request) const;

 private:
  // A certificate that may be enrolled for its one URI now.
  Result<Identity> CheckCertificate(const Certificate& certificate, Instant now) const;

  AdminDeps deps_;
};

// Rows as messages.
Result<v1::Peer> PeerMessage(ReadTx& tx, const StoredPeer& peer);
void SetHead(const AuditHead& head, v1::AuditHead* out);
void SetRevocation(const Revocation& revocation, v1::Revocation* out);
void SetRule(const SharingRule& rule, v1::SharingRule* out);
// INVALID_ARGUMENT / BAD_SHARING.
Result<SharingRule> RuleFrom(const v1::SharingRule& message);
void SetEntry(const StoredAuditEntry& stored, v1::AuditEntry* out);

// A token that is a number: the place in a list of numbered rows. Empty = 0.
Result<std::int64_t> NumberFromToken(std::string_view token);

}  // namespace equinode::admin
