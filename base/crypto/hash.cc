#include "base/crypto/hash.h"

#include <openssl/hmac.h>

#include <cstdlib>

#include "base/crypto/openssl.h"

namespace equinode {

namespace {

// A digest that cannot be computed must never be taken for one: no memory, or a library without
// SHA-256, ends the process.
void Must(bool ok) {
  if (!ok) std::abort();
}

// Looking the algorithm up costs more than a short digest, so it is done once.
const EVP_MD* Algorithm() {
  static const ossl::MdPtr md(EVP_MD_fetch(nullptr, "SHA2-256", nullptr));
  Must(md != nullptr);
  return md.get();
}

}  // namespace

struct Sha256Hasher::State {
  ossl::MdCtxPtr ctx{EVP_MD_CTX_new()};

  State() {
    Must(ctx != nullptr);
    Restart();
  }
  void Restart() { Must(EVP_DigestInit_ex2(ctx.get(), Algorithm(), nullptr) == 1); }
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {}
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;
Sha256Hasher::~Sha256Hasher() = default;

void Sha256Hasher::Update(ByteView data) {
  Must(EVP_DigestUpdate(state_->ctx.get(), data.data(), data.size()) == 1);
}

Digest Sha256Hasher::Finish() {
  Digest digest{};
  Must(EVP_DigestFinal_ex(state_->ctx.get(), digest.data(), nullptr) == 1);
  state_->Restart();
  return digest;
}

Digest Sha256(ByteView data) {
  thread_local Sha256Hasher hasher;
  hasher.Update(data);
  return hasher.Finish();
}

Digest HmacSha256(ByteView key, ByteView data) {
  Digest digest{};
  // An empty key is legal for HMAC, but OpenSSL wants a pointer.
  static constexpr std::uint8_t kNothing = 0;
  const std::uint8_t* bytes = key.empty() ? &kNothing : key.data();
  unsigned size = 0;
  Must(HMAC(Algorithm(), bytes, static_cast<int>(key.size()), data.data(), data.size(),
            digest.data(), &size) != nullptr &&
       size == digest.size());
  return digest;
}

}  // namespace equinode
