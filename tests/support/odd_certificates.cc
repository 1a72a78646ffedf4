#include <algorithm>
#include <chrono>
#include <utility>

#include "base/bytes.h"
#include "tests/support/pki.h"

namespace equinode::testing {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

// Decodes PEM, lets `change` alter the DER, encodes again. By hand: OpenSSL would re-encode.
template <typename F>
std::string ChangeDer(const std::string& pem, F change) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t begin = pem.find('\n') + 1;
  const std::size_t end = pem.find("-----END");
  std::string der;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : pem.substr(begin, end - begin)) {
    const std::size_t at = kAlphabet.find(c);
    if (at == std::string_view::npos) continue;
    bits = (bits << 6) | static_cast<std::uint32_t>(at);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    der.push_back(static_cast<char>((bits >> count) & 0xff));
  }
  change(der);
  std::string text = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t i = 0; i < der.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = (group << 8) | (i + j < der.size() ? static_cast<std::uint8_t>(der[i + j]) : 0);
    }
    const std::size_t left = std::min<std::size_t>(3, der.size() - i);
    for (std::size_t j = 0; j < 4; ++j) {
      text.push_back(j <= left ? kAlphabet[(group >> (18 - 6 * j)) & 63] : '=');
    }
    if (i % 48 == 45) text.push_back('\n');
  }
  if (text.back() != '\n') text.push_back('\n');
  return text + "-----END CERTIFICATE-----\n";
}

class Odd {
 public:
  Odd(const TestPki& pki, std::string uri, std::string other)
      : pki_(pki), uri_(std::move(uri)), other_(std::move(other)) {
    good_.common_name = "odd";
    good_.uris = {uri_};
  }

  std::vector<OddCertificate> All() {
    Authorities();
    Intermediates();
    Dates();
    Usages();
    WeakAndAltered();
    Names();
    Large();
    return std::move(all_);
  }

 private:
  void Add(const char* id, const char* name, StoppedAt at, TestCert cert) {
    all_.push_back({id, name, at, std::move(cert)});
  }
  template <typename F>
  CertSpec With(F change) const {
    CertSpec spec = good_;
    change(spec);
    return spec;
  }
  TestCert WithUris(std::vector<std::string> uris) const {
    return pki_.Issue(With([&](CertSpec& s) { s.uris = std::move(uris); }));
  }

  void Authorities() {
    Add("TC02", "SelfSigned", StoppedAt::kTls, pki_.SelfSigned(good_));
    const TestPki other(pki_.network(), pki_.now());
    const TestCert stranger = other.SelfSigned(AuthoritySpec("Another CA"));
    TestCert foreign = pki_.Issue(good_, stranger);
    Add("TC03", "OtherAuthority", StoppedAt::kTls, foreign);
    // The trusted authority's very name and key id over a key of the impostor's own.
    CertSpec twin = AuthoritySpec(pki_.network() + " CA", std::nullopt);
    twin.subject_key_id = KeyIdHex(pki_.ca());
    TestCert impostor = pki_.Issue(good_, pki_.SelfSigned(twin));
    impostor.chain_pem.clear();
    Add("TC04", "AuthorityOfTheSameNameAndKeyId", StoppedAt::kTls, impostor);
    Add("TC05", "IssuedByALeaf", StoppedAt::kTls, pki_.Issue(good_, pki_.Issue(good_)));
  }

  void Intermediates() {
    CertSpec spec = AuthoritySpec("Intermediate");
    spec.key_usage = "critical,digitalSignature,cRLSign";
    Add("TC06", "IntermediateWithoutCertSign", StoppedAt::kTls,
        pki_.Issue(good_, pki_.Issue(spec)));
    const TestCert zero = pki_.Issue(AuthoritySpec("Path length zero", 0));
    const TestCert below = pki_.Issue(AuthoritySpec("One too many", 0), zero);
    Add("TC06", "PathLengthExceeded", StoppedAt::kTls, pki_.Issue(good_, below));
    spec = AuthoritySpec("Expired intermediate");
    spec.not_before = pki_.now() - days(30);
    spec.not_after = pki_.now() - minutes(1);
    Add("TC06", "IntermediateExpired", StoppedAt::kTls, pki_.Issue(good_, pki_.Issue(spec)));
    TestCert alone = pki_.Issue(good_, pki_.Issue(AuthoritySpec("Missing intermediate")));
    alone.chain_pem.clear();
    Add("TC06", "IntermediateMissing", StoppedAt::kTls, alone);
  }

  void Dates() {
    Add("TC07", "ExpiredAMinuteAgo", StoppedAt::kTls, pki_.Issue(With([&](CertSpec& s) {
      s.not_before = pki_.now() - days(30);
      s.not_after = pki_.now() - minutes(1);
    })));
    Add("TC07", "ValidFromNextHour", StoppedAt::kTls,
        pki_.Issue(With([&](CertSpec& s) { s.not_before = pki_.now() + hours(1); })));
  }

  void Usages() {
    Add("TC08", "ServerOnly", StoppedAt::kTls,
        pki_.Issue(With([](CertSpec& s) { s.extended_usage = "serverAuth"; })));
    Add("TC08", "CodeSigningOnly", StoppedAt::kTls,
        pki_.Issue(With([](CertSpec& s) { s.extended_usage = "codeSigning"; })));
    Add("TC08", "EnciphermentOnly", StoppedAt::kTls,
        pki_.Issue(With([](CertSpec& s) { s.key_usage = "critical,keyEncipherment"; })));
    Add("TC08", "UnknownCriticalExtension", StoppedAt::kTls,
        pki_.Issue(With([](CertSpec& s) { s.unknown_critical = true; })));
    Add("TC12", "AuthorityAsClient", StoppedAt::kTlsOrCall, pki_.Issue(With([](CertSpec& s) {
      s.authority = true;
      s.key_usage = "critical,digitalSignature,keyAgreement,keyCertSign";
    })));
    TestCert root = pki_.ca();
    Add("TC12", "TheAuthorityItself", StoppedAt::kTlsOrCall, root);
    Add("TC25", "NoExtendedUsage", StoppedAt::kDocumented,
        pki_.Issue(With([](CertSpec& s) { s.extended_usage = ""; })));
  }

  void WeakAndAltered() {
    Add("TC09", "Rsa1024", StoppedAt::kTlsOrCall, pki_.Issue(With([](CertSpec& s) {
      s.key = KeyKind::kRsa1024;
      s.key_usage = "critical,digitalSignature,keyEncipherment";
    })));
    Add("TC09", "Sha1", StoppedAt::kTlsOrCall,
        pki_.Issue(With([](CertSpec& s) { s.digest = "SHA1"; })));
    Add("TC09", "P192", StoppedAt::kTlsOrCall,
        pki_.Issue(With([](CertSpec& s) { s.key = KeyKind::kP192; })));
    Add("TC09", "Version1", StoppedAt::kTlsOrCall,
        pki_.Issue(With([](CertSpec& s) { s.version1 = true; })));
    TestCert altered = pki_.Issue(good_);
    altered.pem = ChangeDer(altered.pem, [](std::string& der) { der.back() ^= 1; });
    Add("TC10", "SignatureBitChanged", StoppedAt::kTls, altered);
    altered = pki_.Issue(With([](CertSpec& s) { s.common_name = "changeme"; }));
    altered.pem = ChangeDer(altered.pem, [](std::string& der) { der[der.find("changeme")] ^= 2; });
    Add("TC10", "SubjectBitChanged", StoppedAt::kTls, altered);
  }

  void Names() {
    constexpr StoppedAt kEither = StoppedAt::kTlsOrCall;
    Add("TC13", "NoName", kEither, WithUris({}));
    Add("TC13", "DnsNameOnly", kEither, pki_.Issue(With([](CertSpec& s) {
      s.uris.clear();
      s.dns = {"localhost"};
    })));
    Add("TC13", "CommonNameOfANode", kEither, pki_.Issue(With([&](CertSpec& s) {
      s.uris.clear();
      s.common_name = uri_;
    })));
    const std::string path = uri_.substr(uri_.find('/', 9));  // After spiffe://network.
    Add("TC14", "OtherTrustDomain", kEither, WithUris({"spiffe://elsewhere.example" + path}));
    Add("TC14", "UnenrolledUri", kEither, WithUris({pki_.Uri("practice", "nobody-knows-me")}));
    Add("TC15", "TwoUris", kEither, WithUris({uri_, other_}));
    Add("TC15", "TwoUrisTheOtherWayRound", kEither, WithUris({other_, uri_}));
    Add("TC15", "TheSameUriTwice", kEither, WithUris({uri_, uri_}));
    const std::string head = uri_.substr(0, uri_.rfind('/'));
    const std::string leaf = uri_.substr(uri_.rfind('/') + 1);
    Add("TC16", "TrailingSlash", kEither, WithUris({uri_ + "/"}));
    Add("TC16", "DotDot", kEither, WithUris({head + "/x/../" + leaf}));
    Add("TC16", "PercentEncoded", kEither,
        WithUris({head + "/%" + ToHex(AsBytes(leaf.substr(0, 1))) + leaf.substr(1)}));
    std::string capitals = uri_;
    std::transform(capitals.begin() + 9, capitals.end(), capitals.begin() + 9,
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    Add("TC16", "Capitals", kEither, WithUris({capitals}));
    Add("TC16", "SchemeInCapitals", kEither, WithUris({"SPIFFE" + uri_.substr(6)}));
    Add("TC16", "Query", kEither, WithUris({uri_ + "?x=1"}));
    Add("TC16", "Fragment", kEither, WithUris({uri_ + "#x"}));
    Add("TC16", "UserPart", kEither, WithUris({"spiffe://user@" + uri_.substr(9)}));
    Add("TC16", "TrailingSpace", kEither, WithUris({uri_ + " "}));
    Add("TC16", "OneLetterMore", kEither, WithUris({uri_ + "x"}));
    Add("TC16", "OneLetterLess", kEither, WithUris({uri_.substr(0, uri_.size() - 1)}));
    Add("TC17", "NulAfterTheUri", kEither, WithUris({uri_ + std::string("\0.evil", 6)}));
    Add("TC17", "NulInsideTheUri", kEither, WithUris({head + std::string("/\0", 2) + leaf}));
    Add("TC17", "Newline", kEither, WithUris({uri_ + "\n{\"level\":\"info\"}"}));
    Add("TC17", "NotUtf8", kEither, WithUris({uri_ + "\xff\xfe\x80"}));
    Add("TC18", "CommonNameOfAnother", StoppedAt::kDocumented,
        pki_.Issue(With([&](CertSpec& s) { s.common_name = other_; })));
  }

  void Large() {
    TestCert chain = pki_.ca();
    chain.chain_pem.clear();
    for (int i = 12; i > 0; --i) {
      const CertSpec spec = AuthoritySpec("Intermediate " + std::to_string(i), std::nullopt);
      chain = i == 12 ? pki_.Issue(spec) : pki_.Issue(spec, chain);
    }
    Add("TC25", "TwelveIntermediates", StoppedAt::kDocumented, pki_.Issue(good_, chain));
    Add("TC25", "ThirtyKilobytesOfNames", StoppedAt::kDocumented, pki_.Issue(With([](CertSpec& s) {
      for (int i = 0; i < 1500; ++i) s.dns.push_back("n" + std::to_string(i) + ".padding.test");
    })));
    Add("TC25", "TwentyFiveYears", StoppedAt::kDocumented,
        pki_.Issue(With([&](CertSpec& s) { s.not_after = pki_.now() + days(25 * 365); })));
  }

  const TestPki& pki_;
  const std::string uri_;
  const std::string other_;
  CertSpec good_;
  std::vector<OddCertificate> all_;
};

}  // namespace

std::vector<OddCertificate> OddCertificates(const TestPki& pki, const std::string& uri,
                                            const std::string& other_uri) {
  return Odd(pki, uri, other_uri).All();
}

}  // namespace equinode::testing
