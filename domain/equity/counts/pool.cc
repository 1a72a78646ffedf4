#include "domain/equity/counts/pool.h"

#include <cassert>

namespace equinode::equity {
namespace {

// The overflow of a whole batch is gathered in one word, so that the loop has no branch for it.
bool AddTo(const CellCounts& from, CellCounts& sum) {
  bool over =
      __builtin_add_overflow(sum.numerator.lower, from.numerator.lower, &sum.numerator.lower);
  over |= __builtin_add_overflow(sum.numerator.upper, from.numerator.upper, &sum.numerator.upper);
  over |= __builtin_add_overflow(sum.numerator.noise_variance, from.numerator.noise_variance,
                                 &sum.numerator.noise_variance);
  over |=
      __builtin_add_overflow(sum.denominator.lower, from.denominator.lower, &sum.denominator.lower);
  over |=
      __builtin_add_overflow(sum.denominator.upper, from.denominator.upper, &sum.denominator.upper);
  over |= __builtin_add_overflow(sum.denominator.noise_variance, from.denominator.noise_variance,
                                 &sum.denominator.noise_variance);
  return over;
}

Error TooLarge() {
  return Error{Code::kOutOfRange, "COUNT_TOO_LARGE", "a sum of counts is past 64 bits"};
}

}  // namespace

Status Pool::Add(std::span<const Cell> cells) {
  bool over = false;
  for (const Cell& cell : cells) {
    assert(cell.series < sums_.size());
    over |= AddTo(cell.counts, sums_[cell.series]);
    ++organisations_[cell.series];
  }
  if (over) return TooLarge();
  return Ok();
}

Status Pool::Merge(const Pool& other) {
  assert(other.sums_.size() == sums_.size());
  bool over = false;
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    over |= AddTo(other.sums_[i], sums_[i]);
    organisations_[i] += other.organisations_[i];
  }
  if (over) return TooLarge();
  return Ok();
}

Result<CountTable> PoolOrganisations(const CountTable& table) {
  Pool pool(table.series.size());
  EQN_CHECK(pool.Add(table.cells));
  CountTable pooled;
  pooled.organisations.emplace_back();
  for (std::uint32_t i = 0; i < table.series.size(); ++i) {
    if (pool.organisations(i) == 0) continue;
    pooled.cells.push_back({static_cast<std::uint32_t>(pooled.series.size()), 0, pool.sum(i)});
    pooled.series.push_back(table.series[i]);
  }
  return pooled;
}

}  // namespace equinode::equity
