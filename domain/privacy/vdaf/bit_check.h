// That every element of a vector is 0 or 1: what all circuits with a chunk length share.
#pragma once

#include <cstddef>
#include <span>

#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// Calls of ParallelSum for `meas_len` elements, `chunk_length` a call.
inline std::size_t ChunkCount(std::size_t meas_len, std::size_t chunk_length) {
  return (meas_len + chunk_length - 1) / chunk_length;
}

// x * (x - 1) summed over all elements, the j-th of chunk i weighed with the (j + 1)-st power of
// joint_rand[i]: 0 when all are bits, and else hardly ever. Past the end x counts as 0. The gadget
// is a ParallelSum of chunk_length pairs.
template <typename F>
F BitCheck(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
           std::size_t chunk_length, GadgetCalls<F>& gadget);

}  // namespace equinode::vdaf
