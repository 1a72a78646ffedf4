#include "base/crypto/cms.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/crypto/cms_shape.h"
#include "base/crypto/hash.h"
#include "base/crypto/internal.h"

namespace equinode {

namespace {

// The most that a certificate (64 KiB), names and signature add to a content.
constexpr std::size_t kMaxSealedBytes = kMaxContentBytes + 256 * 1024;

// The certificates in it are borrowed.
using X509StackPtr = ossl::Handle<STACK_OF(X509), [](STACK_OF(X509) * s) { sk_X509_free(s); }>;

// CADES: a hash of the signer's certificate is signed too, so that nobody can put another
// certificate of the same key beside the signature.
constexpr unsigned kSignFlags = CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES;

Error Failed() {
  return {Code::kInternal, "SEALING_FAILED", "the cryptographic library refused to seal"};
}
Error Damaged() {
  return {Code::kInvalidArgument, "ENVELOPE_DAMAGED",
          "the envelope was altered on the way; ask for it again"};
}
Error BadSignature() {
  return {Code::kUnauthenticated, "BAD_SIGNATURE", "the signature does not fit the content"};
}

Result<Bytes> ToDer(CMS_ContentInfo* cms) {
  const int size = i2d_CMS_ContentInfo(cms, nullptr);
  if (size <= 0) return Failed();
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* out = der.data();
  if (i2d_CMS_ContentInfo(cms, &out) != size) return Failed();
  return der;
}

ossl::CmsPtr FromDer(ByteView der) {
  const unsigned char* at = der.data();
  return ossl::CmsPtr(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
}

// An empty memory BIO that will hold `size` bytes: else its buffer grows, moves and is wiped a
// dozen times on the way there.
void Reserve(BIO* memory, std::size_t size) {
  BUF_MEM* buffer = nullptr;
  BIO_get_mem_ptr(memory, &buffer);
  if (buffer != nullptr && BUF_MEM_grow(buffer, size) != 0) buffer->length = 0;
}

// Runs `content` through the message's digest or cipher in one piece; CMS_final would do it by 1
// kB.
bool Fill(CMS_ContentInfo* cms, ByteView content) {
  BIO* chain = CMS_dataInit(cms, nullptr);
  if (chain == nullptr) return false;
  if (BIO* memory = BIO_find_type(chain, BIO_TYPE_MEM); memory != nullptr) {
    Reserve(memory, content.size());
  }
  const int size = static_cast<int>(content.size());
  const bool done = (size == 0 || BIO_write(chain, content.data(), size) == size) &&
                    BIO_flush(chain) == 1 && CMS_dataFinal(cms, chain) == 1;
  BIO_free_all(chain);
  return done;
}

Result<Bytes> Sign(ByteView content, const Certificate& signer, const PrivateKey& key,
                   unsigned flags) {
  if (content.size() > kMaxContentBytes) {
    return Error{Code::kInvalidArgument, "CONTENT_TOO_LARGE", "more than 16 MiB cannot be signed"};
  }
  if (!key.Matches(signer)) {
    return Error{Code::kFailedPrecondition, "KEY_MISMATCH",
                 "the private key does not belong to the certificate"};
  }
  ossl::CmsPtr cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, CMS_PARTIAL | flags));
  if (cms == nullptr || CMS_add1_signer(cms.get(), signer.impl().get(), key.impl().get(),
                                        EVP_sha256(), flags) == nullptr) {
    return Failed();
  }
  if (!Fill(cms.get(), content)) return Failed();
  return ToDer(cms.get());
}

Result<Bytes> Encrypt(ByteView content, const Certificate& recipient) {
  X509* x509 = recipient.impl().get();
  const bool usable =
      IsP256(X509_get0_pubkey(x509)) && (X509_get_key_usage(x509) & KU_KEY_AGREEMENT) != 0;
  if (!usable) {
    return Error{Code::kFailedPrecondition, "CERTIFICATE_USAGE",
                 "the recipient's certificate must be on P-256 and allow keyAgreement"};
  }
  ossl::CmsPtr cms(CMS_encrypt(nullptr, nullptr, EVP_aes_256_gcm(), CMS_PARTIAL | CMS_BINARY));
  if (cms == nullptr) return Failed();
  CMS_RecipientInfo* info = CMS_add1_recipient_cert(cms.get(), x509, CMS_KEY_PARAM);
  EVP_PKEY_CTX* agreement = info == nullptr ? nullptr : CMS_RecipientInfo_get0_pkey_ctx(info);
  // The library's default is SHA-1.
  if (agreement == nullptr || EVP_PKEY_CTX_set_ecdh_kdf_md(agreement, EVP_sha256()) != 1) {
    return Failed();
  }
  if (!Fill(cms.get(), content)) return Failed();
  return ToDer(cms.get());
}

// The message inside, once its tag has been verified. CMS_decrypt does the same in pieces of 4 kB
// into a buffer that moves and is wiped as it grows, which takes longer than the decryption.
std::optional<Bytes> Decrypt(CMS_ContentInfo* cms, const Certificate& recipient,
                             const PrivateKey& key, std::size_t most) {
  if (CMS_decrypt_set1_pkey_and_peer(cms, key.impl().get(), recipient.impl().get(), nullptr) != 1) {
    return std::nullopt;
  }
  const ossl::BioPtr chain(CMS_dataInit(cms, nullptr));
  if (chain == nullptr || BIO_method_type(chain.get()) != BIO_TYPE_CIPHER) return std::nullopt;
  Bytes message(most);
  std::size_t size = 0;
  std::size_t got = 0;
  // The last read, which finds nothing more, is the one that verifies the tag; the message is
  // shorter than `most`, so there is room for it to be made.
  while (size < most && BIO_read_ex(chain.get(), &message[size], most - size, &got) == 1) {
    size += got;
  }
  if (size == most || BIO_get_cipher_status(chain.get()) != 1) return std::nullopt;
  message.resize(size);
  return message;
}

// Verifies the signer's certificate against `trust`, then the signature over `content`.
Result<Certificate> VerifySigned(const SignedParts& parts, ByteView content,
                                 const TrustStore& trust, Instant now) {
  EQN_TRY(Certificate signer, trust.impl().Trusted(parts.certificate, now, Usage::kEnvelope));
  const bool bound = std::ranges::equal(parts.signer, signer.impl().issuer_and_serial) &&
                     std::ranges::equal(Sha256(parts.certificate), parts.certificate_hash);
  const ossl::CmsPtr cms = bound ? FromDer(SignatureAlone(parts)) : nullptr;
  const X509StackPtr signers(sk_X509_new_null());
  if (cms == nullptr || sk_X509_push(signers.get(), signer.impl().get()) != 1) {
    return BadSignature();
  }
  // The chain was verified by the first line, at our time and not at the machine's as CMS_verify
  // would. The signer can be no other than that certificate: none is in there to choose from.
  constexpr unsigned kFlags = CMS_BINARY | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY;
  const ossl::BioPtr in = ossl::Reader(content);
  if (CMS_verify(cms.get(), signers.get(), nullptr, in.get(), nullptr, kFlags) != 1) {
    return BadSignature();
  }
  return signer;
}

}  // namespace

Result<Bytes> SealCms(ByteView content, const Certificate& signer, const PrivateKey& key,
                      const Certificate& recipient) {
  const ossl::ErrorScope errors;
  EQN_TRY(const Bytes message, Sign(content, signer, key, kSignFlags));
  return Encrypt(message, recipient);
}

Result<Opened> OpenCms(ByteView sealed, const Certificate& recipient, const PrivateKey& key,
                       const TrustStore& trust, Instant now) {
  const ossl::ErrorScope errors;
  const Error shape{Code::kInvalidArgument, "ENVELOPE_SHAPE",
                    "not an envelope of this network's one form"};
  const auto named = sealed.size() <= kMaxSealedBytes ? ReadSealedShape(sealed) : std::nullopt;
  if (!named) return shape;
  if (!std::ranges::equal(*named, recipient.impl().issuer_and_serial)) {
    return Error{Code::kFailedPrecondition, "ENVELOPE_NOT_FOR_US",
                 "the envelope was sealed to another certificate"};
  }
  const ossl::CmsPtr outer = FromDer(sealed);
  if (outer == nullptr) return shape;
  std::optional<Bytes> message = Decrypt(outer.get(), recipient, key, sealed.size());
  if (!message) return Damaged();
  const auto parts = ReadSignedShape(*message, false);
  if (!parts) return shape;
  EQN_TRY(Certificate signer, VerifySigned(*parts, parts->content, trust, now));
  // What is left of the message is its content, in place.
  const auto begin = message->begin() + (parts->content.data() - message->data());
  message->erase(begin + static_cast<std::ptrdiff_t>(parts->content.size()), message->end());
  message->erase(message->begin(), begin);
  return Opened{std::move(*message), std::move(signer)};
}

Result<Bytes> SignDetached(ByteView content, const Certificate& signer, const PrivateKey& key) {
  const ossl::ErrorScope errors;
  return Sign(content, signer, key, kSignFlags | CMS_DETACHED);
}

Result<Certificate> VerifyDetached(ByteView content, ByteView signature, const TrustStore& trust,
                                   Instant now) {
  const ossl::ErrorScope errors;
  const bool bounded = signature.size() <= kMaxSealedBytes && content.size() <= kMaxContentBytes;
  const auto parts = bounded ? ReadSignedShape(signature, true) : std::nullopt;
  if (!parts) {
    return Error{Code::kInvalidArgument, "SIGNATURE_SHAPE",
                 "not a detached signature of this network's one form"};
  }
  return VerifySigned(*parts, content, trust, now);
}

}  // namespace equinode
