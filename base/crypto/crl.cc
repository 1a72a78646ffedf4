#include <algorithm>

#include "base/crypto/internal.h"

namespace equinode {

namespace {

Error BadCrl(const char* message) { return {Code::kInvalidArgument, "BAD_CRL", message}; }

// A critical extension narrows what the list means (one CA's part, changes only); we read whole
// lists.
bool HasCriticalExtension(const X509_CRL* crl) {
  for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i) {
    if (X509_EXTENSION_get_critical(X509_CRL_get_ext(crl, i)) == 1) return true;
  }
  return false;
}

bool StrongSignature(int algorithm) {
  switch (algorithm) {
    case NID_ecdsa_with_SHA256:
    case NID_ecdsa_with_SHA384:
    case NID_ecdsa_with_SHA512:
    case NID_sha256WithRSAEncryption:
    case NID_sha384WithRSAEncryption:
    case NID_sha512WithRSAEncryption:
      return true;
    default:
      return false;
  }
}

bool SignedBy(const Certificate& authority, X509_CRL* crl) {
  X509* x509 = authority.impl().get();
  if (X509_NAME_cmp(X509_get_subject_name(x509), X509_CRL_get_issuer(crl)) != 0) return false;
  if ((X509_get_key_usage(x509) & KU_CRL_SIGN) == 0) return false;
  if (!StrongSignature(X509_CRL_get_signature_nid(crl))) return false;
  return X509_CRL_verify(crl, X509_get0_pubkey(x509)) == 1;
}

}  // namespace

bool Crl::Revokes(const Certificate& certificate) const {
  return certificate.issuer() == issuer &&
         std::ranges::binary_search(serials_hex, certificate.serial_hex());
}

Result<Crl> ReadCrl(std::string_view pem, const TrustStore& trust, Instant now) {
  const ossl::ErrorScope errors;
  if (pem.size() > 64 * 1024 * 1024) return BadCrl("a revocation list of more than 64 MiB");
  const ossl::BioPtr bio = ossl::Reader(AsBytes(pem));
  const ossl::CrlPtr crl(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
  if (crl == nullptr)
    return BadCrl("not a PEM revocation list; expected '-----BEGIN X509 CRL-----'");
  const auto signed_by = [&](const Certificate& ca) { return SignedBy(ca, crl.get()); };
  if (std::ranges::none_of(trust.authorities(), signed_by)) {
    return Error{Code::kUnauthenticated, "CRL_UNTRUSTED",
                 "the revocation list was not signed by an authority of this network"};
  }
  if (HasCriticalExtension(crl.get())) return BadCrl("partial revocation lists are not supported");
  Crl list;
  list.issuer = NameText(X509_CRL_get_issuer(crl.get()));
  const auto dates = [&]() -> Status {
    EQN_TRY(list.this_update, InstantFrom(X509_CRL_get0_lastUpdate(crl.get())));
    EQN_TRY(list.next_update, InstantFrom(X509_CRL_get0_nextUpdate(crl.get())));
    return Ok();
  };
  if (!dates().ok())
    return BadCrl("the revocation list must say when it was made and when it ends");
  if (now < list.this_update) {
    return Error{Code::kFailedPrecondition, "CRL_NOT_YET_VALID",
                 "the revocation list is from the future; check the clock"};
  }
  const STACK_OF(X509_REVOKED)* entries = X509_CRL_get_REVOKED(crl.get());
  for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i) {
    const X509_REVOKED* entry = sk_X509_REVOKED_value(entries, i);
    list.serials_hex.push_back(SerialHex(X509_REVOKED_get0_serialNumber(entry)));
  }
  std::ranges::sort(list.serials_hex);
  return list;
}

Status CheckCurrent(const Crl& list, Instant now) {
  if (now < list.next_update) return Ok();
  return Error{Code::kFailedPrecondition, "CRL_EXPIRED",
               "the revocation list is out of date; get the next one from the authority"};
}

}  // namespace equinode
