// Prio3 and its sponge beside limits of the same run: a chain of Field128 multiplications each of
// which waits for the one before, and OpenSSL's SHAKE128 (24 rounds, in assembly).
#include <openssl/evp.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "domain/privacy/vdaf/chunk_length.h"
#include "domain/privacy/vdaf/prio3_variants.h"
#include "domain/privacy/vdaf/turboshake.h"

namespace equinode::vdaf {
namespace {

constexpr double kMostMultiplications = 500'000;
constexpr double kLeastTimesShake = 1.5;

void Must(bool ok) {
  if (!ok) std::abort();
}

// Microseconds of this thread's own time, so that what else runs on the machine counts less.
double Now() {
  timespec time{};
  Must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// Microseconds a call: the best of rounds in which all of them take turns, so that a noisy
// neighbour disturbs all alike.
std::vector<double> Measure(int rounds, const std::vector<std::function<void()>>& calls) {
  std::vector<double> best(calls.size(), 1e18);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const double begin = Now();
      calls[i]();
      best[i] = std::min(best[i], Now() - begin);
    }
  }
  return best;
}

constexpr int kChain = 100'000;
Field128 chain_value(3);
void MultiplyChain() {
  const Field128 factor(0x123456789abcdef1);
  Field128 value = chain_value;
  for (int i = 0; i < kChain; ++i) value *= factor;
  chain_value = value;
}

void Shake(const EVP_MD* md, const Bytes& message, Bytes& out) {
  EVP_MD_CTX* const ctx = EVP_MD_CTX_new();
  Must(EVP_DigestInit_ex(ctx, md, nullptr) == 1);
  Must(EVP_DigestUpdate(ctx, message.data(), message.size()) == 1);
  Must(EVP_DigestFinalXOF(ctx, out.data(), out.size()) == 1);
  EVP_MD_CTX_free(ctx);
}

void TurboShake(const Bytes& message, Bytes& out) {
  TurboShake128 sponge(1);
  sponge.Absorb(message);
  sponge.Squeeze(out);
}

void CompareSponges() {
  constexpr std::size_t kSize = 1 << 20;
  const Bytes large(kSize, 1);
  const Bytes small(32, 1);
  Bytes long_out(kSize);
  Bytes short_out(32);
  const auto times = Measure(31, {
                                     [&] { TurboShake(large, short_out); },
                                     [&] { Shake(EVP_shake128(), large, short_out); },
                                     [&] { TurboShake(small, long_out); },
                                     [&] { Shake(EVP_shake128(), small, long_out); },
                                 });
  const auto print = [](const char* what, double ours, double theirs) {
    const double ratio = theirs / ours;
    std::printf(
        "%-8s TurboSHAKE128 %5.0f MB/s, OpenSSL SHAKE128 %5.0f MB/s: %.2f times (wanted %.1f) %s\n",
        what, kSize / ours, kSize / theirs, ratio, kLeastTimesShake,
        ratio >= kLeastTimesShake ? "met" : "NOT MET");
  };
  print("absorb", times[0], times[1]);
  print("squeeze", times[2], times[3]);
}

// One report through all parties, from bytes to bytes.
void MeasureReport(const std::string& name, const Result<Prio3<Field128>>& made,
                   const std::vector<std::uint64_t>& measurement, bool has_target) {
  Must(made.ok());
  const Prio3<Field128>& prio3 = *made;
  SeededRandom random(1);
  const Bytes context(40, 7);
  const VerifyKey key(Bytes(Seed::kSize, 9));
  Nonce nonce{};
  random.Fill(nonce);
  Bytes rand(prio3.RandSize());
  random.Fill(rand);
  const auto report = prio3.Shard(context, measurement, nonce, rand);
  Must(report.ok());
  const WipedBytes public_bytes = prio3.Encode(report->public_share);
  const WipedBytes leader_bytes = prio3.Encode(report->input_shares[0]);
  const WipedBytes helper_bytes = prio3.Encode(report->input_shares[1]);
  std::vector<WipedBytes> verifier_bytes(2);
  const auto verify = [&](AggregatorId id, const WipedBytes& bytes) {
    const auto input = prio3.DecodeInputShare(id, bytes);
    const auto public_share = prio3.DecodePublicShare(public_bytes);
    const auto verifying = prio3.VerifyInit(key, context, id, nonce, *public_share, *input);
    Must(verifying.ok());
    verifier_bytes[id] = prio3.Encode(verifying->share);
  };
  const auto times =
      Measure(15, {
                      MultiplyChain,
                      [&] { Must(prio3.Shard(context, measurement, nonce, rand).ok()); },
                      [&] { verify(0, leader_bytes); },
                      [&] { verify(1, helper_bytes); },
                      [&] {
                        std::vector<VerifierShare<Field128>> shares;
                        for (const WipedBytes& bytes : verifier_bytes) {
                          shares.push_back(prio3.DecodeVerifierShare(bytes).value());
                        }
                        Must(prio3.VerifierSharesToMessage(context, shares).ok());
                      },
                  });
  const double multiplication = times[0] / kChain;
  const double leader = times[2] + times[4];
  std::printf(
      "%-26s shard %8.2f ms, leader %7.2f ms, helper %7.2f ms, combine %6.3f ms; bytes: leader "
      "%zu, "
      "helper %zu, public %zu, verifier %zu; leader = %.0f multiplications of %.1f ns",
      name.c_str(), times[1] / 1000, times[2] / 1000, times[3] / 1000, times[4] / 1000,
      leader_bytes.size(), helper_bytes.size(), public_bytes.size(), verifier_bytes[0].size(),
      leader / multiplication, multiplication * 1000);
  if (has_target) {
    std::printf(" (at most %.0f wanted) %s", kMostMultiplications,
                leader / multiplication <= kMostMultiplications ? "met" : "NOT MET");
  }
  std::printf("\n");
}

void MeasurePanel(std::size_t cells) {
  constexpr std::uint64_t kMax = 4095;
  std::vector<std::uint64_t> values(cells);
  SumConstraint panel;
  for (std::size_t i = 0; i < cells; ++i) {
    values[i] = i * 37 % (kMax + 1);
    panel.plus.push_back(i);
    panel.total += values[i];
  }
  const std::size_t chunk = BestChunkLength(cells * 12);
  const std::string size = " " + std::to_string(cells) + " x 12 bits";
  MeasureReport("SumVec" + size, Prio3SumVec(2, cells, kMax, chunk), values, cells == 1024);
  MeasureReport("PanelSum" + size, Prio3PanelSum(2, cells, kMax, chunk, {panel}), values,
                cells == 1024);
}

}  // namespace
}  // namespace equinode::vdaf

int main() {
  using namespace equinode::vdaf;
  CompareSponges();
  for (const std::size_t cells : {100, 256, 1024, 2048, 4096, 10'000}) MeasurePanel(cells);
  for (const std::size_t cells : {100, 1000, 10'000}) {
    MeasureReport("Histogram " + std::to_string(cells),
                  Prio3Histogram(2, cells, BestChunkLength(cells)), {cells / 2}, false);
  }
  return 0;
}
