// Prio3 (draft-irtf-cfrg-vdaf-20 section 7): a client splits its measurement into shares, one an
// aggregator; together they verify that it keeps the circuit's rules, each adds up its shares, and
// only the sums of all aggregators together give the sum of the measurements.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "domain/privacy/vdaf/prio3_messages.h"
#include "domain/privacy/vdaf/prio3_randomness.h"
#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// Immutable; any thread. What fails because a peer or a client sent something else than the rules
// allow is INVALID_ARGUMENT or, where only a proof shows it, PERMISSION_DENIED.
//
// The caller keeps what the draft leaves to it: no nonce is accepted twice, the verify key is fixed
// before a report is seen and unknown to clients, and the context names all that the circuit's
// parameters are.
template <typename F>
class Prio3 {
 public:
  // `shares` is 2 to 255, `proofs` 1 to 255. INVALID_ARGUMENT too when the circuit has joint
  // randomness and the field is too small for so few proofs to be sound (Field64: at least 3).
  static Result<Prio3> Make(std::uint32_t algorithm_id, std::uint8_t shares, std::uint8_t proofs,
                            Circuit<F> valid);

  const Valid<F>& valid() const { return *valid_; }
  std::uint8_t shares() const { return shares_; }
  // Bytes of randomness that a shard takes.
  std::size_t RandSize() const;

  // By a client. INVALID_ARGUMENT when the measurement breaks a rule. `rand` is RandSize() fresh
  // random bytes: one that knows them knows the measurement.
  Result<Report<F>> Shard(ByteView context, Measurement measurement, const Nonce& nonce,
                          ByteView rand) const;

  // By each aggregator.
  struct Verifying {
    VerifyState<F> state{};
    VerifierShare<F> share{};
  };
  Result<Verifying> VerifyInit(const VerifyKey& verify_key, ByteView context, AggregatorId id,
                               const Nonce& nonce, const PublicShare& public_share,
                               const InputShare<F>& input_share) const;
  // By any of them, from all shares in the aggregators' order. PERMISSION_DENIED
  // (VDAF_PROOF_REFUSED) when the measurement is not to be accepted.
  Result<VerifierMessage> VerifierSharesToMessage(ByteView context,
                                                  std::span<const VerifierShare<F>> shares) const;
  // By each aggregator: one round only. Takes the state, so that nothing is verified twice.
  // PERMISSION_DENIED (VDAF_JOINT_RANDOMNESS) when the client lied about its joint randomness.
  Result<OutShare<F>> VerifyNext(VerifyState<F> state, const VerifierMessage& message) const;

  // The share of nothing, and one more report for it.
  AggShare<F> AggregateInit() const;
  Status AggregateUpdate(AggShare<F>& aggregate, const OutShare<F>& out_share) const;
  // Of two batches of the same aggregator.
  Status Merge(AggShare<F>& aggregate, const AggShare<F>& other) const;

  // The sums, from the shares of all aggregators over the same `reports`. DATA_LOSS
  // (VDAF_AGGREGATE) when one is more than so many reports can come to: shares are missing or not
  // of the same reports.
  Result<std::vector<std::uint64_t>> Unshard(std::span<const AggShare<F>> shares,
                                             std::uint64_t reports) const;
  // The sums when noise was added to shares: the integer next to 0 of each residue.
  Result<std::vector<std::int64_t>> UnshardCentred(std::span<const AggShare<F>> shares) const;

  // The wire. Decoders refuse any other length than the circuit's and elements that are not below
  // the modulus: INVALID_ARGUMENT (VDAF_LENGTH, VDAF_ELEMENT_TOO_LARGE).
  WipedBytes Encode(const PublicShare& share) const;
  WipedBytes Encode(const InputShare<F>& share) const;
  WipedBytes Encode(const VerifierShare<F>& share) const;
  WipedBytes Encode(const VerifierMessage& message) const;
  WipedBytes Encode(const OutShare<F>& share) const;
  WipedBytes Encode(const AggShare<F>& share) const;
  Result<PublicShare> DecodePublicShare(ByteView bytes) const;
  Result<InputShare<F>> DecodeInputShare(AggregatorId id, ByteView bytes) const;
  Result<VerifierShare<F>> DecodeVerifierShare(ByteView bytes) const;
  Result<VerifierMessage> DecodeVerifierMessage(ByteView bytes) const;
  Result<OutShare<F>> DecodeOutShare(ByteView bytes) const;
  Result<AggShare<F>> DecodeAggShare(ByteView bytes) const;

 private:
  Prio3(std::uint32_t algorithm_id, std::uint8_t shares, std::uint8_t proofs,
        std::unique_ptr<const Valid<F>> valid);

  bool has_joint_rand() const { return valid_->lengths().joint_rand_len > 0; }
  Prio3Randomness<F> Randomness(ByteView context) const {
    return {*valid_, algorithm_id_, proofs_, context};
  }
  FieldVec<F> ProveAll(const Prio3Randomness<F>& randomness, std::span<const F> meas,
                       const Seed& prove_seed, std::span<const Seed> joint_rand_parts) const;
  Status CheckInput(AggregatorId id, const PublicShare& public_share,
                    const InputShare<F>& input_share) const;
  Result<FieldVec<F>> SumOfShares(std::span<const AggShare<F>> shares) const;

  std::uint32_t algorithm_id_;
  std::uint8_t shares_;
  std::uint8_t proofs_;
  std::unique_ptr<const Valid<F>> valid_;
  F shares_inverse_;  // 1 over shares_.
};

}  // namespace equinode::vdaf
