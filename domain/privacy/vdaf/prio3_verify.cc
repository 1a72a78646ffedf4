// The aggregators' verification: draft section 7.2.2, verify_init to verify_next.
#include <string>
#include <utility>

#include "domain/privacy/vdaf/flp.h"
#include "domain/privacy/vdaf/prio3.h"

namespace equinode::vdaf {
namespace {

Error WrongShape(const char* what) {
  return Error{Code::kInvalidArgument, "VDAF_LENGTH",
               std::string(what) + " is not of this circuit and number of shares"};
}

}  // namespace

template <typename F>
Status Prio3<F>::CheckInput(AggregatorId id, const PublicShare& public_share,
                            const InputShare<F>& input_share) const {
  if (id >= shares_) return WrongShape("the aggregator's number");
  if (public_share.joint_rand_parts.size() != (has_joint_rand() ? shares_ : 0)) {
    return WrongShape("the public share");
  }
  if ((id == 0) != std::holds_alternative<LeaderShare<F>>(input_share)) {
    return WrongShape("the input share");
  }
  if (id != 0) {
    const auto& helper = std::get<HelperShare>(input_share);
    if (helper.joint_rand_blind.has_value() != has_joint_rand()) {
      return WrongShape("the input share");
    }
    return Ok();
  }
  const auto& leader = std::get<LeaderShare<F>>(input_share);
  if (leader.meas.size() != valid_->lengths().meas_len ||
      leader.proofs.size() != valid_->proof_len() * proofs_ ||
      leader.joint_rand_blind.has_value() != has_joint_rand()) {
    return WrongShape("the input share");
  }
  return Ok();
}

template <typename F>
Result<typename Prio3<F>::Verifying> Prio3<F>::VerifyInit(const VerifyKey& verify_key,
                                                          ByteView context, AggregatorId id,
                                                          const Nonce& nonce,
                                                          const PublicShare& public_share,
                                                          const InputShare<F>& input_share) const {
  EQN_CHECK(CheckContext(context));
  EQN_CHECK(CheckInput(id, public_share, input_share));
  const Prio3Randomness<F> randomness = Randomness(context);

  // A helper's shares are expanded, the leader's are used where they are.
  FieldVec<F> expanded_meas;
  FieldVec<F> expanded_proofs;
  std::span<const F> meas;
  std::span<const F> proofs;
  const std::optional<Seed>* blind = nullptr;
  if (const auto* leader = std::get_if<LeaderShare<F>>(&input_share)) {
    meas = leader->meas;
    proofs = leader->proofs;
    blind = &leader->joint_rand_blind;
  } else {
    const auto& helper = std::get<HelperShare>(input_share);
    expanded_meas = randomness.HelperMeasShare(id, helper.share);
    expanded_proofs = randomness.HelperProofsShare(id, helper.share);
    meas = expanded_meas;
    proofs = expanded_proofs;
    blind = &helper.joint_rand_blind;
  }

  Verifying verifying;
  verifying.state.out_share.resize(valid_->lengths().output_len);
  valid_->Truncate(meas, verifying.state.out_share);

  // The client's word stands for the parts of the others, never for one's own.
  FieldVec<F> joint_rands;
  if (has_joint_rand()) {
    std::vector<Seed> parts = public_share.joint_rand_parts;
    parts[id] = randomness.JointRandPart(id, **blind, meas, nonce);
    verifying.share.joint_rand_part = parts[id];
    verifying.state.joint_rand_seed = randomness.JointRandSeed(parts);
    joint_rands = randomness.JointRands(*verifying.state.joint_rand_seed);
  }

  const FieldVec<F> query_rands = randomness.QueryRands(verify_key, nonce);
  const std::size_t proof_len = valid_->proof_len();
  const std::size_t query_len = valid_->query_rand_len();
  const std::size_t joint_len = valid_->lengths().joint_rand_len;
  const std::size_t verifier_len = valid_->verifier_len();
  verifying.share.verifiers.resize(verifier_len * proofs_);
  for (std::size_t i = 0; i < proofs_; ++i) {
    EQN_CHECK(
        Query<F>(*valid_, meas, proofs.subspan(i * proof_len, proof_len),
                 std::span(query_rands).subspan(i * query_len, query_len),
                 std::span(joint_rands).subspan(i * joint_len, joint_len), shares_inverse_,
                 std::span(verifying.share.verifiers).subspan(i * verifier_len, verifier_len)));
  }
  return verifying;
}

template <typename F>
Result<VerifierMessage> Prio3<F>::VerifierSharesToMessage(
    ByteView context, std::span<const VerifierShare<F>> shares) const {
  EQN_CHECK(CheckContext(context));
  if (shares.size() != shares_) return WrongShape("the number of verifier shares");
  const std::size_t verifier_len = valid_->verifier_len();
  FieldVec<F> verifiers(verifier_len * proofs_);
  std::vector<Seed> parts;
  for (const VerifierShare<F>& share : shares) {
    if (share.verifiers.size() != verifiers.size() ||
        share.joint_rand_part.has_value() != has_joint_rand()) {
      return WrongShape("a verifier share");
    }
    AddTo<F>(verifiers, share.verifiers);
    if (share.joint_rand_part) parts.push_back(*share.joint_rand_part);
  }
  for (std::size_t i = 0; i < proofs_; ++i) {
    if (Decide<F>(*valid_, std::span(verifiers).subspan(i * verifier_len, verifier_len))) continue;
    return Error{Code::kPermissionDenied, "VDAF_PROOF_REFUSED", "the report's proof does not hold"};
  }
  VerifierMessage message;
  if (has_joint_rand()) message.joint_rand_seed = Randomness(context).JointRandSeed(parts);
  return message;
}

template <typename F>
Result<OutShare<F>> Prio3<F>::VerifyNext(VerifyState<F> state,
                                         const VerifierMessage& message) const {
  if (state.out_share.size() != valid_->lengths().output_len ||
      state.joint_rand_seed.has_value() != has_joint_rand()) {
    return WrongShape("the state");
  }
  if (message.joint_rand_seed.has_value() != has_joint_rand()) return WrongShape("the message");
  if (has_joint_rand() && !(*message.joint_rand_seed == *state.joint_rand_seed)) {
    return Error{Code::kPermissionDenied, "VDAF_JOINT_RANDOMNESS",
                 "the report's joint randomness is not that of its shares"};
  }
  return OutShare<F>{std::move(state.out_share)};
}

template class Prio3<Field64>;
template class Prio3<Field128>;

}  // namespace equinode::vdaf
