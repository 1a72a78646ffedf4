#include "base/crypto/certificate.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/crypto/hash.h"
#include "base/crypto/internal.h"

namespace equinode {

namespace {

constexpr std::size_t kMaxDer = 64 * 1024;
constexpr std::size_t kMaxPem = 1024 * 1024;
constexpr std::size_t kMaxCertificates = 64;

Error BadCertificate(const char* message) {
  return {Code::kInvalidArgument, "BAD_CERTIFICATE", message};
}

std::string Drain(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

Result<std::vector<std::string>> UriNames(const X509* x509) {
  int critical = 0;
  std::vector<std::string> uris;
  auto* names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, &critical, nullptr));
  if (names == nullptr) {
    if (critical == -1) return uris;  // There is none.
    return BadCertificate("the certificate's alternative names are damaged or given twice");
  }
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_URI) continue;
    // By length, never as a C string: a NUL inside is a byte like any other.
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    uris.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                      static_cast<std::size_t>(ASN1_STRING_length(uri)));
  }
  GENERAL_NAMES_free(names);
  return uris;
}

Bytes IssuerAndSerial(const X509* x509) {
  const unsigned char* name = nullptr;
  std::size_t size = 0;
  if (X509_NAME_get0_der(X509_get_issuer_name(x509), &name, &size) != 1) return {};
  Bytes bytes(name, name + size);
  const ASN1_INTEGER* serial = X509_get0_serialNumber(x509);
  const int length = i2d_ASN1_INTEGER(serial, nullptr);
  if (length <= 0) return {};
  bytes.resize(size + static_cast<std::size_t>(length));
  unsigned char* out = bytes.data() + size;
  i2d_ASN1_INTEGER(serial, &out);
  return bytes;
}

// One PEM block after another: calls `take(kind, der)` for each.
template <typename F>
Status ForEachBlock(std::string_view pem, F take) {
  if (pem.size() > kMaxPem) return BadCertificate("a certificate file of more than 1 MiB");
  const ossl::ErrorScope errors;
  const ossl::BioPtr bio = ossl::Reader(AsBytes(pem));
  for (;;) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    if (PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1) {
      if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE) return Ok();
      return BadCertificate("the file is not PEM; expected '-----BEGIN CERTIFICATE-----'");
    }
    const Status taken =
        take(std::string_view(name), ByteView(data, static_cast<std::size_t>(size)));
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(size));
    EQN_CHECK(taken);
  }
}

}  // namespace

Result<Instant> InstantFrom(const ASN1_TIME* time) {
  std::tm tm{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &tm) != 1) {
    return BadCertificate("the certificate holds a date that is none");
  }
  const std::chrono::year_month_day date{std::chrono::year{tm.tm_year + 1900},
                                         std::chrono::month{static_cast<unsigned>(tm.tm_mon + 1)},
                                         std::chrono::day{static_cast<unsigned>(tm.tm_mday)}};
  return Instant{std::chrono::sys_days{date} + std::chrono::hours{tm.tm_hour} +
                 std::chrono::minutes{tm.tm_min} + std::chrono::seconds{tm.tm_sec}};
}

std::string NameText(const X509_NAME* name) {
  const ossl::BioPtr bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
  return Drain(bio.get());
}

std::string SerialHex(const ASN1_INTEGER* serial) {
  BIGNUM* number = ASN1_INTEGER_to_BN(serial, nullptr);
  char* hex = number == nullptr ? nullptr : BN_bn2hex(number);
  std::string text = hex == nullptr ? "" : hex;
  OPENSSL_free(hex);
  BN_free(number);
  for (char& c : text) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool IsP256(const EVP_PKEY* key) {
  char group[32] = {};
  std::size_t size = 0;
  return key != nullptr && EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
         std::string_view(group, size) == SN_X9_62_prime256v1;
}

Result<Certificate> Certificate::FromDer(ByteView der) {
  if (der.empty() || der.size() > kMaxDer) {
    return BadCertificate("a certificate must have 1 to 65536 bytes");
  }
  const ossl::ErrorScope errors;
  const unsigned char* at = der.data();
  auto impl = std::make_shared<Impl>();
  impl->x509.reset(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  X509* x509 = impl->x509.get();
  if (x509 == nullptr || at != der.data() + der.size())
    return BadCertificate("not a DER certificate");
  // A second encoding of one certificate would have a second fingerprint.
  impl->der.resize(der.size());
  unsigned char* out = impl->der.data();
  const bool canonical = i2d_X509(x509, nullptr) == static_cast<int>(der.size()) &&
                         i2d_X509(x509, &out) > 0 && std::ranges::equal(impl->der, der);
  if (!canonical) return BadCertificate("the certificate is not in its canonical encoding");
  EQN_TRY(impl->uri_names, UriNames(x509));
  EQN_TRY(impl->not_before, InstantFrom(X509_get0_notBefore(x509)));
  EQN_TRY(impl->not_after, InstantFrom(X509_get0_notAfter(x509)));
  impl->fingerprint = ToHex(Sha256(der));
  impl->serial_hex = SerialHex(X509_get0_serialNumber(x509));
  impl->issuer = NameText(X509_get_issuer_name(x509));
  impl->subject = NameText(X509_get_subject_name(x509));
  impl->issuer_and_serial = IssuerAndSerial(x509);
  X509_check_purpose(x509, -1, 0);  // Fills OpenSSL's cache of extensions, once, here.
  return Certificate(std::move(impl));
}

Result<std::vector<Certificate>> CertificatesFromPem(std::string_view pem) {
  std::vector<Certificate> certificates;
  EQN_CHECK(ForEachBlock(pem, [&](std::string_view kind, ByteView der) -> Status {
    if (kind != PEM_STRING_X509) {
      return BadCertificate(
          "a certificate file may hold nothing but certificates; keep keys apart");
    }
    if (certificates.size() == kMaxCertificates)
      return BadCertificate("more than 64 certificates in a file");
    EQN_TRY(Certificate certificate, Certificate::FromDer(der));
    certificates.push_back(std::move(certificate));
    return Ok();
  }));
  if (certificates.empty()) return BadCertificate("no '-----BEGIN CERTIFICATE-----' found");
  return certificates;
}

Result<Certificate> Certificate::FromPem(std::string_view pem) {
  EQN_TRY(std::vector<Certificate> certificates, CertificatesFromPem(pem));
  if (certificates.size() != 1)
    return BadCertificate("one certificate expected, the file holds more");
  return std::move(certificates.front());
}

const Bytes& Certificate::der() const { return impl_->der; }
const std::string& Certificate::fingerprint() const { return impl_->fingerprint; }
const std::vector<std::string>& Certificate::uri_names() const { return impl_->uri_names; }
const std::string& Certificate::serial_hex() const { return impl_->serial_hex; }
const std::string& Certificate::issuer() const { return impl_->issuer; }
const std::string& Certificate::subject() const { return impl_->subject; }
Instant Certificate::not_before() const { return impl_->not_before; }
Instant Certificate::not_after() const { return impl_->not_after; }

bool Certificate::is_authority() const {
  // 1: basicConstraints say so and keyUsage allows it; the other values are historic guesses.
  return X509_check_ca(impl_->get()) == 1;
}

std::string Certificate::pem() const {
  const ossl::BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), impl_->get());
  return Drain(bio.get());
}

}  // namespace equinode
