// Shares are overwritten before their memory is given back: every block that is freed while reports
// are made and verified is searched for pieces of them.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

#include "domain/privacy/vdaf/prio3_variants.h"
#include "tests/domain/privacy/vdaf/run.h"

namespace {

// The 16 bytes that are looked for, kept out of the heap; and how often they were found.
struct Watch {
  std::atomic<bool> on = false;
  std::size_t count = 0;
  unsigned char pieces[64][16] = {};
  std::atomic<int> found = 0;
};
Watch watch;

void Search(const void* block) {
  if (block == nullptr || !watch.on) return;
  const auto* begin = static_cast<const unsigned char*>(block);
  const unsigned char* end = begin + malloc_usable_size(const_cast<void*>(block));
  for (std::size_t i = 0; i < watch.count; ++i) {
    if (std::search(begin, end, watch.pieces[i], watch.pieces[i] + 16) != end) ++watch.found;
  }
}

}  // namespace

// All forms of delete come to these. Not inlined: the compiler would see a malloc meet a delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (void* block = std::malloc(size == 0 ? 1 : size)) return block;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* block) noexcept {
  Search(block);
  std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept {
  Search(block);
  std::free(block);
}

namespace equinode::vdaf {
namespace {

class WipingTest : public ::testing::Test {
 protected:
  ~WipingTest() override { watch.on = false; }

  // Looks for every 16 bytes of it, as they are in memory.
  template <typename T>
  static void LookFor(const T* pieces, std::size_t count) {
    static_assert(sizeof(T) % 16 == 0);
    for (std::size_t i = 0; i < count * sizeof(T) / 16 && watch.count < 64; ++i) {
      std::memcpy(watch.pieces[watch.count++], reinterpret_cast<const char*>(pieces) + 16 * i, 16);
    }
  }
  // So that the compiler does not leave out what nobody reads.
  static void Use(const void* memory) { asm volatile("" : : "g"(memory) : "memory"); }
  static void LookFor(const Seed& seed) { LookFor(&seed, 1); }
  void SetUp() override {
    watch.count = 0;
    watch.found = 0;
  }
};

TEST_F(WipingTest, TheSearchFindsWhatIsNotWiped) {
  const std::vector<Field128> left = {Field128(12345), Field128(54321)};
  LookFor(left.data(), left.size());
  watch.on = true;
  {
    const std::vector<Field128> copy = left;
    Use(copy.data());
  }
  watch.on = false;
  EXPECT_EQ(watch.found, 2);
  watch.found = 0;
  watch.on = true;
  {
    const FieldVec<Field128> copy(left.begin(), left.end());
    Use(copy.data());
  }
  watch.on = false;
  EXPECT_EQ(watch.found, 0);
}

TEST_F(WipingTest, NothingOfAReportIsLeft) {
  const auto prio3 = Prio3PanelSum(3, 4, 255, 6, {{{0, 1}, {}, 30}}).value();
  SeededRandom random(5);
  const Bytes context = {1};
  const VerifyKey key(run::RandomBytes(random, Seed::kSize));
  const Nonce nonce = run::RandomNonce(random);
  const Bytes rand = run::RandomBytes(random, prio3.RandSize());
  const std::vector<std::uint64_t> measurement = {20, 10, 200, 3};

  // Once to learn what to look for, in memory that is kept until the end.
  const Report<Field128> known = prio3.Shard(context, measurement, nonce, rand).value();
  const auto& leader = std::get<LeaderShare<Field128>>(known.input_shares[0]);
  LookFor(leader.meas.data(), 8);
  LookFor(leader.proofs.data(), 8);
  LookFor(leader.proofs.data() + leader.proofs.size() - 8, 8);
  LookFor(*leader.joint_rand_blind);
  WipedBytes encoded = prio3.Encode(known.input_shares[0]);
  LookFor(reinterpret_cast<const std::array<std::uint8_t, 16>*>(encoded.data()), 8);
  const auto& helper = std::get<HelperShare>(known.input_shares[1]);
  LookFor(helper.share);
  LookFor(*helper.joint_rand_blind);
  const auto prove_seed = Seed(ByteView(rand).last(Seed::kSize));
  LookFor(prove_seed);
  LookFor(key);
  const auto learnt =
      prio3.VerifyInit(key, context, 1, nonce, known.public_share, known.input_shares[1]).value();
  LookFor(learnt.state.out_share.data(), 4);

  watch.on = true;
  {
    const auto report = prio3.Shard(context, measurement, nonce, rand);
    ASSERT_TRUE(report.ok());
    std::vector<VerifyState<Field128>> states;
    std::vector<VerifierShare<Field128>> shares;
    for (AggregatorId id = 0; id < 3; ++id) {
      const WipedBytes bytes = prio3.Encode(report->input_shares[id]);
      const auto input = prio3.DecodeInputShare(id, bytes);
      auto verifying = prio3.VerifyInit(key, context, id, nonce, report->public_share, *input);
      ASSERT_TRUE(verifying.ok());
      states.push_back(std::move(verifying->state));
      shares.push_back(std::move(verifying->share));
    }
    const auto message = prio3.VerifierSharesToMessage(context, shares);
    ASSERT_TRUE(message.ok());
    for (VerifyState<Field128>& state : states) {
      const auto out_share = prio3.VerifyNext(std::move(state), *message);
      ASSERT_TRUE(out_share.ok());
      AggShare<Field128> aggregate = prio3.AggregateInit();
      ASSERT_TRUE(prio3.AggregateUpdate(aggregate, *out_share).ok());
    }
  }
  watch.on = false;
  EXPECT_EQ(watch.found, 0);
}

}  // namespace
}  // namespace equinode::vdaf
