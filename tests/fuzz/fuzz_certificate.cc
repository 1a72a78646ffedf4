// Certificates, trust files and revocation lists from outside: parsed or refused, never believed.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/crypto/certificate.h"
#include "tests/support/pki.h"

namespace {

using equinode::AsText;
using equinode::ByteView;
using equinode::Certificate;

void Must(bool ok) {
  if (!ok) std::abort();
}

void Judge(const Certificate& certificate, const equinode::testing::TestPki& pki,
           const equinode::TrustStore& trust) {
  const auto again = Certificate::FromPem(certificate.pem());
  Must(again.ok() && *again == certificate);
  for (const char c : certificate.subject() + certificate.issuer()) Must(c >= 0x20 && c < 0x7f);
  Must(certificate.fingerprint().size() == 64);
  (void)certificate.is_authority();
  // Whatever the bytes are, this authority was made a moment ago and has signed none of them.
  Must(!trust.Verify(certificate, pki.now()).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const equinode::testing::TestPki pki;
  static const equinode::TrustStore trust = pki.trust();
  const ByteView bytes(data, size);
  const std::string_view text = AsText(bytes);
  if (const auto certificate = Certificate::FromDer(bytes); certificate.ok()) {
    Must(equinode::ToHex(certificate->der()) == equinode::ToHex(bytes));
    Judge(*certificate, pki, trust);
  }
  if (const auto all = equinode::CertificatesFromPem(text); all.ok()) {
    for (const Certificate& certificate : *all) Judge(certificate, pki, trust);
  }
  (void)equinode::TrustStore::FromPem(text);
  (void)equinode::PrivateKey::FromPem(equinode::Secret::Copy(bytes));
  Must(!equinode::ReadCrl(text, trust, pki.now()).ok());
  return 0;
}
