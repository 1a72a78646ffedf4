// What the parties of Prio3 hold and send (draft section 7.2).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "domain/privacy/vdaf/field_vec.h"
#include "domain/privacy/vdaf/wiped.h"

namespace equinode::vdaf {

// Of a report; never used twice.
using Nonce = std::array<std::uint8_t, 16>;
// Shared by the aggregators, unknown to the clients.
using VerifyKey = Seed;

// Aggregator 0 is the leader, all others are helpers.
using AggregatorId = std::uint8_t;

// Empty when the circuit has no joint randomness, as are the blinds and the message below.
struct PublicShare {
  std::vector<Seed> joint_rand_parts{};  // By aggregator.
};

template <typename F>
struct LeaderShare {
  FieldVec<F> meas{};
  FieldVec<F> proofs{};  // One proof behind the other.
  std::optional<Seed> joint_rand_blind{};
};
// The measurement's and the proofs' shares both come from one seed.
struct HelperShare {
  Seed share{};
  std::optional<Seed> joint_rand_blind{};
};
template <typename F>
using InputShare = std::variant<LeaderShare<F>, HelperShare>;

template <typename F>
struct Report {
  PublicShare public_share{};
  std::vector<InputShare<F>> input_shares{};  // By aggregator.
};

// For one measurement, before it is known to be valid.
template <typename F>
struct VerifyState {
  FieldVec<F> out_share{};
  std::optional<Seed> joint_rand_seed{};  // As this aggregator works it out.
};
template <typename F>
struct VerifierShare {
  FieldVec<F> verifiers{};
  std::optional<Seed> joint_rand_part{};
};
struct VerifierMessage {
  std::optional<Seed> joint_rand_seed{};
};

// One aggregator's share of a valid measurement, and of the sum of some.
template <typename F>
struct OutShare {
  FieldVec<F> values{};
};
template <typename F>
struct AggShare {
  FieldVec<F> values{};
};

}  // namespace equinode::vdaf
