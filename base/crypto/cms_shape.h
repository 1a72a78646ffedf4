// Private to base/crypto: the only two CMS messages that we open, told from every other before
// OpenSSL sees them. CMS leaves the choice of algorithm, of recipients, of unsigned parts and of
// encodings to the sender; a list of what is allowed leaves nothing to choose.
#pragma once

#include <optional>

#include "base/bytes.h"

namespace equinode {

// Issuer and serial number (the content of that sequence) of the one recipient of AuthEnvelopedData
// by key agreement: P-256, SHA-256 KDF (not the library's default, SHA-1), AES-256 key wrap,
// AES-256-GCM with a nonce of 12 and a tag of 16 bytes, no attributes beside it, in DER. Nothing
// for any other.
std::optional<ByteView> ReadSealedShape(ByteView der);

// The parts of SignedData. The signature covers `content` and the attributes inside `signers`.
struct SignedParts {
  ByteView content{};           // Empty when detached.
  ByteView signer{};            // Issuer and serial number, as above.
  ByteView certificate{};       // The one certificate, a whole element.
  ByteView certificate_hash{};  // SHA-256 of it, from the signed attributes (RFC 5035).
  ByteView signers{};           // What the set of the one signer holds.
};

// SignedData with the content inside (or `detached`), one certificate, one signer, ECDSA and
// SHA-256, signed attributes contentType, messageDigest, signingCertificateV2 and perhaps
// signingTime, nothing unsigned, in DER. Nothing for any other.
std::optional<SignedParts> ReadSignedShape(ByteView der, bool detached);

// The same signature as a message of its own, without content and certificate: what the library is
// asked to verify, so that it parses neither a second time.
Bytes SignatureAlone(const SignedParts& parts);

}  // namespace equinode
