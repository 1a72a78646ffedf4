#include "domain/privacy/vdaf/prio3.h"

#include <gtest/gtest.h>

#include "domain/privacy/vdaf/chunk_length.h"
#include "domain/privacy/vdaf/domain_separation.h"
#include "domain/privacy/vdaf/prio3_variants.h"
#include "domain/privacy/vdaf/sum_vec.h"
#include "tests/domain/privacy/vdaf/run.h"

namespace equinode::vdaf {
namespace {

using Values = std::vector<std::uint64_t>;

class Prio3Test : public ::testing::Test {
 protected:
  template <typename F>
  Report<F> Shard(const Prio3<F>& prio3, const Values& measurement) {
    return prio3.Shard(context_, measurement, nonce_, run::RandomBytes(random_, prio3.RandSize()))
        .value();
  }
  SeededRandom random_{3};
  Bytes context_ = {1, 2, 3};
  VerifyKey key_{run::RandomBytes(random_, Seed::kSize)};
  Nonce nonce_ = run::RandomNonce(random_);
};

struct Refusal {
  const char* name = "";
  std::function<Error()> error{};
  const char* reason = "";
  const char* message = "";
};

template <typename T>
Error ErrorOf(const Result<T>& result) {
  return result.ok() ? Error{} : result.error();
}

template <typename F>
Error CheckOf(const Result<Prio3<F>>& prio3, const Values& values) {
  return ErrorOf(prio3->valid().Check(values));
}

class RefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusalTest, SaysWhereAndWhatIsAllowed) {
  const Error error = GetParam().error();
  EXPECT_EQ(error.code, Code::kInvalidArgument);
  EXPECT_EQ(error.reason, GetParam().reason);
  EXPECT_EQ(error.message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusalTest,
    ::testing::Values(
        Refusal{"OneShare", [] { return ErrorOf(Prio3Count(1)); }, "VDAF_PARAMETER",
                "there must be 2 to 255 shares"},
        Refusal{"NoMaximum", [] { return ErrorOf(Prio3Sum(2, 0)); }, "VDAF_PARAMETER",
                "max_measurement is 0, not 1 to 9223372036854775807"},
        Refusal{"MaximumPastTheField", [] { return ErrorOf(Prio3Sum(2, ~std::uint64_t{0})); },
                "VDAF_PARAMETER",
                "max_measurement is 18446744073709551615, not 1 to 9223372036854775807"},
        Refusal{"NoLength", [] { return ErrorOf(Prio3SumVec(2, 0, 1, 1)); }, "VDAF_PARAMETER",
                "length is 0, not 1 to 16777216"},
        Refusal{"HugeLength", [] { return ErrorOf(Prio3SumVec(2, ~std::size_t{0}, 4095, 1)); },
                "VDAF_PARAMETER", "length is 18446744073709551615, not 1 to 1398101"},
        Refusal{"NoChunk", [] { return ErrorOf(Prio3Histogram(2, 4, 0)); }, "VDAF_PARAMETER",
                "chunk_length is 0, not 1 to 16777216"},
        Refusal{"WeightAboveLength", [] { return ErrorOf(Prio3MultihotCountVec(2, 4, 5, 1)); },
                "VDAF_PARAMETER", "max_weight is 5, not 1 to 4"},
        Refusal{"SmallFieldWithTwoProofs",
                [] { return ErrorOf(Prio3SumVecWithMultiproof(2, 4, 5, 2, 2)); }, "VDAF_PARAMETER",
                "this circuit over this field needs at least 3 proofs"},
        Refusal{"ConstraintOnNoValue",
                [] {
                  return ErrorOf(Prio3PanelSum(2, 4, 5, 2, {{}, {{3}, {4}, 0}}));
                },
                "VDAF_PARAMETER", "constraint 1 names value 4 of 4"},
        Refusal{"TooFewValues",
                [] {
                  return CheckOf(Prio3SumVec(2, 3, 7, 2), {1, 2});
                },
                "VDAF_MEASUREMENT_LENGTH", "the measurement has 2 values, not 3"},
        Refusal{"ValueAboveMaximum",
                [] {
                  return CheckOf(Prio3SumVec(2, 3, 6, 2), {6, 0, 7});
                },
                "VDAF_VALUE_TOO_LARGE", "value 2 of the measurement is above 6"},
        Refusal{"NoSuchBucket", [] { return CheckOf(Prio3Histogram(2, 3, 2), {3}); },
                "VDAF_VALUE_TOO_LARGE", "value 0 of the measurement is above 2"},
        Refusal{"TooHeavy",
                [] {
                  return CheckOf(Prio3MultihotCountVec(2, 3, 1, 2), {1, 0, 1});
                },
                "VDAF_WEIGHT_TOO_LARGE", "more than 1 values of the measurement are 1"},
        Refusal{"NormTooLarge",
                [] {
                  return CheckOf(Prio3L1BoundSum(2, 3, 10, 2), {5, 5, 1});
                },
                "VDAF_SUM_TOO_LARGE", "the values of the measurement add up to more than 10"},
        Refusal{"WrongPanel",
                [] {
                  return CheckOf(Prio3PanelSum(2, 3, 99, 2, {{{0, 1, 2}, {}, 57}}), {20, 30, 8});
                },
                "VDAF_CONSTRAINT",
                "constraint 0 does not hold: its values do not come to the total of 57"},
        Refusal{"TablesThatDisagree",
                [] {
                  return CheckOf(Prio3PanelSum(2, 3, 99, 2, {{{0, 1}, {}, 50}, {{0}, {2}, 0}}),
                                 {20, 30, 21});
                },
                "VDAF_CONSTRAINT",
                "constraint 1 does not hold: its values do not come to the total of 0"}),
    [](const auto& one) { return one.param.name; });

TEST(ChunkLength, HasTheShortestProofOfAll) {
  for (std::size_t meas_len = 1; meas_len <= 700; ++meas_len) {
    std::size_t best = 0;
    std::size_t best_proof = ~std::size_t{0};
    for (std::size_t chunk = 1; chunk <= meas_len; ++chunk) {
      const std::size_t proof = SumVec<Field128>::Make(meas_len, 1, chunk).value()->proof_len();
      if (proof >= best_proof) continue;
      best = chunk;
      best_proof = proof;
    }
    ASSERT_EQ(BestChunkLength(meas_len), best) << meas_len;
  }
}

TEST(ChunkLength, OfTheReportsThatAreMeasured) {
  EXPECT_EQ(BestChunkLength(1000 * 8), 63U);
  EXPECT_EQ(BestChunkLength(1024 * 12), 97U);
  EXPECT_EQ(BestChunkLength(2048 * 12), 194U);
  EXPECT_EQ(BestChunkLength(1000), 33U);
}

TEST(DomainSeparation, IsVersionClassAlgorithmUsageContext) {
  const Bytes context = {0xaa, 0xbb};
  EXPECT_EQ(ToHex(DomainSeparationTag(0xffff0001, Usage::kJointRandPart, context)),
            "1200ffff00010007aabb");
}

TEST_F(Prio3Test, AContextIsBoundedByItsTag) {
  const auto prio3 = Prio3Count(2).value();
  const Bytes rand(prio3.RandSize());
  const Values one = {1};
  EXPECT_TRUE(prio3.Shard(Bytes(kMaxContextLength), one, nonce_, rand).ok());
  EXPECT_EQ(ErrorOf(prio3.Shard(Bytes(kMaxContextLength + 1), one, nonce_, rand)).reason,
            "VDAF_CONTEXT");
}

TEST_F(Prio3Test, AShardTakesItsRandomnessWhole) {
  const auto prio3 = Prio3Histogram(3, 4, 2).value();
  EXPECT_EQ(prio3.RandSize(), 6 * 32U);
  const Values bucket = {1};
  EXPECT_EQ(ErrorOf(prio3.Shard(context_, bucket, nonce_, Bytes(191))).reason, "VDAF_LENGTH");
}

TEST_F(Prio3Test, AnotherContextNonceOrKeyOnOneSideIsRefused) {
  const auto prio3 = Prio3SumVec(2, 3, 100, 4).value();
  const Report<Field128> report = Shard(prio3, {1, 100, 50});
  const auto verify = [&](ByteView context, const Nonce& nonce, const VerifyKey& key) {
    const auto leader =
        prio3.VerifyInit(key_, context_, 0, nonce_, report.public_share, report.input_shares[0]);
    const auto helper =
        prio3.VerifyInit(key, context, 1, nonce, report.public_share, report.input_shares[1]);
    const std::vector<VerifierShare<Field128>> shares = {leader->share, helper->share};
    return prio3.VerifierSharesToMessage(context_, shares).ok();
  };
  EXPECT_TRUE(verify(context_, nonce_, key_));
  EXPECT_FALSE(verify(Bytes{1, 2, 4}, nonce_, key_));
  EXPECT_FALSE(verify(context_, run::RandomNonce(random_), key_));
  EXPECT_FALSE(verify(context_, nonce_, VerifyKey(Bytes(32))));
}

TEST_F(Prio3Test, AReportOfAnotherContextIsRefusedByBothTogether) {
  const auto prio3 = Prio3SumVec(2, 3, 100, 4).value();
  const Report<Field128> report = Shard(prio3, {1, 100, 50});
  EXPECT_TRUE(run::Verify(prio3, key_, context_, nonce_, report).ok());
  EXPECT_FALSE(run::Verify(prio3, key_, Bytes{9}, nonce_, report).ok());
  EXPECT_FALSE(run::Verify(prio3, key_, context_, run::RandomNonce(random_), report).ok());
}

TEST_F(Prio3Test, SharesOfAnotherShapeAreRefusedBeforeTheyAreUsed) {
  const auto prio3 = Prio3SumVec(2, 3, 100, 4).value();
  const Report<Field128> report = Shard(prio3, {1, 100, 50});
  const auto init = [&](AggregatorId id, const PublicShare& public_share,
                        const InputShare<Field128>& input) {
    return ErrorOf(prio3.VerifyInit(key_, context_, id, nonce_, public_share, input)).reason;
  };
  EXPECT_EQ(init(2, report.public_share, report.input_shares[1]), "VDAF_LENGTH");
  EXPECT_EQ(init(0, report.public_share, report.input_shares[1]), "VDAF_LENGTH");
  EXPECT_EQ(init(1, report.public_share, report.input_shares[0]), "VDAF_LENGTH");
  EXPECT_EQ(init(1, PublicShare{}, report.input_shares[1]), "VDAF_LENGTH");
  auto leader = std::get<LeaderShare<Field128>>(report.input_shares[0]);
  leader.proofs.pop_back();
  EXPECT_EQ(init(0, report.public_share, leader), "VDAF_LENGTH");
  const std::vector<VerifierShare<Field128>> none;
  EXPECT_EQ(ErrorOf(prio3.VerifierSharesToMessage(context_, none)).reason, "VDAF_LENGTH");
}

TEST_F(Prio3Test, ReportsAreSummedInAnyOrderAndBatching) {
  const auto prio3 = Prio3SumVec(2, 2, 100, 3).value();
  std::vector<std::vector<OutShare<Field128>>> out_shares;
  for (const Values& values : {Values{1, 2}, Values{100, 0}, Values{7, 50}}) {
    out_shares.push_back(run::Verify(prio3, key_, context_, nonce_, Shard(prio3, values)).value());
  }
  const auto sum = [&](const std::vector<std::size_t>& first,
                       const std::vector<std::size_t>& second) {
    std::vector<AggShare<Field128>> shares;
    for (std::size_t id = 0; id < 2; ++id) {
      AggShare<Field128> one = prio3.AggregateInit();
      AggShare<Field128> two = prio3.AggregateInit();
      for (const std::size_t report : first) {
        EXPECT_TRUE(prio3.AggregateUpdate(one, out_shares[report][id]).ok());
      }
      for (const std::size_t report : second) {
        EXPECT_TRUE(prio3.AggregateUpdate(two, out_shares[report][id]).ok());
      }
      EXPECT_TRUE(prio3.Merge(one, two).ok());
      shares.push_back(one);
    }
    return prio3.Unshard(shares, first.size() + second.size()).value();
  };
  EXPECT_EQ(sum({0, 1, 2}, {}), (Values{108, 52}));
  EXPECT_EQ(sum({2}, {1, 0}), (Values{108, 52}));
  EXPECT_EQ(sum({1}, {}), (Values{100, 0}));
  EXPECT_EQ(sum({}, {}), (Values{0, 0}));
}

TEST_F(Prio3Test, ASumBeyondItsReportsIsDataLoss) {
  const auto prio3 = Prio3SumVec(2, 1, 100, 3).value();
  const auto out_shares = run::Verify(prio3, key_, context_, nonce_, Shard(prio3, {100})).value();
  std::vector<AggShare<Field128>> shares = {{out_shares[0].values}, {out_shares[1].values}};
  EXPECT_TRUE(prio3.Unshard(shares, 1).ok());
  EXPECT_EQ(ErrorOf(prio3.Unshard(shares, 0)).reason, "VDAF_AGGREGATE");
  shares[1] = prio3.AggregateInit();  // One side lost the report.
  const Error lost = ErrorOf(prio3.Unshard(shares, 1));
  EXPECT_EQ(lost.code, Code::kDataLoss);
  EXPECT_EQ(lost.reason, "VDAF_AGGREGATE");
  shares.pop_back();
  EXPECT_EQ(ErrorOf(prio3.Unshard(shares, 1)).reason, "VDAF_LENGTH");
}

TEST_F(Prio3Test, NoSumMayWrapAroundTheField) {
  const auto prio3 = Prio3Sum(2, std::uint64_t{1} << 62).value();
  const std::vector<AggShare<Field64>> shares = {prio3.AggregateInit(), prio3.AggregateInit()};
  EXPECT_TRUE(prio3.Unshard(shares, 3).ok());
  EXPECT_EQ(ErrorOf(prio3.Unshard(shares, 4)).reason, "VDAF_PARAMETER");
}

TEST_F(Prio3Test, NoiseBelowZeroIsReadFromTheCentre) {
  const auto prio3 = Prio3SumVec(2, 3, 100, 3).value();
  const auto out_shares =
      run::Verify(prio3, key_, context_, nonce_, Shard(prio3, {0, 5, 100})).value();
  std::vector<AggShare<Field128>> shares = {{out_shares[0].values}, {out_shares[1].values}};
  shares[0].values[0] -= Field128(7);
  shares[1].values[1] -= Field128(5);
  shares[1].values[2] += Field128(1);
  EXPECT_EQ(prio3.UnshardCentred(shares).value(), (std::vector<std::int64_t>{-7, 0, 101}));
  shares[1].values[0] += Field128(~std::uint64_t{0}) * Field128(1000);
  EXPECT_EQ(ErrorOf(prio3.UnshardCentred(shares)).reason, "VDAF_AGGREGATE");
}

TEST_F(Prio3Test, ManyShares) {
  const auto prio3 = Prio3Histogram(255, 3, 2).value();
  const auto out_shares = run::Verify(prio3, key_, context_, nonce_, Shard(prio3, {2})).value();
  std::vector<AggShare<Field128>> shares;
  for (const auto& share : out_shares) shares.push_back({share.values});
  EXPECT_EQ(prio3.Unshard(shares, 1).value(), (Values{0, 0, 1}));
}

}  // namespace
}  // namespace equinode::vdaf
