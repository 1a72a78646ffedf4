// A simplex tableau in whole numbers: every row has its own positive denominator, so nothing is
// ever rounded. It starts at the true counts, which fit, and walks from vertex to vertex.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "domain/privacy/audit/system.h"

namespace equinode::privacy {

__extension__ typedef __int128 Wide;

inline constexpr std::int64_t kWidestCount = std::int64_t{1} << 61;

// Elementary steps that a decision may take, near a nanosecond each; it counts down. A decision
// that runs out is no decision.
struct Effort {
  std::uint64_t left = 0;
  bool Spend(std::uint64_t steps) {
    if (steps > left) {
      left = 0;
      return false;
    }
    left -= steps;
    return true;
  }
};

class Tableau {
 public:
  enum class End : std::uint8_t {
    kBest,     // No point of the rational relaxation has a better value.
    kStopped,  // `visit` said so.
    kOpen,     // The value has no bound; Ray gives points.
    kEmpty,    // No point is left within the bounds.
    kGaveUp,   // Effort or the width of numbers ran out. The tableau is of no more use.
  };
  // Called at every vertex whose values are whole numbers; true stops.
  using Visit = std::function<bool()>;

  // Of a block whose truth fits it. Nothing when it gave up.
  static std::optional<Tableau> AtTruth(const System& block, Effort& effort);

  // Makes `unknown` as large (direction 1) or as small (-1) as it goes. The point must be within
  // all bounds.
  End Push(std::uint32_t unknown, int direction, const Visit& visit, Effort& effort);

  // After Narrow, on a tableau where Push ended with kBest for the same unknown and direction: back
  // to the best point within the bounds.
  End Restore(std::uint32_t unknown, int direction, Effort& effort);

  void Narrow(std::uint32_t unknown, std::int64_t low, std::int64_t high);
  std::int64_t low(std::uint32_t unknown) const { return low_[unknown]; }
  std::int64_t high(std::uint32_t unknown) const { return high_[unknown]; }

  bool whole() const;  // Every value is a whole number.
  std::int64_t Floor(std::uint32_t unknown) const;
  std::int64_t Ceil(std::uint32_t unknown) const;
  // An unknown whose value is no whole number, the lowest; only when not whole().
  std::uint32_t FirstBroken() const;
  // Only when whole(). False when a value is past kWidestCount.
  bool Values(std::vector<std::int64_t>* values) const;

  // After kOpen: a step along the open ray, in whole numbers, by which the unknown pushed moves by
  // at least 1. Nothing when the numbers grow too wide.
  std::optional<std::vector<std::int64_t>> Ray() const;

 private:
  struct Step;
  std::int64_t* row(std::size_t i) { return entries_.data() + i * stride_; }
  const std::int64_t* row(std::size_t i) const { return entries_.data() + i * stride_; }
  std::size_t rows() const { return basic_.size(); }
  std::size_t slots() const { return outside_.size(); }

  // The basic unknown of row i becomes `value` and leaves; slot k enters.
  bool Pivot(std::size_t i, std::size_t k, std::int64_t value, Effort& effort);
  void Shift(std::size_t k, std::int64_t by);
  void DropSlot(std::size_t k);
  // By how much the pushed unknown gains, in units of its row's denominator, per unit of slot k.
  std::int64_t Gain(std::uint32_t unknown, int direction, std::size_t k) const;
  Step Longest(std::size_t k, int way) const;

  std::size_t stride_ = 0;
  std::vector<std::int64_t> entries_{};      // Row by row: factors of the unknowns outside.
  std::vector<std::int64_t> denominator_{};  // By row, > 0.
  // By row: denominator times the basic unknown's value, given the values outside.
  std::vector<Wide> value_{};
  std::vector<std::uint32_t> basic_{};        // By row.
  std::vector<std::uint32_t> outside_{};      // By slot.
  std::vector<std::int64_t> at_{};            // By unknown; of those outside.
  std::vector<std::int64_t> low_{}, high_{};  // By unknown.
  std::vector<std::int32_t> row_of_{};        // By unknown; -1 = outside.
  std::size_t ray_slot_ = 0;
  int ray_way_ = 0;
  std::vector<std::uint32_t> touched_{};  // Slots of the pivot row that are not 0.
};

}  // namespace equinode::privacy
