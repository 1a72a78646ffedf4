// Keys that guard other keys: a key-encryption key from a passphrase (Argon2id, RFC 9106), and a
// key wrapped under it (AES-256-GCM).
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace equinode {

inline constexpr std::size_t kKeyBytes = 32;

// The defaults are RFC 9106's second recommended choice.
struct Argon2Params {
  std::uint32_t memory_kib = 64 * 1024;
  std::uint32_t passes = 3;
  std::uint32_t lanes = 4;

  friend bool operator==(const Argon2Params&, const Argon2Params&) = default;
};

// 32 bytes from `passphrase` and a `salt` of 16 to 64 bytes; takes the time and the memory that
// the parameters say. INVALID_ARGUMENT / BAD_KEY_PARAMETERS for an empty passphrase or parameters
// outside 19 MiB..1 GiB (8 KiB a lane at least), 1..16 passes, 1..16 lanes: they may come from a
// file that somebody changed. RESOURCE_EXHAUSTED / NO_MEMORY_FOR_KEY.
Result<Secret> DeriveKey(const Secret& passphrase, ByteView salt, Argon2Params params);

// A random key of 32 bytes.
Secret NewKey(Random& random);

// `key` (1 to 4096 bytes) under `kek` (32 bytes), bound to `aad`: what stands beside the wrapped
// key and must not be exchanged, such as its id. Form: version 1, nonce 12, ciphertext, tag 16.
Result<Bytes> WrapKey(const Secret& kek, const Secret& key, Random& random, ByteView aad);

// UNAUTHENTICATED / KEY_NOT_UNWRAPPED when `kek`, `wrapped` or `aad` is not what it was.
Result<Secret> UnwrapKey(const Secret& kek, ByteView wrapped, ByteView aad);

}  // namespace equinode
