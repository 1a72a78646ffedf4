#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "base/crypto/hash.h"
#include "base/crypto/internal.h"

namespace equinode {

namespace {

constexpr std::size_t kMostSeen = 1024;

Error Untrusted() {
  return {Code::kUnauthenticated, "CERTIFICATE_UNTRUSTED",
          "the certificate was not issued by an authority of this network"};
}
Error Expired() {
  return {Code::kUnauthenticated, "CERTIFICATE_EXPIRED",
          "the certificate, or the authority's, has expired; renew it"};
}
Error NotYetValid() {
  return {Code::kUnauthenticated, "CERTIFICATE_NOT_YET_VALID",
          "the certificate, or the authority's, is not valid yet; check the clock"};
}
Error WrongUsage(const char* message) {
  return {Code::kUnauthenticated, "CERTIFICATE_USAGE", message};
}

bool Allows(std::uint32_t extended, Usage usage) {
  switch (usage) {
    case Usage::kTlsClient:
      return (extended & XKU_SSL_CLIENT) != 0;
    case Usage::kTlsServer:
      return (extended & XKU_SSL_SERVER) != 0;
    case Usage::kEnvelope:
      return (extended & XKU_SMIME) != 0;
    case Usage::kNode: {
      constexpr std::uint32_t kAll = XKU_SSL_CLIENT | XKU_SSL_SERVER | XKU_SMIME;
      return (extended & kAll) == kAll;
    }
  }
  return false;
}

// The shape of an end entity's certificate, whoever signed it.
Status CheckProfile(X509* x509, Usage usage) {
  if (X509_get_version(x509) != X509_VERSION_3) {
    return WrongUsage("the certificate is not of X.509 version 3");
  }
  if (X509_check_ca(x509) != 0) return WrongUsage("an authority's certificate is no party's");
  if (!IsP256(X509_get0_pubkey(x509))) {
    return WrongUsage("the certificate's key must be on the curve P-256");
  }
  const std::uint32_t flags = X509_get_extension_flags(x509);
  if ((flags & EXFLAG_KUSAGE) == 0 || (flags & EXFLAG_XKUSAGE) == 0) {
    return WrongUsage("the certificate must state keyUsage and extendedKeyUsage");
  }
  constexpr std::uint32_t kBoth = KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT;
  if ((X509_get_key_usage(x509) & kBoth) != kBoth) {
    return WrongUsage("the certificate must allow digitalSignature and keyAgreement");
  }
  if (!Allows(X509_get_extended_key_usage(x509), usage)) {
    return WrongUsage("the certificate must allow serverAuth, clientAuth and emailProtection");
  }
  return Ok();
}

Error FromOpenSsl(int code) {
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Expired();
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return NotYetValid();
    default:
      return Untrusted();
  }
}

// Lets OpenSSL build and verify the chain as of `now`; returns when all of it is valid.
Result<TrustStore::Impl::Seen> VerifyChain(const TrustStore::Impl& trust,
                                           const Certificate& certificate, Instant now) {
  const ossl::StoreCtxPtr ctx(X509_STORE_CTX_new());
  // No untrusted certificates are handed in: the issuer is an anchor, or there is none.
  if (ctx == nullptr ||
      X509_STORE_CTX_init(ctx.get(), trust.store.get(), certificate.impl().get(), nullptr) != 1) {
    return Untrusted();
  }
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(ctx.get());
  X509_VERIFY_PARAM_set_time(
      param, std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
  if (X509_verify_cert(ctx.get()) != 1) return FromOpenSsl(X509_STORE_CTX_get_error(ctx.get()));
  TrustStore::Impl::Seen seen{certificate, Instant::min(), Instant::max()};
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(ctx.get());
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const X509* link = sk_X509_value(chain, i);
    EQN_TRY(const Instant from, InstantFrom(X509_get0_notBefore(link)));
    EQN_TRY(const Instant until, InstantFrom(X509_get0_notAfter(link)));
    seen.from = std::max(seen.from, from);
    seen.until = std::min(seen.until, until);
  }
  return seen;
}

std::optional<TrustStore::Impl::Seen> Find(const TrustStore::Impl& trust,
                                           std::string_view fingerprint) {
  const std::scoped_lock lock(trust.mutex);
  const auto at = trust.seen.find(fingerprint);
  return at == trust.seen.end() ? std::nullopt : std::optional(at->second);
}

void Remember(const TrustStore::Impl& trust, const TrustStore::Impl::Seen& seen) {
  const std::scoped_lock lock(trust.mutex);
  if (trust.seen.size() >= kMostSeen) trust.seen.clear();
  trust.seen.emplace(seen.certificate.fingerprint(), seen);
}

// What changes from one call to the next.
Status CheckNow(const TrustStore::Impl::Seen& seen, Instant now, Usage usage) {
  if (now < seen.from) return NotYetValid();
  if (now >= seen.until) return Expired();
  return CheckProfile(seen.certificate.impl().get(), usage);
}

}  // namespace

Result<TrustStore> TrustStore::FromPem(std::string_view bundle) {
  const auto bad = [](std::string message) {
    return Error{Code::kInvalidArgument, "BAD_TRUST_FILE", std::move(message)};
  };
  const ossl::ErrorScope errors;
  auto authorities = CertificatesFromPem(bundle);
  if (!authorities.ok()) return bad(authorities.error().message);
  auto impl = std::make_shared<Impl>();
  impl->store.reset(X509_STORE_new());
  for (const Certificate& authority : *authorities) {
    if (!authority.is_authority()) {
      return bad("the trust file may hold certificates of authorities only; each is an anchor");
    }
    if (X509_STORE_add_cert(impl->store.get(), authority.impl().get()) != 1) {
      return bad("a certificate of the trust file cannot be used");
    }
  }
  // Each is an anchor, root or not; RFC 5280 to the letter; level 2 refuses SHA-1 and short keys.
  X509_STORE_set_flags(impl->store.get(), X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_auth_level(X509_STORE_get0_param(impl->store.get()), 2);
  impl->authorities = std::move(*authorities);
  return TrustStore(std::move(impl));
}

Result<Unit> TrustStore::Verify(const Certificate& certificate, Instant now, Usage usage) const {
  const ossl::ErrorScope errors;
  if (const auto seen = Find(*impl_, certificate.fingerprint())) {
    return CheckNow(*seen, now, usage);
  }
  EQN_TRY(const Impl::Seen seen, VerifyChain(*impl_, certificate, now));
  Remember(*impl_, seen);
  return CheckNow(seen, now, usage);
}

Result<Certificate> TrustStore::Impl::Trusted(ByteView der, Instant now, Usage usage) const {
  if (const auto known = Find(*this, ToHex(Sha256(der)))) {
    EQN_CHECK(CheckNow(*known, now, usage));
    return known->certificate;
  }
  EQN_TRY(Certificate certificate, Certificate::FromDer(der));
  EQN_TRY(const Seen fresh, VerifyChain(*this, certificate, now));
  Remember(*this, fresh);
  EQN_CHECK(CheckNow(fresh, now, usage));
  return certificate;
}

const std::vector<Certificate>& TrustStore::authorities() const { return impl_->authorities; }

}  // namespace equinode
