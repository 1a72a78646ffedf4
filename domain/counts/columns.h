// One row a person in columns: 15 bytes for the stratifiers, two bits for each measure. In pieces
// of 16,384 people, so that growth copies nothing and an empty stretch of numbers costs nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "domain/counts/age_bands.h"
#include "domain/counts/coverage_book.h"
#include "domain/counts/dictionary.h"
#include "domain/people/facts.h"

namespace equinode {

inline constexpr std::uint32_t kPiecePeople = 16384;

// Bit planes of one measure for the people of one piece. A numerator bit is set only beside its
// denominator bit.
struct MeasurePlanes {
  std::array<std::uint64_t, kPiecePeople / 64> denominator{};
  std::array<std::uint64_t, kPiecePeople / 64> numerator{};
};

// Plain memory, so that a snapshot is a copy of it.
struct PersonColumns {
  template <typename T>
  using Column = std::array<T, kPiecePeople>;
  Column<std::uint8_t> race_ethnicity{};  // Race1997, 4 bits; Ethnicity1997, 3 bits; present, 1.
  Column<std::uint8_t> race2024_sex{};    // RaceEthnicity2024, 4 bits; SexStratum, 3 bits.
  Column<std::uint8_t> available{};       // One bit each of kAvailabilityMeasures.
  Column<Dictionary::Code> language{};
  Column<Dictionary::Code> county{};
  Column<Dictionary::Code> zip3{};
  Column<Dictionary::Code> owner{};
  Column<BirthCode> birth{};
  Column<CoverageBook::Mark> coverage{};
};
inline constexpr std::uint8_t kPresent = 0x80;

struct Piece {
  PersonColumns people{};
  std::vector<std::unique_ptr<MeasurePlanes>> measures{};  // By measure code; null = nobody.
};

// Not thread-safe: guarded by its owner.
class Columns {
 public:
  // Null when nothing was ever said of somebody near `person`.
  const Piece* Find(PersonNo person) const {
    const std::size_t at = person / kPiecePeople;
    return at < pieces_.size() ? pieces_[at].get() : nullptr;
  }
  Piece& Get(PersonNo person) {
    const std::size_t at = person / kPiecePeople;
    if (at >= pieces_.size()) pieces_.resize(at + 1);
    if (pieces_[at] == nullptr) pieces_[at] = std::make_unique<Piece>();
    return *pieces_[at];
  }
  static std::uint32_t Row(PersonNo person) { return person % kPiecePeople; }

  const std::vector<std::unique_ptr<Piece>>& pieces() const { return pieces_; }
  void Clear() { pieces_.clear(); }

  std::size_t stratifier_bytes() const;
  std::size_t measure_bytes() const;

 private:
  std::vector<std::unique_ptr<Piece>> pieces_{};
};

}  // namespace equinode
