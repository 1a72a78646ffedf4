// A certificate authority in the test's own process: good certificates, and any odd one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto/certificate.h"

namespace equinode::testing {

enum class KeyKind { kP256, kP192, kP384, kRsa1024, kRsa2048, kEd25519 };

// What to put into a certificate. The defaults are a good node's; a test changes what it is about.
struct CertSpec {
  std::string common_name = "test";
  std::vector<std::string> uris{};  // Exact bytes, in this order.
  std::vector<std::string> dns{};
  Instant not_before = Instant::min();  // min: an hour before the PKI's time.
  Instant not_after = Instant::max();   // max: thirty days after the PKI's time.
  KeyKind key = KeyKind::kP256;
  std::string digest = "SHA256";  // As OpenSSL names it; ignored for Ed25519.
  bool authority = false;         // basicConstraints CA:TRUE, critical.
  std::optional<int> path_length{};
  // In OpenSSL's configuration syntax; empty leaves the extension out.
  std::string key_usage = "critical,digitalSignature,keyAgreement";
  std::string extended_usage = "serverAuth,clientAuth,emailProtection";
  std::string subject_key_id{};  // Hex; empty: the hash of the key.
  bool unknown_critical = false;
  bool version1 = false;  // No extensions then.
};

// A certificate with its key and the intermediates that lead to it.
struct TestCert {
  std::string pem{};        // The certificate alone.
  std::string chain_pem{};  // Intermediates, the nearest first; empty when the CA issued directly.
  std::string key_pem{};

  std::string full_pem() const { return pem + chain_pem; }  // What node.pem holds.
  Certificate certificate() const;                          // Ends the test when it cannot be read.
  PrivateKey key() const;                                   // P-256 only.
};

class TestPki {
 public:
  // Certificates are dated around `now`; TLS compares with the machine's own clock.
  explicit TestPki(std::string network = "test.example", Instant now = SystemClock().Now());

  const std::string& network() const { return network_; }
  Instant now() const { return now_; }
  const TestCert& ca() const { return ca_; }
  const std::string& ca_pem() const { return ca_.pem; }
  TrustStore trust() const;

  // spiffe://<network>/<role>/<organisation>[/operator/<name>]
  std::string Uri(std::string_view role, std::string_view organisation,
                  std::string_view operator_name = {}) const;

  // Good certificates, each with a new key.
  TestCert Node(std::string_view role, std::string_view organisation) const;
  TestCert Operator(std::string_view role, std::string_view organisation,
                    std::string_view name) const;

  // Any certificate, signed by this CA, or by `issuer` (whose chain it inherits).
  TestCert Issue(const CertSpec& spec) const { return IssuedBy(ca_, spec, false); }
  TestCert Issue(const CertSpec& spec, const TestCert& issuer) const {
    return IssuedBy(issuer, spec, true);
  }
  // Signed by its own key: a root, or an impostor.
  TestCert SelfSigned(const CertSpec& spec) const;
  // A revocation list of this CA over these certificates.
  std::string RevocationList(const std::vector<Certificate>& revoked, Instant this_update,
                             Instant next_update) const;

 private:
  TestCert IssuedBy(const TestCert& issuer, const CertSpec& spec, bool with_issuer) const;

  std::string network_;
  Instant now_;
  TestCert ca_;
};

// An authority's spec: pass it to Issue for an intermediate, to SelfSigned for a root.
CertSpec AuthoritySpec(std::string common_name, std::optional<int> path_length = 0);

// The subject key identifier, as hex with colons.
std::string KeyIdHex(const TestCert& cert);

// Writes ca.pem, node.pem (with the chain) and node.key (0600) into `folder`, which is made (0700).
void WriteFiles(const std::filesystem::path& folder, const std::string& ca_pem,
                const TestCert& cert);

// Where THREATS_AND_TESTS section 4 wants a certificate stopped.
enum class StoppedAt { kTls, kCall, kTlsOrCall, kDocumented };

struct OddCertificate {
  std::string id{};    // "TC06".
  std::string name{};  // For the test's name: letters and digits only.
  StoppedAt stopped_at = StoppedAt::kTls;
  TestCert cert{};
};

// Every odd certificate of TC02 to TC10, TC12 to TC18 and TC25 that claims to be `uri`, an enrolled
// node of `pki`'s network. `other_uri` is another enrolled node (TC15, TC18). TC01 and TC19 need no
// certificate of their own; TC11 and TC20 to TC24 are about time and enrolment.
std::vector<OddCertificate> OddCertificates(const TestPki& pki, const std::string& uri,
                                            const std::string& other_uri);

}  // namespace equinode::testing
