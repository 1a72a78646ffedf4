// Revocations.
#include "server/access/revocations.h"

#include <algorithm>

#include "server/audit/call_entry.h"
#include "server/services/admin/handlers.h"

namespace equinode::admin {

namespace {

Error Bad(const char* message) { return {Code::kInvalidArgument, "BAD_REVOCATION", message}; }

// As openssl prints it or as we do: with or without colons, in either case.
Result<std::string> FingerprintFrom(std::string_view text) {
  std::string hex;
  for (const char c : text.substr(0, 128)) {
    if (c != ':') hex += c;
  }
  const auto bytes = FromHex(hex);
  if (bytes.ok() && bytes->size() == 32 && text.size() <= 95) return ToHex(*bytes);
  return Bad("a fingerprint is the SHA-256 of the certificate, 64 hex digits");
}

Result<Revocation> RevocationFrom(const Call& call, const v1::RevokeRequest& request,
                                  const Identity& self) {
  Revocation revocation{.reason = AuditText(request.reason()), .at = call.now};
  if (request.has_uri()) {
    const auto identity = ParseIdentity(request.uri());
    if (!identity.ok() || identity->network != self.network) {
      return Bad("a URI to revoke is an identity of this network, spiffe://network/role/...");
    }
    revocation.kind = RevokedKind::kUri;
    revocation.value = request.uri();
  } else {
    revocation.kind = RevokedKind::kFingerprint;
    EQN_TRY(revocation.value, FingerprintFrom(request.fingerprint()));
  }
  if (revocation.value == call.caller.identity.uri || revocation.value == call.caller.fingerprint ||
      revocation.value == self.uri) {
    return Error{Code::kFailedPrecondition, "OWN_CERTIFICATE",
                 "nobody revokes the node itself or the certificate that the call is made with; "
                 "let another operator do it"};
  }
  return revocation;
}

}  // namespace

Result<v1::RevokeResponse> Handlers::Revoke(Call& call, const v1::RevokeRequest& request) const {
  if (request.reason().size() > 256) return Bad("a reason has at most 256 bytes");
  const std::shared_ptr<const KeyRing> ring = deps_.keys.Get();
  std::optional<Crl> list;
  std::optional<Revocation> one;
  if (request.has_crl_pem()) {
    auto read = ReadCrl(request.crl_pem(), ring->trust, call.now);
    if (!read.ok()) {
      Error error = std::move(read).error();
      if (error.code == Code::kUnauthenticated) error.code = Code::kInvalidArgument;
      return error;
    }
    list = *std::move(read);
    EQN_CHECK(CheckCurrent(*list, call.now));  // Whoever hands one in is told to get the next.
    call.audit.subject = "revocation list";
  } else if (request.has_uri() || request.has_fingerprint()) {
    EQN_TRY(one, RevocationFrom(call, request, ring->self));
    call.audit.subject = one->value;
  } else {
    return Bad("name a URI, a fingerprint or a revocation list");
  }
  return WriteAudited(deps_.database, deps_.audit, "revoke", call,
                      [&](Tx& tx) -> Result<v1::RevokeResponse> {
                        return Once<v1::RevokeResponse>(
                            tx, deps_.requests, call, request, [&]() -> Result<v1::RevokeResponse> {
                              v1::RevokeResponse response;
                              if (list) {
                                EQN_TRY(const std::uint32_t added, AddCrl(tx, *list, call.now));
                                response.set_added(added);
                              } else {
                                EQN_TRY(const bool added, RevocationStore::Add(tx, *one));
                                response.set_added(added ? 1 : 0);
                              }
                              deps_.enrolment.ReloadAfter(tx);
                              return response;
                            });
                      });
}

Result<v1::ListRevocationsResponse> Handlers::ListRevocations(
    Call& call, const v1::ListRevocationsRequest& request) const {
  call.audit.subject = "revocations";
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  EQN_TRY(const std::int64_t after, NumberFromToken(request.page_token()));
  EQN_TRY(const auto revocations, deps_.database.Read([&](ReadTx& tx) {
    return RevocationStore::List(tx, after, page + 1);
  }));
  v1::ListRevocationsResponse response;
  for (std::size_t i = 0; i < std::min(page, revocations.size()); ++i) {
    SetRevocation(revocations[i], response.add_revocations());
  }
  if (revocations.size() > page) {
    response.set_next_page_token(std::to_string(revocations[page - 1].number));
  }
  return response;
}

}  // namespace equinode::admin
