// X.509 certificates, private keys, the trusted authorities and revocation lists. Value types:
// cheap to copy, immutable, safe to use from many threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace equinode {

// A parsed certificate. Parsing says nothing about trust: see TrustStore.
class Certificate {
 public:
  // Exactly one PEM certificate and no other PEM block. INVALID_ARGUMENT / BAD_CERTIFICATE.
  static Result<Certificate> FromPem(std::string_view pem);
  // Exactly one DER certificate of at most 64 KiB, in its canonical encoding, without trailing
  // bytes. INVALID_ARGUMENT / BAD_CERTIFICATE.
  static Result<Certificate> FromDer(ByteView der);

  const Bytes& der() const;
  std::string pem() const;
  // SHA-256 of the DER, 64 hex digits, as `openssl x509 -fingerprint -sha256` without colons.
  const std::string& fingerprint() const;
  // Every URI subject alternative name, the exact bytes: may hold NUL, newlines, anything. Never
  // print one that has not been compared.
  const std::vector<std::string>& uri_names() const;
  // Hex of the serial number, even number of digits, lower case.
  const std::string& serial_hex() const;
  // RFC 4514 text of the names, escaped to printable ASCII. For people and for matching a CRL,
  // never for deciding who somebody is.
  const std::string& issuer() const;
  const std::string& subject() const;
  Instant not_before() const;
  Instant not_after() const;  // From this second on the certificate is expired.
  // True for a certificate that may sign others.
  bool is_authority() const;

  friend bool operator==(const Certificate& a, const Certificate& b) { return a.der() == b.der(); }

  struct Impl;  // Known inside base/crypto only.
  explicit Certificate(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  const Impl& impl() const { return *impl_; }

 private:
  std::shared_ptr<const Impl> impl_;
};

// All certificates of a PEM text (a node's certificate followed by its chain, a trust file), at
// most 64. Any other PEM block is refused: a private key in there is a mistake worth stopping at.
Result<std::vector<Certificate>> CertificatesFromPem(std::string_view pem);

// A P-256 private key.
class PrivateKey {
 public:
  // One unencrypted PEM key (PKCS#8 or SEC 1). INVALID_ARGUMENT / BAD_KEY, also for another curve.
  static Result<PrivateKey> FromPem(const Secret& pem);
  static Result<PrivateKey> Generate();

  Secret pem() const;  // PKCS#8.
  // True when the certificate holds the public half of this key.
  bool Matches(const Certificate& certificate) const;

  struct Impl;  // Known inside base/crypto only.
  explicit PrivateKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  const Impl& impl() const { return *impl_; }

 private:
  std::shared_ptr<const Impl> impl_;
};

// What a certificate is to be used for.
enum class Usage {
  kTlsClient,  // EKU clientAuth.
  kTlsServer,  // EKU serverAuth.
  kEnvelope,   // EKU emailProtection, keyUsage digitalSignature and keyAgreement: CMS both ways.
  kNode,       // All of them: what the network asks of every certificate (DESIGN section 5).
};

// The authorities of the network. Each certificate of the file is an anchor, as it is for gRPC; a
// party's certificate must be issued by one of them directly, without intermediates in between.
// Thread-safe. Remembers chains it has verified, so asking again costs a look-up; dates are
// compared each time.
class TrustStore {
 public:
  // One or more CA certificates in PEM. INVALID_ARGUMENT / BAD_TRUST_FILE.
  static Result<TrustStore> FromPem(std::string_view bundle);

  // OK when `certificate` is an X.509 v3 end entity on P-256 that an authority here has signed,
  // is valid at `now` and may be used so. Else UNAUTHENTICATED with reason
  // CERTIFICATE_UNTRUSTED, CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID or CERTIFICATE_USAGE.
  // Says nothing about revocation and enrolment.
  Result<Unit> Verify(const Certificate& certificate, Instant now,
                      Usage usage = Usage::kNode) const;

  const std::vector<Certificate>& authorities() const;

  struct Impl;  // Known inside base/crypto only.
  const Impl& impl() const { return *impl_; }

 private:
  explicit TrustStore(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

// A certificate revocation list whose signature was checked.
struct Crl {
  std::string issuer{};                    // As Certificate::issuer().
  std::vector<std::string> serials_hex{};  // Sorted; as Certificate::serial_hex().
  Instant this_update{};
  Instant next_update{};

  bool Revokes(const Certificate& certificate) const;
};

// Reads one PEM list that an authority of `trust` has signed. INVALID_ARGUMENT / BAD_CRL,
// UNAUTHENTICATED / CRL_UNTRUSTED, FAILED_PRECONDITION / CRL_NOT_YET_VALID.
// A list past its next update is read too: what it revokes stays revoked. See CheckCurrent.
Result<Crl> ReadCrl(std::string_view pem, const TrustStore& trust, Instant now);
// FAILED_PRECONDITION / CRL_EXPIRED from its next update on: it may lack what was revoked since.
Status CheckCurrent(const Crl& list, Instant now);

}  // namespace equinode
