// Private to base/crypto: what the value types of certificate.h hold.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/crypto/certificate.h"
#include "base/crypto/openssl.h"

namespace equinode {

struct Certificate::Impl {
  ossl::X509Ptr x509;
  Bytes der{};
  std::string fingerprint{};
  std::vector<std::string> uri_names{};
  std::string serial_hex{};
  std::string issuer{};
  std::string subject{};
  // As CMS names a certificate: DER of issuer and serial number. OpenSSL's own comparison of names
  // ignores case; this is to be compared byte for byte.
  Bytes issuer_and_serial{};
  Instant not_before{};
  Instant not_after{};

  // OpenSSL's readers take a mutable pointer; what they change in there is guarded by OpenSSL.
  X509* get() const { return x509.get(); }
};

struct PrivateKey::Impl {
  ossl::KeyPtr key;

  EVP_PKEY* get() const { return key.get(); }
};

struct TrustStore::Impl {
  // A certificate whose chain was verified, and when all of the chain is valid.
  struct Seen {
    Certificate certificate;
    Instant from{};
    Instant until{};
  };

  std::vector<Certificate> authorities{};
  ossl::StorePtr store;
  mutable std::mutex mutex{};
  mutable std::map<std::string, Seen, std::less<>> seen{};  // By fingerprint; guarded by mutex.

  // The certificate of these bytes, trusted and valid at `now`: parsed once, then remembered,
  // since OpenSSL takes longer to parse a certificate than to verify a signature.
  Result<Certificate> Trusted(ByteView der, Instant now, Usage usage) const;
};

// The names as printable ASCII.
std::string NameText(const X509_NAME* name);
// Hex of a serial number.
std::string SerialHex(const ASN1_INTEGER* serial);
// Nothing for a time that is none.
Result<Instant> InstantFrom(const ASN1_TIME* time);
// True for an elliptic-curve key on P-256.
bool IsP256(const EVP_PKEY* key);

}  // namespace equinode
