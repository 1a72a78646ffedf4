// Sealing and opening an envelope of 100 and of 300 records, beside the same cryptography done
// bare: SHA-256, ECDSA, AES-256-GCM in one buffer with keys at hand, with and without the key
// agreement that sealing to a recipient cannot do without.
#include <malloc.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

#include "base/crypto/cms.h"
#include "base/random.h"
#include "tests/support/pki.h"

namespace equinode {
namespace {

constexpr std::size_t kRecordBytes = 1200;

void Must(bool ok) {
  if (!ok) std::abort();
}

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using KeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using MdCtxPtr = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using CipherCtxPtr = std::unique_ptr<EVP_CIPHER_CTX, Deleter<EVP_CIPHER_CTX_free>>;

class Bare {
 public:
  void Seal(ByteView content) {
    const MdCtxPtr md(EVP_MD_CTX_new());
    signature_.resize(80);
    std::size_t size = signature_.size();
    Must(EVP_DigestSignInit(md.get(), nullptr, EVP_sha256(), nullptr, signer_.get()) == 1);
    Must(EVP_DigestSign(md.get(), signature_.data(), &size, content.data(), content.size()) == 1);
    signature_.resize(size);
    sealed_.resize(content.size());
    const CipherCtxPtr ctx(EVP_CIPHER_CTX_new());
    int n = 0;
    Must(EVP_EncryptInit_ex(ctx.get(), EVP_aes_256_gcm(), nullptr, key_, nonce_) == 1);
    Must(EVP_EncryptUpdate(ctx.get(), sealed_.data(), &n, content.data(),
                           static_cast<int>(content.size())) == 1);
    Must(EVP_EncryptFinal_ex(ctx.get(), sealed_.data() + n, &n) == 1);
    Must(EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_AEAD_GET_TAG, 16, tag_) == 1);
  }
  void Open() {
    opened_.resize(sealed_.size());
    const CipherCtxPtr ctx(EVP_CIPHER_CTX_new());
    int n = 0;
    Must(EVP_DecryptInit_ex(ctx.get(), EVP_aes_256_gcm(), nullptr, key_, nonce_) == 1);
    Must(EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_AEAD_SET_TAG, 16, tag_) == 1);
    Must(EVP_DecryptUpdate(ctx.get(), opened_.data(), &n, sealed_.data(),
                           static_cast<int>(sealed_.size())) == 1);
    Must(EVP_DecryptFinal_ex(ctx.get(), opened_.data() + n, &n) == 1);
    const MdCtxPtr md(EVP_MD_CTX_new());
    Must(EVP_DigestVerifyInit(md.get(), nullptr, EVP_sha256(), nullptr, signer_.get()) == 1);
    Must(EVP_DigestVerify(md.get(), signature_.data(), signature_.size(), opened_.data(),
                          opened_.size()) == 1);
  }
  void Agree(bool new_key) {
    const KeyPtr fresh(new_key ? EVP_EC_gen("P-256") : nullptr);
    const KeyCtxPtr ctx(EVP_PKEY_CTX_new(new_key ? fresh.get() : signer_.get(), nullptr));
    unsigned char secret[32];
    std::size_t size = sizeof secret;
    Must(EVP_PKEY_derive_init(ctx.get()) == 1);
    Must(EVP_PKEY_derive_set_peer(ctx.get(), peer_.get()) == 1);
    Must(EVP_PKEY_derive(ctx.get(), secret, &size) == 1);
  }

 private:
  const KeyPtr signer_{EVP_EC_gen("P-256")};
  const KeyPtr peer_{EVP_EC_gen("P-256")};
  const unsigned char key_[32] = {1};
  const unsigned char nonce_[12] = {2};
  unsigned char tag_[16] = {};
  Bytes signature_;
  Bytes sealed_;
  Bytes opened_;
};

// Microseconds a call: the median of rounds in which all of them take turns, so that a noisy
// neighbour disturbs all alike.
std::vector<double> Measure(const std::vector<std::function<void()>>& calls) {
  constexpr int kRounds = 41;
  constexpr int kCalls = 20;
  std::vector<std::vector<double>> times(calls.size());
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const auto begin = std::chrono::steady_clock::now();
      for (int n = 0; n < kCalls; ++n) calls[i]();
      const std::chrono::duration<double, std::micro> took =
          std::chrono::steady_clock::now() - begin;
      times[i].push_back(took.count() / kCalls);
    }
  }
  std::vector<double> medians;
  for (std::vector<double>& one : times) {
    std::sort(one.begin(), one.end());
    medians.push_back(one[one.size() / 2]);
  }
  return medians;
}

void Compare(const char* what, std::size_t records, double ours, double bare, double agreed) {
  const double count = static_cast<double>(records);
  std::printf(
      "%-5s %4zu records %9.1f us  %6.2f us/record   bare %6.2f (ratio %.2f)   "
      "bare with key agreement %6.2f (ratio %.2f)\n",
      what, records, ours, ours / count, bare / count, bare / ours, (bare + agreed) / count,
      (bare + agreed) / ours);
}

void Run(std::size_t records) {
  const testing::TestPki pki;
  const testing::TestCert from = pki.Node("practice", "from");
  const testing::TestCert to = pki.Node("payer", "to");
  const Certificate from_certificate = from.certificate();
  const Certificate to_certificate = to.certificate();
  const PrivateKey from_key = from.key();
  const PrivateKey to_key = to.key();
  const TrustStore trust = pki.trust();
  Bytes content(records * kRecordBytes);
  SeededRandom(1).Fill(content);
  const Bytes sealed = SealCms(content, from_certificate, from_key, to_certificate).value();
  Bare bare;
  bare.Seal(content);
  const auto times = Measure({
      [&] { Must(SealCms(content, from_certificate, from_key, to_certificate).ok()); },
      [&] { Must(OpenCms(sealed, to_certificate, to_key, trust, pki.now()).ok()); },
      [&] { bare.Seal(content); },
      [&] { bare.Open(); },
      [&] { bare.Agree(true); },
      [&] { bare.Agree(false); },
  });
  Compare("seal", records, times[0], times[2], times[4]);
  Compare("open", records, times[1], times[3], times[5]);
}

}  // namespace
}  // namespace equinode

int main() {
  std::printf("records of %zu bytes; ratio = bare time / our time\n", equinode::kRecordBytes);
  std::printf("malloc as it comes (large buffers go back to the kernel each time):\n");
  equinode::Run(100);
  equinode::Run(300);
  mallopt(M_MMAP_THRESHOLD, 16 * 1024 * 1024);
  mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
  std::printf("malloc that keeps its pages (M_MMAP_THRESHOLD 16 MiB, M_TRIM_THRESHOLD 64 MiB):\n");
  equinode::Run(100);
  equinode::Run(300);
  return 0;
}
