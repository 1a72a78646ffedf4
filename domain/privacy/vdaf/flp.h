// The fully linear proof of draft section 7.3.3 (FlpBBCGGI19): a proof that a measurement keeps a
// circuit's rules, that can be checked on shares of both.
#pragma once

#include <span>

#include "base/result.h"
#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// All spans have the lengths of `valid`: meas_len, prove_rand_len, joint_rand_len, query_rand_len,
// proof_len and verifier_len.

// Proves whatever it is given: of a measurement that breaks a rule the proof fails.
template <typename F>
void Prove(const Valid<F>& valid, std::span<const F> meas, std::span<const F> prove_rand,
           std::span<const F> joint_rand, std::span<F> proof);

// A share of the verifier from shares of the measurement and of the proof. ABORTED
// (VDAF_TEST_POINT) when the query's randomness hits a root of unity: of 2^64 or more nonces one.
template <typename F>
Status Query(const Valid<F>& valid, std::span<const F> meas, std::span<const F> proof,
             std::span<const F> query_rand, std::span<const F> joint_rand, F shares_inverse,
             std::span<F> verifier);

// Whether the measurement is to be accepted, from the sum of all shares of the verifier.
template <typename F>
bool Decide(const Valid<F>& valid, std::span<const F> verifier);

}  // namespace equinode::vdaf
