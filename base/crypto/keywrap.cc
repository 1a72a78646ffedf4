#include "base/crypto/keywrap.h"

#include <argon2.h>

#include <algorithm>
#include <array>

#include "base/crypto/openssl.h"

namespace equinode {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kWrapNonceBytes = 12;
constexpr std::size_t kWrapTagBytes = 16;
constexpr std::size_t kHeadBytes = 1 + kWrapNonceBytes;
constexpr std::size_t kMaxKeyBytes = 4096;

Error BadParameters(const char* message) {
  return {Code::kInvalidArgument, "BAD_KEY_PARAMETERS", message};
}

bool InBounds(std::uint32_t value, std::uint32_t least, std::uint32_t most) {
  return value >= least && value <= most;
}

}  // namespace

Result<Secret> DeriveKey(const Secret& passphrase, ByteView salt, Argon2Params params) {
  if (passphrase.empty() || passphrase.size() > kMaxKeyBytes) {
    return BadParameters("the passphrase must have 1 to 4096 bytes");
  }
  if (salt.size() < 16 || salt.size() > 64) {
    return BadParameters("the salt must have 16 to 64 bytes");
  }
  if (!InBounds(params.memory_kib, 19 * 1024, 1024 * 1024) || !InBounds(params.passes, 1, 16) ||
      !InBounds(params.lanes, 1, 16)) {
    return BadParameters("argon2id wants 19 MiB to 1 GiB, 1 to 16 passes and 1 to 16 lanes");
  }
  Secret key(kKeyBytes);
  const int outcome = argon2id_hash_raw(params.passes, params.memory_kib, params.lanes,
                                        passphrase.view().data(), passphrase.size(), salt.data(),
                                        salt.size(), key.mutable_view().data(), key.size());
  if (outcome == ARGON2_OK) return key;
  return Error{Code::kResourceExhausted, "NO_MEMORY_FOR_KEY",
               "argon2id could not get its memory or threads; free some and try again"};
}

Secret NewKey(Random& random) {
  Secret key(kKeyBytes);
  random.Fill(key.mutable_view());
  return key;
}

Result<Bytes> WrapKey(const Secret& kek, const Secret& key, Random& random, ByteView aad) {
  if (kek.size() != kKeyBytes || key.empty() || key.size() > kMaxKeyBytes) {
    return BadParameters("a wrapping key has 32 bytes, a wrapped one 1 to 4096");
  }
  const ossl::ErrorScope errors;
  Bytes wrapped(kHeadBytes + key.size() + kWrapTagBytes);
  wrapped[0] = kVersion;
  const std::span<std::uint8_t> nonce(&wrapped[1], kWrapNonceBytes);
  random.Fill(nonce);
  std::uint8_t* out = &wrapped[kHeadBytes];
  std::uint8_t* tag = out + key.size();
  const ossl::CipherCtxPtr ctx(EVP_CIPHER_CTX_new());
  int size = 0;
  int rest = 0;
  const bool done =
      ctx != nullptr &&
      EVP_EncryptInit_ex(ctx.get(), EVP_aes_256_gcm(), nullptr, kek.view().data(), nonce.data()) ==
          1 &&
      EVP_EncryptUpdate(ctx.get(), nullptr, &size, &wrapped[0], 1) == 1 &&
      EVP_EncryptUpdate(ctx.get(), nullptr, &size, aad.data(), static_cast<int>(aad.size())) == 1 &&
      EVP_EncryptUpdate(ctx.get(), out, &size, key.view().data(), static_cast<int>(key.size())) ==
          1 &&
      EVP_EncryptFinal_ex(ctx.get(), out + size, &rest) == 1 &&
      EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_AEAD_GET_TAG, kWrapTagBytes, tag) == 1;
  if (!done) return Error{Code::kInternal, "WRAPPING_FAILED", "the library refused to wrap a key"};
  return wrapped;
}

Result<Secret> UnwrapKey(const Secret& kek, ByteView wrapped, ByteView aad) {
  const Error refused{Code::kUnauthenticated, "KEY_NOT_UNWRAPPED",
                      "wrong passphrase or key, or the wrapped key was changed"};
  if (kek.size() != kKeyBytes || wrapped.size() <= kHeadBytes + kWrapTagBytes ||
      wrapped.size() > kHeadBytes + kMaxKeyBytes + kWrapTagBytes || wrapped[0] != kVersion) {
    return refused;
  }
  const ossl::ErrorScope errors;
  const ByteView nonce = wrapped.subspan(1, kWrapNonceBytes);
  const ByteView body = wrapped.subspan(kHeadBytes, wrapped.size() - kHeadBytes - kWrapTagBytes);
  std::array<std::uint8_t, kWrapTagBytes> tag{};
  std::ranges::copy(wrapped.last(kWrapTagBytes), tag.begin());
  Secret key(body.size());
  std::uint8_t* out = key.mutable_view().data();
  const ossl::CipherCtxPtr ctx(EVP_CIPHER_CTX_new());
  int size = 0;
  int rest = 0;
  const bool done =
      ctx != nullptr &&
      EVP_DecryptInit_ex(ctx.get(), EVP_aes_256_gcm(), nullptr, kek.view().data(), nonce.data()) ==
          1 &&
      EVP_DecryptUpdate(ctx.get(), nullptr, &size, wrapped.data(), 1) == 1 &&
      EVP_DecryptUpdate(ctx.get(), nullptr, &size, aad.data(), static_cast<int>(aad.size())) == 1 &&
      EVP_DecryptUpdate(ctx.get(), out, &size, body.data(), static_cast<int>(body.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_AEAD_SET_TAG, kWrapTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(ctx.get(), out + size, &rest) == 1;
  if (!done) return refused;
  return key;
}

}  // namespace equinode
