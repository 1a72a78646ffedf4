#include "base/crypto/cms_shape.h"

#include <array>
#include <cstdint>

#include "base/crypto/der.h"

namespace equinode {

namespace {

constexpr std::uint8_t kInteger = 0x02;
constexpr std::uint8_t kBitString = 0x03;
constexpr std::uint8_t kOctets = 0x04;
constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kSet = 0x31;
constexpr std::uint8_t kTag0 = 0xa0;           // [0], constructed.
constexpr std::uint8_t kTag1 = 0xa1;           // [1], constructed.
constexpr std::uint8_t kTag0Primitive = 0x80;  // [0] IMPLICIT OCTET STRING.

// Whole elements, tag and length included.
template <typename... B>
constexpr auto Element(B... bytes) {
  return std::array<std::uint8_t, sizeof...(B)>{static_cast<std::uint8_t>(bytes)...};
}
// Content types.
constexpr auto kData =  // 1.2.840.113549.1.7.1
    Element(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1);
constexpr auto kSignedData =  // 1.2.840.113549.1.7.2
    Element(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2);
constexpr auto kAuthEnvelopedData =  // 1.2.840.113549.1.9.16.1.23
    Element(6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 23);
// Algorithms.
constexpr auto kEcPublicKey = Element(6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1);
constexpr auto kP256 = Element(6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7);
constexpr auto kStdDhSha256Kdf = Element(6, 6, 0x2b, 0x81, 4, 1, 11, 1);  // 1.3.132.1.11.1
constexpr auto kAes256Wrap =                                              // 2.16.840.1.101.3.4.1.45
    Element(0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 45);
constexpr auto kAes256Gcm =  // 2.16.840.1.101.3.4.1.46
    Element(6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 46);
constexpr auto kSha256 =  // With its sequence, parameters absent.
    Element(0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1);
constexpr auto kEcdsaSha256 = Element(0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2);
constexpr auto kDigests =  // SET { sha256 }
    Element(0x31, 13, 0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1);
constexpr auto kNoContent =  // SEQUENCE { data }
    Element(0x30, 11, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1);
// Signed attributes.
constexpr auto kContentType = Element(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3);
constexpr auto kMessageDigest = Element(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4);
constexpr auto kSigningTime = Element(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 5);
constexpr auto kSigningCertificate =  // 1.2.840.113549.1.9.16.2.47
    Element(6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 47);

constexpr auto kZero = Element(kInteger, 1, 0);
constexpr auto kOne = Element(kInteger, 1, 1);
constexpr auto kThree = Element(kInteger, 1, 3);
constexpr auto kTagOf16 = Element(kInteger, 1, 16);

constexpr std::size_t kPointBytes = 66;    // Unused bits, 0x04, x, y.
constexpr std::size_t kWrappedBytes = 40;  // A 32-byte key and 8 bytes of check.
constexpr std::size_t kCmsNonceBytes = 12;
constexpr std::size_t kCmsTagBytes = 16;
constexpr std::size_t kDigestBytes = 32;

bool HasSize(const std::optional<ByteView>& bytes, std::size_t size) {
  return bytes && bytes->size() == size;
}

// SEQUENCE { type, [0] { content } } to the end of `der`: the content.
std::optional<ByteView> ContentOf(ByteView der, ByteView type) {
  const auto info = DerReader(der).TakeLast(kSequence);
  if (!info) return std::nullopt;
  DerReader parts(*info);
  if (!parts.TakeExactly(type)) return std::nullopt;
  const auto content = parts.TakeLast(kTag0);
  return content ? DerReader(*content).TakeLast(kSequence) : std::nullopt;
}

// The sender's one-time public key: [0] { [1] { { ecPublicKey [P-256] }, point } }.
bool IsOriginator(ByteView bytes) {
  const auto key = DerReader(bytes).TakeLast(kTag1);
  if (!key) return false;
  DerReader parts(*key);
  const auto algorithm = parts.Take(kSequence);
  if (!algorithm) return false;
  DerReader names(*algorithm);
  if (!names.TakeExactly(kEcPublicKey)) return false;
  if (!names.at_end() && !(names.TakeExactly(kP256) && names.at_end())) return false;
  const auto point = parts.TakeLast(kBitString);
  return HasSize(point, kPointBytes) && (*point)[0] == 0 && (*point)[1] == 4;
}

// { { dhSinglePass-stdDH-sha256kdf, { aes256-wrap } } }
bool IsKeyEncryption(ByteView bytes) {
  DerReader parts(bytes);
  return parts.TakeExactly(kStdDhSha256Kdf) && parts.TakeExactly(kAes256Wrap) && parts.at_end();
}

// One recipient with its wrapped key: issuer and serial number.
std::optional<ByteView> ReadOneKey(ByteView bytes) {
  const auto entry = DerReader(bytes).TakeLast(kSequence);
  if (!entry) return std::nullopt;
  DerReader parts(*entry);
  const auto name = parts.Take(kSequence);
  return HasSize(parts.TakeLast(kOctets), kWrappedBytes) ? name : std::nullopt;
}

std::optional<ByteView> ReadRecipient(ByteView bytes) {
  DerReader parts(bytes);
  if (!parts.TakeExactly(kThree)) return std::nullopt;
  const auto originator = parts.Take(kTag0);
  const auto encryption = parts.Take(kSequence);
  const auto keys = parts.TakeLast(kSequence);
  if (!originator || !encryption || !keys) return std::nullopt;
  if (!IsOriginator(*originator) || !IsKeyEncryption(*encryption)) return std::nullopt;
  return ReadOneKey(*keys);
}

bool IsEncryptedContent(ByteView bytes) {
  DerReader parts(bytes);
  if (!parts.TakeExactly(kData)) return false;
  const auto cipher = parts.Take(kSequence);
  const auto content = parts.TakeLast(kTag0Primitive);
  if (!cipher || !content) return false;
  DerReader names(*cipher);
  if (!names.TakeExactly(kAes256Gcm)) return false;
  const auto parameters = names.TakeLast(kSequence);
  if (!parameters) return false;
  DerReader values(*parameters);
  return HasSize(values.Take(kOctets), kCmsNonceBytes) && values.TakeExactly(kTagOf16) &&
         values.at_end();
}

// The SHA-256 in { { { hash, issuer and serial } } }; another digest would be named before it.
std::optional<ByteView> CertificateHash(ByteView value) {
  const auto attribute = DerReader(value).TakeLast(kSequence);
  const auto list = attribute ? DerReader(*attribute).TakeLast(kSequence) : std::nullopt;
  const auto id = list ? DerReader(*list).TakeLast(kSequence) : std::nullopt;
  const auto hash = id ? DerReader(*id).Take(kOctets) : std::nullopt;
  return HasSize(hash, kDigestBytes) ? hash : std::nullopt;
}

// Each of the allowed attributes at most once, three of them exactly once: the certificate's hash.
std::optional<ByteView> ReadAttributes(ByteView bytes) {
  DerReader list(bytes);
  int types = 0;
  int digests = 0;
  int times = 0;
  std::optional<ByteView> hash;
  while (!list.at_end()) {
    const auto attribute = list.Take(kSequence);
    if (!attribute) return std::nullopt;
    DerReader parts(*attribute);
    if (parts.TakeExactly(kContentType)) {
      const auto value = parts.TakeLast(kSet);
      if (!value || !DerReader(*value).TakeExactly(kData) || ++types > 1) return std::nullopt;
    } else if (parts.TakeExactly(kMessageDigest)) {
      const auto value = parts.TakeLast(kSet);
      const bool good = value && HasSize(DerReader(*value).TakeLast(kOctets), kDigestBytes);
      if (!good || ++digests > 1) return std::nullopt;
    } else if (parts.TakeExactly(kSigningTime)) {
      if (!parts.TakeLast(kSet) || ++times > 1) return std::nullopt;
    } else if (parts.TakeExactly(kSigningCertificate)) {
      const auto value = parts.TakeLast(kSet);
      if (!value || hash) return std::nullopt;
      hash = CertificateHash(*value);
      if (!hash) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  return types == 1 && digests == 1 ? hash : std::nullopt;
}

// One signer: who it is, and the hash of its certificate.
struct Signer {
  ByteView name{};
  ByteView certificate_hash{};
};

std::optional<Signer> ReadSigner(ByteView bytes) {
  const auto signer = DerReader(bytes).TakeLast(kSequence);
  if (!signer) return std::nullopt;
  DerReader parts(*signer);
  if (!parts.TakeExactly(kOne)) return std::nullopt;
  const auto name = parts.Take(kSequence);
  if (!name || !parts.TakeExactly(kSha256)) return std::nullopt;
  const auto attributes = parts.Take(kTag0);
  if (!attributes || !parts.TakeExactly(kEcdsaSha256) || !parts.TakeLast(kOctets)) {
    return std::nullopt;
  }
  const auto hash = ReadAttributes(*attributes);
  return hash ? std::optional(Signer{*name, *hash}) : std::nullopt;
}

// The content: empty when detached.
std::optional<ByteView> ReadContent(ByteView bytes, bool detached) {
  DerReader parts(bytes);
  if (!parts.TakeExactly(kData)) return std::nullopt;
  if (detached) return parts.at_end() ? std::optional(ByteView{}) : std::nullopt;
  const auto content = parts.TakeLast(kTag0);
  return content ? DerReader(*content).TakeLast(kOctets) : std::nullopt;
}

}  // namespace

std::optional<ByteView> ReadSealedShape(ByteView der) {
  const auto message = ContentOf(der, kAuthEnvelopedData);
  if (!message) return std::nullopt;
  DerReader parts(*message);
  if (!parts.TakeExactly(kZero)) return std::nullopt;
  const auto recipients = parts.Take(kSet);
  const auto recipient = recipients ? DerReader(*recipients).TakeLast(kTag1) : std::nullopt;
  const auto content = parts.Take(kSequence);
  const bool good = recipient && content && HasSize(parts.TakeLast(kOctets), kCmsTagBytes) &&
                    IsEncryptedContent(*content);
  return good ? ReadRecipient(*recipient) : std::nullopt;
}

std::optional<SignedParts> ReadSignedShape(ByteView der, bool detached) {
  const auto message = ContentOf(der, kSignedData);
  if (!message) return std::nullopt;
  DerReader parts(*message);
  if (!parts.TakeExactly(kOne) || !parts.TakeExactly(kDigests)) return std::nullopt;
  const auto capsule = parts.Take(kSequence);
  const auto content = capsule ? ReadContent(*capsule, detached) : std::nullopt;
  if (!content) return std::nullopt;
  const auto certificates = parts.Take(kTag0);
  if (!certificates || !DerReader(*certificates).TakeLast(kSequence)) return std::nullopt;
  const auto signers = parts.TakeLast(kSet);
  const auto signer = signers ? ReadSigner(*signers) : std::nullopt;
  if (!signer) return std::nullopt;
  return SignedParts{*content, signer->name, *certificates, signer->certificate_hash, *signers};
}

Bytes SignatureAlone(const SignedParts& parts) {
  const Bytes signers = DerElement(kSet, {parts.signers});
  const Bytes data = DerElement(kSequence, {kOne, kDigests, kNoContent, signers});
  const Bytes tagged = DerElement(kTag0, {data});
  return DerElement(kSequence, {kSignedData, tagged});
}

}  // namespace equinode
