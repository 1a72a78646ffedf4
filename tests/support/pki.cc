#include "tests/support/pki.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>

namespace equinode::testing {

namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Deleter<X509_free>>;
using CrlPtr = std::unique_ptr<X509_CRL, Deleter<X509_CRL_free>>;

// Test support that fails has nothing to go on with.
void Must(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "test PKI: %s failed\n", what);
  ERR_print_errors_fp(stderr);
  std::abort();
}

std::string Drain(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

KeyPtr MakeKey(KeyKind kind) {
  switch (kind) {
    case KeyKind::kP256:
      return KeyPtr(EVP_EC_gen("P-256"));
    case KeyKind::kP192:
      return KeyPtr(EVP_EC_gen("P-192"));
    case KeyKind::kP384:
      return KeyPtr(EVP_EC_gen("P-384"));
    case KeyKind::kRsa1024:
      return KeyPtr(EVP_RSA_gen(1024));
    case KeyKind::kRsa2048:
      return KeyPtr(EVP_RSA_gen(2048));
    case KeyKind::kEd25519:
      return KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  }
  return nullptr;
}

KeyPtr ReadKey(const std::string& pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return KeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

X509Ptr ReadX509(const std::string& pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return X509Ptr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

std::string KeyPem(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  Must(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
       "writing a key");
  return Drain(bio.get());
}

std::string CertPem(X509* x509) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  Must(PEM_write_bio_X509(bio.get(), x509) == 1, "writing a certificate");
  return Drain(bio.get());
}

void SetTime(ASN1_TIME* to, Instant at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  Must(ASN1_TIME_adj(to, seconds, 0, 0) != nullptr, "setting a date");
}

void SetName(X509* x509, const std::string& common_name) {
  X509_NAME* name = X509_get_subject_name(x509);
  Must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(common_name.data()),
                                  static_cast<int>(common_name.size()), -1, 0) == 1,
       "setting the name");
}

void AddExtension(X509* x509, X509V3_CTX* ctx, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, ctx, nid, value.c_str());
  Must(extension != nullptr && X509_add_ext(x509, extension, -1) == 1, value.c_str());
  X509_EXTENSION_free(extension);
}

// Built by hand, since the configuration syntax cannot hold a NUL or a newline.
void AddNames(X509* x509, const CertSpec& spec) {
  if (spec.uris.empty() && spec.dns.empty()) return;
  GENERAL_NAMES* names = GENERAL_NAMES_new();
  const auto add = [names](int type, const std::string& bytes) {
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    ASN1_STRING_set(text, bytes.data(), static_cast<int>(bytes.size()));
    GENERAL_NAME* name = GENERAL_NAME_new();
    GENERAL_NAME_set0_value(name, type, text);
    sk_GENERAL_NAME_push(names, name);
  };
  for (const std::string& uri : spec.uris) add(GEN_URI, uri);
  for (const std::string& dns : spec.dns) add(GEN_DNS, dns);
  Must(X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0, 0) == 1, "adding names");
  GENERAL_NAMES_free(names);
}

void AddUnknownCritical(X509* x509) {
  ASN1_OBJECT* type = OBJ_txt2obj("1.3.6.1.4.1.55555.1", 1);
  ASN1_OCTET_STRING* value = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(value, reinterpret_cast<const unsigned char*>("\x05\x00"), 2);
  X509_EXTENSION* extension = X509_EXTENSION_create_by_OBJ(nullptr, type, 1, value);
  Must(X509_add_ext(x509, extension, -1) == 1, "adding an unknown extension");
  X509_EXTENSION_free(extension);
  ASN1_OCTET_STRING_free(value);
  ASN1_OBJECT_free(type);
}

void AddExtensions(X509* x509, X509* issuer, const CertSpec& spec) {
  X509V3_CTX ctx;
  X509V3_set_ctx_nodb(&ctx);
  X509V3_set_ctx(&ctx, issuer, x509, nullptr, nullptr, 0);
  std::string constraints = spec.authority ? "critical,CA:TRUE" : "critical,CA:FALSE";
  if (spec.path_length) constraints += ",pathlen:" + std::to_string(*spec.path_length);
  AddExtension(x509, &ctx, NID_basic_constraints, constraints);
  if (!spec.key_usage.empty()) AddExtension(x509, &ctx, NID_key_usage, spec.key_usage);
  if (!spec.extended_usage.empty()) {
    AddExtension(x509, &ctx, NID_ext_key_usage, spec.extended_usage);
  }
  AddNames(x509, spec);
  AddExtension(x509, &ctx, NID_subject_key_identifier,
               spec.subject_key_id.empty() ? "hash" : spec.subject_key_id);
  AddExtension(x509, &ctx, NID_authority_key_identifier, "keyid");
  if (spec.unknown_critical) AddUnknownCritical(x509);
}

}  // namespace

Certificate TestCert::certificate() const {
  auto read = Certificate::FromPem(pem);
  Must(read.ok(), "reading the certificate");
  return *read;
}

PrivateKey TestCert::key() const {
  auto read = PrivateKey::FromPem(Secret::Copy(AsBytes(key_pem)));
  Must(read.ok(), "reading the key");
  return *read;
}

CertSpec AuthoritySpec(std::string common_name, std::optional<int> path_length) {
  CertSpec spec;
  spec.common_name = std::move(common_name);
  spec.authority = true;
  spec.path_length = path_length;
  spec.key_usage = "critical,keyCertSign,cRLSign";
  spec.extended_usage = "";
  return spec;
}

TestPki::TestPki(std::string network, Instant now) : network_(std::move(network)), now_(now) {
  CertSpec spec = AuthoritySpec(network_ + " CA", std::nullopt);
  spec.not_after = now_ + std::chrono::days(365);
  ca_ = SelfSigned(spec);
}

TrustStore TestPki::trust() const {
  auto store = TrustStore::FromPem(ca_.pem);
  Must(store.ok(), "reading the trust file");
  return *store;
}

std::string TestPki::Uri(std::string_view role, std::string_view organisation,
                         std::string_view operator_name) const {
  std::string uri = "spiffe://" + network_;
  uri.append("/").append(role).append("/").append(organisation);
  if (!operator_name.empty()) uri.append("/operator/").append(operator_name);
  return uri;
}

TestCert TestPki::Node(std::string_view role, std::string_view organisation) const {
  CertSpec spec;
  spec.common_name = organisation;
  spec.uris = {Uri(role, organisation)};
  return Issue(spec);
}

TestCert TestPki::Operator(std::string_view role, std::string_view organisation,
                           std::string_view name) const {
  CertSpec spec;
  spec.common_name = name;
  spec.uris = {Uri(role, organisation, name)};
  return Issue(spec);
}

TestCert TestPki::SelfSigned(const CertSpec& spec) const { return IssuedBy({}, spec, false); }

TestCert TestPki::IssuedBy(const TestCert& issuer, const CertSpec& spec, bool with_issuer) const {
  const KeyPtr key = MakeKey(spec.key);
  Must(key != nullptr, "making a key");
  const bool self = issuer.pem.empty();
  const X509Ptr parent = self ? nullptr : ReadX509(issuer.pem);
  const KeyPtr parent_key = self ? nullptr : ReadKey(issuer.key_pem);

  const X509Ptr x509(X509_new());
  X509_set_version(x509.get(), spec.version1 ? X509_VERSION_1 : X509_VERSION_3);
  BIGNUM* serial = BN_new();
  BN_rand(serial, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
  BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(x509.get()));
  BN_free(serial);
  const bool early = spec.not_before == Instant::min();
  const bool late = spec.not_after == Instant::max();
  SetTime(X509_getm_notBefore(x509.get()), early ? now_ - std::chrono::hours(1) : spec.not_before);
  SetTime(X509_getm_notAfter(x509.get()), late ? now_ + std::chrono::days(30) : spec.not_after);
  SetName(x509.get(), spec.common_name);
  X509_set_issuer_name(x509.get(), X509_get_subject_name(self ? x509.get() : parent.get()));
  X509_set_pubkey(x509.get(), key.get());
  if (!spec.version1) AddExtensions(x509.get(), self ? x509.get() : parent.get(), spec);
  EVP_PKEY* signer = self ? key.get() : parent_key.get();
  const bool pure = EVP_PKEY_is_a(signer, "ED25519") == 1;  // Brings its own digest.
  Must(
      X509_sign(x509.get(), signer, pure ? nullptr : EVP_get_digestbyname(spec.digest.c_str())) > 0,
      "signing a certificate");

  TestCert made;
  made.pem = CertPem(x509.get());
  made.key_pem = KeyPem(key.get());
  if (with_issuer) made.chain_pem = issuer.full_pem();
  return made;
}

std::string TestPki::RevocationList(const std::vector<Certificate>& revoked, Instant this_update,
                                    Instant next_update) const {
  const X509Ptr ca = ReadX509(ca_.pem);
  const KeyPtr key = ReadKey(ca_.key_pem);
  const CrlPtr crl(X509_CRL_new());
  X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(ca.get()));
  ASN1_TIME* time = ASN1_TIME_new();
  SetTime(time, this_update);
  X509_CRL_set1_lastUpdate(crl.get(), time);
  for (const Certificate& certificate : revoked) {
    const X509Ptr x509 = ReadX509(certificate.pem());
    X509_REVOKED* entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(x509.get()));
    X509_REVOKED_set_revocationDate(entry, time);
    X509_CRL_add0_revoked(crl.get(), entry);
  }
  SetTime(time, next_update);
  X509_CRL_set1_nextUpdate(crl.get(), time);
  ASN1_TIME_free(time);
  X509_CRL_sort(crl.get());
  Must(X509_CRL_sign(crl.get(), key.get(), EVP_sha256()) > 0, "signing a revocation list");
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509_CRL(bio.get(), crl.get());
  return Drain(bio.get());
}

std::string KeyIdHex(const TestCert& cert) {
  const X509Ptr x509 = ReadX509(cert.pem);
  const ASN1_OCTET_STRING* id = X509_get0_subject_key_id(x509.get());
  char* hex = OPENSSL_buf2hexstr(ASN1_STRING_get0_data(id), ASN1_STRING_length(id));
  const std::string text = hex;
  OPENSSL_free(hex);
  return text;
}

void WriteFiles(const std::filesystem::path& folder, const std::string& ca_pem,
                const TestCert& cert) {
  namespace fs = std::filesystem;
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(folder / name, std::ios::binary | std::ios::trunc) << text;
  };
  write("ca.pem", ca_pem);
  write("node.pem", cert.full_pem());
  write("node.key", cert.key_pem);
  fs::permissions(folder / "node.key", fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace equinode::testing
