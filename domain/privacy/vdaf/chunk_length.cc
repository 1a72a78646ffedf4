#include "domain/privacy/vdaf/chunk_length.h"

#include "domain/privacy/vdaf/bit_check.h"

namespace equinode::vdaf {

std::size_t BestChunkLength(std::size_t meas_len) {
  // With a transform of so many points (one is the seeds'), no shorter chunk would do and no longer
  // one is of use.
  std::size_t best = meas_len;
  std::size_t best_proof = 2 * meas_len + 3;
  for (std::size_t points = 2; points / 2 <= meas_len; points *= 2) {
    const std::size_t chunk = ChunkCount(meas_len, points - 1);
    const std::size_t proof = 2 * chunk + 2 * points - 1;
    if (proof > best_proof || (proof == best_proof && chunk > best)) continue;
    best = chunk;
    best_proof = proof;
  }
  return best;
}

}  // namespace equinode::vdaf
