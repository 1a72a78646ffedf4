#include "tests/domain/privacy/vdaf/plain_circuits.h"

#include <numeric>

namespace equinode::vdaf::plain {
namespace {

__extension__ typedef __int128 Int128;

// What the signs of a constraint make of some values.
Int128 SumOf(const SumConstraint& constraint, const std::vector<std::uint64_t>& values) {
  Int128 sum = 0;
  for (const std::size_t index : constraint.plus) sum += values[index];
  for (const std::size_t index : constraint.minus) sum -= values[index];
  return sum;
}

}  // namespace

const char* NameOf(Kind kind) {
  static constexpr std::array<const char*, kKinds.size()> kNames = {
      "Count",      "Sum",     "SumVec", "SumVecWithMultiproof", "Histogram", "MultihotCountVec",
      "L1BoundSum", "PanelSum"};
  return kNames[static_cast<std::size_t>(kind)];
}

AnyCircuit::AnyCircuit(Kind kind, SeededRandom& random) : kind_(kind) {
  shares_ = static_cast<std::uint8_t>(2 + (random.Below(2) == 0 ? 0 : random.Below(4)));
  if (kind == Kind::kMultiproof) proofs_ = 3;
  if (kind == Kind::kCount) return;
  // Bounds of every shape: powers of two, one less, anything, up to the widest.
  const std::uint64_t power = std::uint64_t{1} << random.Below(small_field() ? 62 : 63);
  max_ = random.Below(3) == 0 ? power : 1 + random.Below(random.Below(2) == 0 ? power : 300);
  if (kind == Kind::kSum) return;
  length_ = 1 + random.Below(12);
  if (kind == Kind::kMultihot) max_ = 1 + random.Below(length_);
  chunk_ = 1 + random.Below(random.Below(2) == 0 ? 6 : 60);
  if (kind != Kind::kPanel) return;
  panel_.resize(length_);
  for (std::uint64_t& one : panel_) one = random.Below(max_ + 1);
  for (std::size_t i = random.Below(5); i > 0; --i) {
    SumConstraint constraint;
    for (std::size_t index = 0; index < length_; ++index) {
      const std::uint64_t side = random.Below(4);
      if (side == 0) constraint.plus.push_back(index);
      if (side == 1) constraint.minus.push_back(index);
    }
    if (SumOf(constraint, panel_) < 0) std::swap(constraint.plus, constraint.minus);
    const Int128 total = SumOf(constraint, panel_);
    if (total >> 63 != 0) continue;
    constraint.total = static_cast<std::uint64_t>(total);
    constraints_.push_back(constraint);
  }
}

Result<Prio3<Field64>> AnyCircuit::Small() const {
  if (kind_ == Kind::kCount) return Prio3Count(shares_);
  if (kind_ == Kind::kSum) return Prio3Sum(shares_, max_);
  return Prio3SumVecWithMultiproof(shares_, length_, max_, chunk_, proofs_);
}

Result<Prio3<Field128>> AnyCircuit::Large() const {
  if (kind_ == Kind::kHistogram) return Prio3Histogram(shares_, length_, chunk_);
  if (kind_ == Kind::kMultihot) return Prio3MultihotCountVec(shares_, length_, max_, chunk_);
  if (kind_ == Kind::kL1Bound) return Prio3L1BoundSum(shares_, length_, max_, chunk_);
  if (kind_ == Kind::kPanel) return Prio3PanelSum(shares_, length_, max_, chunk_, constraints_);
  return Prio3SumVec(shares_, length_, max_, chunk_);
}

std::vector<std::uint64_t> AnyCircuit::Fair(SeededRandom& random) const {
  switch (kind_) {
    case Kind::kCount:
      return {random.Below(2)};
    case Kind::kHistogram:
      return {random.Below(length_)};
    case Kind::kPanel: {
      if (!constraints_.empty()) return panel_;
      break;
    }
    case Kind::kMultihot: {
      std::vector<std::uint64_t> bits(length_);
      std::uint64_t weight = random.Below(max_ + 1);
      for (std::size_t i = 0; i < length_ && weight > 0; ++i) {
        // The rest must still have room.
        if (length_ - i > weight && random.Below(2) == 0) continue;
        bits[i] = 1;
        --weight;
      }
      return bits;
    }
    case Kind::kL1Bound: {
      std::vector<std::uint64_t> values(length_);
      std::uint64_t left = max_;
      for (std::uint64_t& one : values) {
        one = random.Below(3) == 0 ? left : random.Below(left + 1);
        left -= one;
      }
      return values;
    }
    case Kind::kSum:
    case Kind::kSumVec:
    case Kind::kMultiproof:
      break;
  }
  std::vector<std::uint64_t> values(length_);
  for (std::uint64_t& one : values) {
    one = random.Below(4) == 0 ? max_ : random.Below(max_ + 1);
    // Sums of a few reports are to be told in 64 bits.
    one >>= 3 * (max_ >> 60 != 0);
  }
  return values;
}

void AnyCircuit::AddTo(const std::vector<std::uint64_t>& measurement,
                       std::vector<std::uint64_t>& sums) const {
  if (kind_ == Kind::kHistogram) {
    ++sums[measurement[0]];
    return;
  }
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += measurement[i];
}

bool AnyCircuit::HoldsInTheClear(const std::vector<std::uint64_t>& measurement) const {
  if (kind_ == Kind::kHistogram) return measurement[0] < length_;
  const std::uint64_t most = kind_ == Kind::kMultihot ? 1 : max_;
  Uint128 sum = 0;
  for (const std::uint64_t one : measurement) {
    if (one > most) return false;
    sum += one;
  }
  if (kind_ == Kind::kMultihot || kind_ == Kind::kL1Bound) return sum <= max_;
  for (const SumConstraint& constraint : constraints_) {
    if (SumOf(constraint, measurement) != constraint.total) return false;
  }
  return true;
}

std::size_t AnyCircuit::digits() const {
  std::size_t digits = 0;
  while (digits < 64 && max_ >> digits != 0) ++digits;
  return digits;
}

std::uint64_t AnyCircuit::DecodeAt(std::span<const Uint128> encoded, std::size_t place) const {
  std::uint64_t value = 0;
  std::uint64_t rest = 0;  // What the digits but the last weigh.
  for (std::size_t i = 0; i + 1 < digits(); ++i) {
    if (encoded[place + i] == 1) value += std::uint64_t{1} << i;
    rest += std::uint64_t{1} << i;
  }
  if (encoded[place + digits() - 1] == 1) value += max_ - rest;
  return value;
}

bool AnyCircuit::HoldsEncoded(std::span<const Uint128> encoded) const {
  for (const Uint128 one : encoded) {
    if (one > 1) return false;
  }
  std::vector<std::uint64_t> values;
  Uint128 ones = 0;
  switch (kind_) {
    case Kind::kCount:
    case Kind::kSum:
    case Kind::kSumVec:
    case Kind::kMultiproof:
      return true;
    case Kind::kHistogram:
      return std::accumulate(encoded.begin(), encoded.end(), Uint128{0}) == 1;
    case Kind::kMultihot:
      for (const Uint128 one : encoded.first(length_)) ones += one;
      return ones == DecodeAt(encoded, length_);
    case Kind::kL1Bound: {
      Uint128 sum = 0;
      for (std::size_t i = 0; i < length_; ++i) sum += DecodeAt(encoded, i * digits());
      return sum == DecodeAt(encoded, length_ * digits());
    }
    case Kind::kPanel:
      for (std::size_t i = 0; i < length_; ++i) values.push_back(DecodeAt(encoded, i * digits()));
      return HoldsInTheClear(values);
  }
  return false;
}

}  // namespace equinode::vdaf::plain
