// Sealing: CMS SignedData (RFC 5652) inside AuthEnvelopedData (RFC 5083), so that only the
// recipient reads it and knows who wrote it. ECDSA P-256 with SHA-256; ephemeral-static ECDH P-256
// with the SHA-256 KDF; AES-256 key wrap; AES-256-GCM. Nothing else is made, nothing else is
// opened. `openssl cms -decrypt` and then `openssl cms -verify` open it too.
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/certificate.h"
#include "base/result.h"

namespace equinode {

inline constexpr std::size_t kMaxContentBytes = 16 * 1024 * 1024;

struct Opened {
  Bytes content{};
  Certificate signer;  // Verified: issued by the network, valid at `now`, usable for envelopes.
};

// Signs `content` as `signer` and encrypts the signed message for `recipient`. DER.
// INVALID_ARGUMENT / CONTENT_TOO_LARGE, FAILED_PRECONDITION / KEY_MISMATCH when `key` is not the
// signer's, CERTIFICATE_USAGE when the recipient's certificate cannot be sealed to. Trust in the
// recipient's certificate is the caller's matter (TrustStore::Verify).
Result<Bytes> SealCms(ByteView content, const Certificate& signer, const PrivateKey& key,
                      const Certificate& recipient);

// The content, and who signed it. Everything is verified before anything is returned: the shape,
// the authentication tag, the signer's certificate against `trust` at `now`, the signature.
// INVALID_ARGUMENT / ENVELOPE_SHAPE: not such a message, or made with other algorithms.
// FAILED_PRECONDITION / ENVELOPE_NOT_FOR_US: sealed to another certificate than `recipient`.
// INVALID_ARGUMENT / ENVELOPE_DAMAGED: the tag does not agree.
// UNAUTHENTICATED / CERTIFICATE_...: as TrustStore::Verify. UNAUTHENTICATED / BAD_SIGNATURE.
// Which signer may send this content, and revocation, are the caller's to decide.
Result<Opened> OpenCms(ByteView sealed, const Certificate& recipient, const PrivateKey& key,
                       const TrustStore& trust, Instant now);

// A signature beside the content, SignedData with the signer's certificate. DER.
Result<Bytes> SignDetached(ByteView content, const Certificate& signer, const PrivateKey& key);

// The verified signer. INVALID_ARGUMENT / SIGNATURE_SHAPE, else as OpenCms.
Result<Certificate> VerifyDetached(ByteView content, ByteView signature, const TrustStore& trust,
                                   Instant now);

}  // namespace equinode
