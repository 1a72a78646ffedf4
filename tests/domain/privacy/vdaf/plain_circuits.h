// Circuits with any parameters, and their rules and sums in plain whole numbers: an oracle that is
// written from the draft's words and shares nothing with the product but its factories.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "domain/privacy/vdaf/prio3_variants.h"
#include "tests/domain/privacy/vdaf/plain_field.h"

namespace equinode::vdaf::plain {

enum class Kind { kCount, kSum, kSumVec, kMultiproof, kHistogram, kMultihot, kL1Bound, kPanel };
inline constexpr std::array kKinds = {Kind::kCount,      Kind::kSum,       Kind::kSumVec,
                                      Kind::kMultiproof, Kind::kHistogram, Kind::kMultihot,
                                      Kind::kL1Bound,    Kind::kPanel};
const char* NameOf(Kind kind);

// One circuit with parameters drawn at random.
class AnyCircuit {
 public:
  AnyCircuit(Kind kind, SeededRandom& random);

  Kind kind() const { return kind_; }
  bool small_field() const {
    return kind_ == Kind::kCount || kind_ == Kind::kSum || kind_ == Kind::kMultiproof;
  }

  // A measurement that keeps the rules.
  std::vector<std::uint64_t> Fair(SeededRandom& random) const;
  // Adds it to the sums.
  void AddTo(const std::vector<std::uint64_t>& measurement, std::vector<std::uint64_t>& sums) const;
  bool HoldsInTheClear(const std::vector<std::uint64_t>& measurement) const;
  // Whether an encoded measurement keeps the rules: its elements as integers from 0 to p - 1.
  bool HoldsEncoded(std::span<const Uint128> encoded) const;
  template <typename F>
  bool Holds(std::span<const F> encoded) const {
    std::vector<Uint128> integers;
    for (const F& one : encoded) integers.push_back(Integer(one));
    return HoldsEncoded(integers);
  }

  Result<Prio3<Field64>> Small() const;
  Result<Prio3<Field128>> Large() const;

 private:
  std::size_t digits() const;
  std::uint64_t DecodeAt(std::span<const Uint128> encoded, std::size_t place) const;

  Kind kind_;
  std::uint8_t shares_ = 2;
  std::uint8_t proofs_ = 1;
  std::size_t length_ = 1;
  std::uint64_t max_ = 1;  // Of a value, of the weight or of the norm.
  std::size_t chunk_ = 1;
  std::vector<std::uint64_t> panel_{};  // A measurement of which the constraints were made.
  std::vector<SumConstraint> constraints_{};
};

template <typename F>
Result<Prio3<F>> Make(const AnyCircuit& any) {
  if constexpr (F::kEncodedSize == 8) {
    return any.Small();
  } else {
    return any.Large();
  }
}

// A client that sends `encoded` whatever it measured, and proves it as well as it can: the circuit
// but for its check and its encoding.
template <typename F>
class Liar final : public Valid<F> {
 public:
  Liar(Prio3<F> honest, const FieldVec<F>& encoded)
      : Valid<F>(honest.valid().lengths(), honest.valid().max_output(),
                 GadgetLike(honest.valid().gadget())),
        honest_(std::move(honest)),
        encoded_(encoded) {}
  Status Check(Measurement) const override { return Ok(); }
  void Encode(Measurement, std::span<F> encoded) const override {
    std::copy(encoded_.begin(), encoded_.end(), encoded.begin());
  }
  void Truncate(std::span<const F> meas, std::span<F> output) const override {
    honest_.valid().Truncate(meas, output);
  }
  void Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
            GadgetCalls<F>& gadget, std::span<F> outputs) const override {
    honest_.valid().Eval(meas, joint_rand, shares_inverse, gadget, outputs);
  }

 private:
  static std::unique_ptr<const Gadget<F>> GadgetLike(const Gadget<F>& gadget) {
    if (gadget.arity() == 1) {
      return std::make_unique<PolyEval<F>>(std::array<F, 3>{F(), -F(1), F(1)});
    }
    return std::make_unique<ParallelSum<F>>(gadget.arity() / 2);
  }
  Prio3<F> honest_;
  FieldVec<F> encoded_;
};

template <typename F>
Result<Prio3<F>> MakeLiar(const AnyCircuit& any, const FieldVec<F>& encoded) {
  static constexpr std::array<std::uint32_t, kKinds.size()> kIds = {1, 2, 3, 0xffffffff,
                                                                    4, 5, 7, 0xffff0001};
  auto honest = Make<F>(any).value();
  const std::uint8_t shares = honest.shares();
  return Prio3<F>::Make(kIds[static_cast<std::size_t>(any.kind())], shares,
                        any.kind() == Kind::kMultiproof ? std::uint8_t{3} : std::uint8_t{1},
                        std::unique_ptr<const Valid<F>>(new Liar<F>(std::move(honest), encoded)));
}

// Changes an encoded measurement somewhere.
template <typename F>
void Lie(SeededRandom& random, std::span<F> encoded) {
  F& one = encoded[random.Below(encoded.size())];
  F& other = encoded[random.Below(encoded.size())];
  switch (random.Below(6)) {
    case 0:
      one = F(random.Below(2));  // A digit still.
      break;
    case 1:
      std::swap(one, other);
      break;
    case 2:
      one = F(2);
      break;
    case 3:
      one = -F(1);
      break;
    case 4:
      one = F(random.Next64());
      break;
    default:
      // The same sum.
      one += F(1);
      other -= F(1);
      break;
  }
}

}  // namespace equinode::vdaf::plain
