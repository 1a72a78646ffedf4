// Every stream that Prio3 draws from the XOF, by its name in the draft (section 7.2.6).
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "domain/privacy/vdaf/domain_separation.h"
#include "domain/privacy/vdaf/prio3_messages.h"
#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// For one context; a value that is cheap to make. `valid` and `context` must outlive it.
template <typename F>
class Prio3Randomness {
 public:
  Prio3Randomness(const Valid<F>& valid, std::uint32_t algorithm_id, std::uint8_t proofs,
                  ByteView context)
      : valid_(valid), algorithm_id_(algorithm_id), proofs_(proofs), context_(context) {}

  FieldVec<F> HelperMeasShare(AggregatorId id, const Seed& share) const;
  FieldVec<F> HelperProofsShare(AggregatorId id, const Seed& share) const;
  // Binds the joint randomness to a share of the measurement, without showing it.
  Seed JointRandPart(AggregatorId id, const Seed& blind, std::span<const F> meas_share,
                     const Nonce& nonce) const;
  Seed JointRandSeed(std::span<const Seed> parts) const;
  // For all proofs, one behind the other, as are the next two.
  FieldVec<F> JointRands(const Seed& joint_rand_seed) const;
  FieldVec<F> ProveRands(const Seed& prove_seed) const;
  FieldVec<F> QueryRands(const VerifyKey& verify_key, const Nonce& nonce) const;

 private:
  Bytes Tag(Usage usage) const { return DomainSeparationTag(algorithm_id_, usage, context_); }

  const Valid<F>& valid_;
  std::uint32_t algorithm_id_;
  std::uint8_t proofs_;
  ByteView context_;
};

}  // namespace equinode::vdaf
