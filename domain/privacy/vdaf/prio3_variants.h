// The instances of Prio3, by their names and numbers in the draft (section 7.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "domain/privacy/vdaf/panel_sum.h"
#include "domain/privacy/vdaf/prio3.h"

namespace equinode::vdaf {

inline constexpr std::uint32_t kPrio3Count = 0x00000001;
inline constexpr std::uint32_t kPrio3Sum = 0x00000002;
inline constexpr std::uint32_t kPrio3SumVec = 0x00000003;
inline constexpr std::uint32_t kPrio3Histogram = 0x00000004;
inline constexpr std::uint32_t kPrio3MultihotCountVec = 0x00000005;
inline constexpr std::uint32_t kPrio3L1BoundSum = 0x00000007;  // draft-ietf-ppm-l1-bound-sum-01.
inline constexpr std::uint32_t kPrio3PanelSum = 0xffff0001;    // Our own: the private range.
// No number of its own: the draft's vectors use the private range's last.
inline constexpr std::uint32_t kPrio3SumVecWithMultiproof = 0xffffffff;

// `shares` is 2 to 255; the circuits say what their parameters mean. A `chunk_length` is best the
// one of BestChunkLength, and both sides must have the same. INVALID_ARGUMENT (VDAF_PARAMETER),
// naming it, for a parameter out of range.
Result<Prio3<Field64>> Prio3Count(std::uint8_t shares);
Result<Prio3<Field64>> Prio3Sum(std::uint8_t shares, std::uint64_t max_measurement);
Result<Prio3<Field128>> Prio3SumVec(std::uint8_t shares, std::size_t length,
                                    std::uint64_t max_measurement, std::size_t chunk_length);
// Over the small field, with several proofs for its soundness: at least 3.
Result<Prio3<Field64>> Prio3SumVecWithMultiproof(std::uint8_t shares, std::size_t length,
                                                 std::uint64_t max_measurement,
                                                 std::size_t chunk_length, std::uint8_t proofs);
Result<Prio3<Field128>> Prio3Histogram(std::uint8_t shares, std::size_t length,
                                       std::size_t chunk_length);
Result<Prio3<Field128>> Prio3MultihotCountVec(std::uint8_t shares, std::size_t length,
                                              std::uint64_t max_weight, std::size_t chunk_length);
Result<Prio3<Field128>> Prio3L1BoundSum(std::uint8_t shares, std::size_t length,
                                        std::uint64_t max_value, std::size_t chunk_length);
Result<Prio3<Field128>> Prio3PanelSum(std::uint8_t shares, std::size_t length,
                                      std::uint64_t max_measurement, std::size_t chunk_length,
                                      std::vector<SumConstraint> constraints);

}  // namespace equinode::vdaf
