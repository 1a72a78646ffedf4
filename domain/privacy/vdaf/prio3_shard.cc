// The client's half: draft section 7.2.1, shard.
#include <string>
#include <utility>

#include "domain/privacy/vdaf/flp.h"
#include "domain/privacy/vdaf/prio3.h"

namespace equinode::vdaf {

template <typename F>
Prio3<F>::Prio3(std::uint32_t algorithm_id, std::uint8_t shares, std::uint8_t proofs,
                std::unique_ptr<const Valid<F>> valid)
    : algorithm_id_(algorithm_id),
      shares_(shares),
      proofs_(proofs),
      valid_(std::move(valid)),
      shares_inverse_(F(shares).Inverse()) {}

template <typename F>
Result<Prio3<F>> Prio3<F>::Make(std::uint32_t algorithm_id, std::uint8_t shares,
                                std::uint8_t proofs, Circuit<F> valid) {
  if (!valid.ok()) return std::move(valid).error();
  if (shares < 2) {
    return Error{Code::kInvalidArgument, "VDAF_PARAMETER", "there must be 2 to 255 shares"};
  }
  // A client can try joint randomness until one suits a lie: with 64 bits a proof that is feasible
  // for one and for two proofs (draft section 9.6).
  const std::uint8_t least = (*valid)->lengths().joint_rand_len > 0 && F::kEncodedSize < 16 ? 3 : 1;
  if (proofs < least) {
    return Error{
        Code::kInvalidArgument, "VDAF_PARAMETER",
        "this circuit over this field needs at least " + std::to_string(least) + " proofs"};
  }
  return Prio3(algorithm_id, shares, proofs, std::move(valid).value());
}

template <typename F>
std::size_t Prio3<F>::RandSize() const {
  // A seed a helper and the prover's; with joint randomness a blind an aggregator.
  const std::size_t seeds = shares_ + (has_joint_rand() ? shares_ : std::size_t{0});
  return seeds * Seed::kSize;
}

template <typename F>
FieldVec<F> Prio3<F>::ProveAll(const Prio3Randomness<F>& randomness, std::span<const F> meas,
                               const Seed& prove_seed,
                               std::span<const Seed> joint_rand_parts) const {
  const FieldVec<F> prove_rands = randomness.ProveRands(prove_seed);
  FieldVec<F> joint_rands;
  if (has_joint_rand()) {
    joint_rands = randomness.JointRands(randomness.JointRandSeed(joint_rand_parts));
  }
  const std::size_t proof_len = valid_->proof_len();
  FieldVec<F> proofs(proof_len * proofs_);
  for (std::size_t i = 0; i < proofs_; ++i) {
    const std::size_t prove_len = valid_->prove_rand_len();
    const std::size_t joint_len = valid_->lengths().joint_rand_len;
    Prove<F>(*valid_, meas, std::span(prove_rands).subspan(i * prove_len, prove_len),
             std::span(joint_rands).subspan(i * joint_len, joint_len),
             std::span(proofs).subspan(i * proof_len, proof_len));
  }
  return proofs;
}

template <typename F>
Result<Report<F>> Prio3<F>::Shard(ByteView context, Measurement measurement, const Nonce& nonce,
                                  ByteView rand) const {
  EQN_CHECK(CheckContext(context));
  if (rand.size() != RandSize()) {
    return Error{Code::kInvalidArgument, "VDAF_LENGTH",
                 "a shard takes " + std::to_string(RandSize()) + " random bytes, not " +
                     std::to_string(rand.size())};
  }
  EQN_CHECK(valid_->Check(measurement));
  const Prio3Randomness<F> randomness = Randomness(context);
  const auto next_seed = [&rand] {
    const Seed seed(rand.first(Seed::kSize));
    rand = rand.subspan(Seed::kSize);
    return seed;
  };

  // The helpers' shares are random, the leader's is what is missing to the measurement.
  FieldVec<F> meas(valid_->lengths().meas_len);
  valid_->Encode(measurement, meas);
  LeaderShare<F> leader;
  leader.meas = meas;
  std::vector<HelperShare> helpers;
  Report<F> report;
  std::vector<Seed>& parts = report.public_share.joint_rand_parts;
  if (has_joint_rand()) parts.resize(shares_);
  for (std::size_t id = 1; id < shares_; ++id) {
    HelperShare& helper = helpers.emplace_back();
    helper.share = next_seed();
    if (has_joint_rand()) helper.joint_rand_blind = next_seed();
    const auto helper_id = static_cast<AggregatorId>(id);
    const FieldVec<F> share = randomness.HelperMeasShare(helper_id, helper.share);
    SubtractFrom<F>(leader.meas, share);
    if (has_joint_rand()) {
      parts[id] = randomness.JointRandPart(helper_id, *helper.joint_rand_blind, share, nonce);
    }
  }
  if (has_joint_rand()) {
    leader.joint_rand_blind = next_seed();
    parts[0] = randomness.JointRandPart(0, *leader.joint_rand_blind, leader.meas, nonce);
  }

  leader.proofs = ProveAll(randomness, meas, next_seed(), parts);
  for (std::size_t id = 1; id < shares_; ++id) {
    SubtractFrom<F>(leader.proofs, randomness.HelperProofsShare(static_cast<AggregatorId>(id),
                                                                helpers[id - 1].share));
  }
  report.input_shares.reserve(shares_);
  report.input_shares.emplace_back(std::move(leader));
  for (HelperShare& helper : helpers) report.input_shares.emplace_back(std::move(helper));
  return report;
}

template class Prio3<Field64>;
template class Prio3<Field128>;

}  // namespace equinode::vdaf
