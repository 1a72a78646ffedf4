// A bit flipped in any byte of any message: the report is refused, at decoding or by its proof.
#include <gtest/gtest.h>

#include <iostream>
#include <map>

#include "domain/privacy/vdaf/prio3_variants.h"
#include "tests/domain/privacy/vdaf/run.h"

namespace equinode::vdaf {
namespace {

template <typename F>
void FlipEverywhere(const char* name, const Result<Prio3<F>>& made, Measurement measurement) {
  SCOPED_TRACE(name);
  ASSERT_TRUE(made.ok()) << made.error().message;
  const Prio3<F>& prio3 = *made;
  SeededRandom random(7);
  const Bytes context = run::RandomBytes(random, 20);
  const VerifyKey key(run::RandomBytes(random, Seed::kSize));
  const Nonce nonce = run::RandomNonce(random);
  const auto report =
      prio3.Shard(context, measurement, nonce, run::RandomBytes(random, prio3.RandSize()));
  ASSERT_TRUE(report.ok()) << report.error().message;

  std::map<std::string, std::size_t> sizes;
  const auto fair = run::Verify<F>(
      prio3, key, context, nonce, *report,
      [&sizes](const std::string& what, Bytes& bytes) { sizes[what] = bytes.size(); });
  ASSERT_TRUE(fair.ok()) << fair.error().message;

  std::size_t flips = 0;
  std::map<std::string, std::size_t> reasons;
  for (const auto& [what, size] : sizes) {
    // The nonce goes to both with the report; without joint randomness nothing is bound to it, and
    // another one only means another test point.
    if (what == "nonce" && prio3.valid().lengths().joint_rand_len == 0) continue;
    for (std::size_t at = 0; at < size; ++at) {
      const auto bit = static_cast<std::uint8_t>(1U << random.Below(8));
      const auto result =
          run::Verify<F>(prio3, key, context, nonce, *report,
                         [&, &wanted = what](const std::string& sent, Bytes& bytes) {
                           if (sent == wanted) bytes[at] ^= bit;
                         });
      ASSERT_FALSE(result.ok()) << what << " byte " << at << " bit " << int{bit};
      ++reasons[result.error().reason];
      ++flips;
    }
  }
  std::cout << name << ": " << flips << " flips refused";
  for (const auto& [reason, count] : reasons) std::cout << ", " << count << " " << reason;
  std::cout << "\n";
}

TEST(BitFlip, IsRefusedWhereverItIs) {
  using Values = std::vector<std::uint64_t>;
  FlipEverywhere("Count", Prio3Count(2), Values{1});
  FlipEverywhere("Sum of 3 shares", Prio3Sum(3, 1000), Values{77});
  FlipEverywhere("SumVec", Prio3SumVec(2, 5, 4095, 7), Values{0, 4095, 17, 1, 2048});
  FlipEverywhere("SumVec with 3 proofs", Prio3SumVecWithMultiproof(2, 3, 100, 5, 3),
                 Values{100, 0, 63});
  FlipEverywhere("Histogram of 3 shares", Prio3Histogram(3, 9, 4), Values{8});
  FlipEverywhere("MultihotCountVec", Prio3MultihotCountVec(2, 9, 5, 4),
                 Values{1, 0, 0, 1, 1, 0, 0, 0, 1});
  FlipEverywhere("L1BoundSum", Prio3L1BoundSum(2, 4, 99, 6), Values{9, 0, 90, 0});
  FlipEverywhere("PanelSum", Prio3PanelSum(2, 4, 255, 6, {{{0, 1}, {}, 30}, {{0}, {2, 3}, 0}}),
                 Values{20, 10, 15, 5});
}

}  // namespace
}  // namespace equinode::vdaf
