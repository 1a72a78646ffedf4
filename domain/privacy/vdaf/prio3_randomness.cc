#include "domain/privacy/vdaf/prio3_randomness.h"

#include "domain/privacy/vdaf/xof.h"

namespace equinode::vdaf {

template <typename F>
FieldVec<F> Prio3Randomness<F>::HelperMeasShare(AggregatorId id, const Seed& share) const {
  const Bytes binder = {id};
  return XofTurboShake128::ExpandIntoVec<F>(share.view(), Tag(Usage::kMeasShare), binder,
                                            valid_.lengths().meas_len);
}

template <typename F>
FieldVec<F> Prio3Randomness<F>::HelperProofsShare(AggregatorId id, const Seed& share) const {
  const Bytes binder = {proofs_, id};
  return XofTurboShake128::ExpandIntoVec<F>(share.view(), Tag(Usage::kProofShare), binder,
                                            valid_.proof_len() * proofs_);
}

template <typename F>
Seed Prio3Randomness<F>::JointRandPart(AggregatorId id, const Seed& blind,
                                       std::span<const F> meas_share, const Nonce& nonce) const {
  const Bytes binder = {id};
  XofTurboShake128 xof(blind.view(), Tag(Usage::kJointRandPart), binder);
  xof.Bind(nonce);
  WipedBytes encoded;
  EncodeVec(meas_share, encoded);
  xof.Bind(encoded);
  return xof.NextSeed();
}

template <typename F>
Seed Prio3Randomness<F>::JointRandSeed(std::span<const Seed> parts) const {
  XofTurboShake128 xof(Seed().view(), Tag(Usage::kJointRandSeed), {});
  for (const Seed& part : parts) xof.Bind(part.view());
  return xof.NextSeed();
}

template <typename F>
FieldVec<F> Prio3Randomness<F>::JointRands(const Seed& joint_rand_seed) const {
  const Bytes binder = {proofs_};
  return XofTurboShake128::ExpandIntoVec<F>(joint_rand_seed.view(), Tag(Usage::kJointRandomness),
                                            binder, valid_.lengths().joint_rand_len * proofs_);
}

template <typename F>
FieldVec<F> Prio3Randomness<F>::ProveRands(const Seed& prove_seed) const {
  const Bytes binder = {proofs_};
  return XofTurboShake128::ExpandIntoVec<F>(prove_seed.view(), Tag(Usage::kProveRandomness), binder,
                                            valid_.prove_rand_len() * proofs_);
}

template <typename F>
FieldVec<F> Prio3Randomness<F>::QueryRands(const VerifyKey& verify_key, const Nonce& nonce) const {
  Bytes binder = {proofs_};
  binder.insert(binder.end(), nonce.begin(), nonce.end());
  return XofTurboShake128::ExpandIntoVec<F>(verify_key.view(), Tag(Usage::kQueryRandomness), binder,
                                            valid_.query_rand_len() * proofs_);
}

template class Prio3Randomness<Field64>;
template class Prio3Randomness<Field128>;

}  // namespace equinode::vdaf
