#include "domain/privacy/vdaf/prio3_variants.h"

#include <utility>

#include "domain/privacy/vdaf/count.h"
#include "domain/privacy/vdaf/histogram.h"
#include "domain/privacy/vdaf/l1_bound_sum.h"
#include "domain/privacy/vdaf/multihot_count_vec.h"
#include "domain/privacy/vdaf/sum.h"
#include "domain/privacy/vdaf/sum_vec.h"

namespace equinode::vdaf {

Result<Prio3<Field64>> Prio3Count(std::uint8_t shares) {
  return Prio3<Field64>::Make(kPrio3Count, shares, 1,
                              std::unique_ptr<const Valid<Field64>>(new Count<Field64>()));
}

Result<Prio3<Field64>> Prio3Sum(std::uint8_t shares, std::uint64_t max_measurement) {
  return Prio3<Field64>::Make(kPrio3Sum, shares, 1, Sum<Field64>::Make(max_measurement));
}

Result<Prio3<Field128>> Prio3SumVec(std::uint8_t shares, std::size_t length,
                                    std::uint64_t max_measurement, std::size_t chunk_length) {
  return Prio3<Field128>::Make(kPrio3SumVec, shares, 1,
                               SumVec<Field128>::Make(length, max_measurement, chunk_length));
}

Result<Prio3<Field64>> Prio3SumVecWithMultiproof(std::uint8_t shares, std::size_t length,
                                                 std::uint64_t max_measurement,
                                                 std::size_t chunk_length, std::uint8_t proofs) {
  return Prio3<Field64>::Make(kPrio3SumVecWithMultiproof, shares, proofs,
                              SumVec<Field64>::Make(length, max_measurement, chunk_length));
}

Result<Prio3<Field128>> Prio3Histogram(std::uint8_t shares, std::size_t length,
                                       std::size_t chunk_length) {
  return Prio3<Field128>::Make(kPrio3Histogram, shares, 1,
                               Histogram<Field128>::Make(length, chunk_length));
}

Result<Prio3<Field128>> Prio3MultihotCountVec(std::uint8_t shares, std::size_t length,
                                              std::uint64_t max_weight, std::size_t chunk_length) {
  return Prio3<Field128>::Make(kPrio3MultihotCountVec, shares, 1,
                               MultihotCountVec<Field128>::Make(length, max_weight, chunk_length));
}

Result<Prio3<Field128>> Prio3L1BoundSum(std::uint8_t shares, std::size_t length,
                                        std::uint64_t max_value, std::size_t chunk_length) {
  return Prio3<Field128>::Make(kPrio3L1BoundSum, shares, 1,
                               L1BoundSum<Field128>::Make(length, max_value, chunk_length));
}

Result<Prio3<Field128>> Prio3PanelSum(std::uint8_t shares, std::size_t length,
                                      std::uint64_t max_measurement, std::size_t chunk_length,
                                      std::vector<SumConstraint> constraints) {
  return Prio3<Field128>::Make(
      kPrio3PanelSum, shares, 1,
      PanelSum<Field128>::Make(length, max_measurement, chunk_length, std::move(constraints)));
}

}  // namespace equinode::vdaf
