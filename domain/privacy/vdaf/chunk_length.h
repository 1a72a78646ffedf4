// How long the chunks of a circuit are best.
#pragma once

#include <cstddef>

namespace equinode::vdaf {

// The chunk length with the shortest proof for a measurement of `meas_len` elements, the least of
// them when several have it. By search over the number of chunks that fills a transform: the square
// root that is often used gives proofs up to half as long again. `meas_len` is at least 1.
std::size_t BestChunkLength(std::size_t meas_len);

}  // namespace equinode::vdaf
