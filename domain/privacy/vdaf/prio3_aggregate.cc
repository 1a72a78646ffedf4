// From valid measurements to their sum: draft sections 7.2.4 and 7.2.5.
#include <limits>
#include <string>

#include "domain/privacy/vdaf/prio3.h"

namespace equinode::vdaf {
namespace {

__extension__ typedef unsigned __int128 Uint128;

constexpr std::uint64_t kMaxReports = std::uint64_t{1} << 32;

template <typename F>
Status Add(FieldVec<F>& sum, const FieldVec<F>& more) {
  if (sum.size() != more.size()) {
    return Error{Code::kInvalidArgument, "VDAF_LENGTH",
                 "a share has " + std::to_string(more.size()) + " elements, not " +
                     std::to_string(sum.size())};
  }
  AddTo<F>(sum, more);
  return Ok();
}

Error OutOfRange(std::size_t index) {
  return Error{Code::kDataLoss, "VDAF_AGGREGATE",
               "sum " + std::to_string(index) +
                   " is more than the reports can come to: the shares are not all of the same "
                   "reports"};
}

}  // namespace

template <typename F>
AggShare<F> Prio3<F>::AggregateInit() const {
  return {FieldVec<F>(valid_->lengths().output_len)};
}

template <typename F>
Status Prio3<F>::AggregateUpdate(AggShare<F>& aggregate, const OutShare<F>& out_share) const {
  return Add(aggregate.values, out_share.values);
}

template <typename F>
Status Prio3<F>::Merge(AggShare<F>& aggregate, const AggShare<F>& other) const {
  return Add(aggregate.values, other.values);
}

template <typename F>
Result<FieldVec<F>> Prio3<F>::SumOfShares(std::span<const AggShare<F>> shares) const {
  if (shares.size() != shares_) {
    return Error{
        Code::kInvalidArgument, "VDAF_LENGTH",
        std::to_string(shares.size()) + " aggregate shares, not " + std::to_string(shares_)};
  }
  FieldVec<F> sum(valid_->lengths().output_len);
  for (const AggShare<F>& share : shares) EQN_CHECK(Add(sum, share.values));
  return sum;
}

template <typename F>
Result<std::vector<std::uint64_t>> Prio3<F>::Unshard(std::span<const AggShare<F>> shares,
                                                     std::uint64_t reports) const {
  const std::uint64_t most = valid_->max_output();
  if (reports > kMaxReports || !F::Holds(reports, most)) {
    return Error{Code::kInvalidArgument, "VDAF_PARAMETER",
                 "so many reports can exceed the field's modulus"};
  }
  EQN_TRY(const FieldVec<F> sum, SumOfShares(shares));
  std::vector<std::uint64_t> result(sum.size());
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (!sum[i].ToUint64(result[i]) || result[i] > Uint128{reports} * most) return OutOfRange(i);
  }
  return result;
}

template <typename F>
Result<std::vector<std::int64_t>> Prio3<F>::UnshardCentred(
    std::span<const AggShare<F>> shares) const {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / 2;
  EQN_TRY(const FieldVec<F> sum, SumOfShares(shares));
  std::vector<std::int64_t> result(sum.size());
  for (std::size_t i = 0; i < sum.size(); ++i) {
    std::uint64_t above = 0;
    std::uint64_t below = 0;
    if (sum[i].ToUint64(above) && above <= kMost) {
      result[i] = static_cast<std::int64_t>(above);
    } else if ((-sum[i]).ToUint64(below) && below <= kMost) {
      result[i] = -static_cast<std::int64_t>(below);
    } else {
      return OutOfRange(i);
    }
  }
  return result;
}

template class Prio3<Field64>;
template class Prio3<Field128>;

}  // namespace equinode::vdaf
