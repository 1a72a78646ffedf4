// Maintained cells of one scope: every one-way table of one population, kept in step with each
// change, so that an answer costs nothing but its own size.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "domain/counts/columns.h"
#include "domain/counts/placement.h"
#include "domain/counts/tally.h"

namespace equinode {

// One cache line. Line 0 of a cell: lane 0 people, 1..6 kAvailabilityMeasures, then denominator and
// numerator of four measures; each further line eight measures.
struct alignas(64) CellLine {
  std::array<std::uint32_t, 16> lanes{};
};
static_assert(sizeof(CellLine) == 64);

// Not thread-safe: guarded by its owner.
class Panel {
 public:
  Panel(CountScope scope, Placement placement);

  const CountScope& scope() const { return scope_; }
  Placement& placement() { return placement_; }
  const Placement& placement() const { return placement_; }

  // From now on the measure has lanes. Only before anybody is in it.
  void AddMeasure(Dictionary::Code measure);

  // Takes a person in (+1) or out (-1) as the columns stand now.
  void Count(const Piece& piece, PersonNo person, const CoverageBook& book, int sign);

  // Adds what the cells hold to `tally`.
  void Read(Stratifier stratifier, Tally& tally) const;

  std::size_t occupied() const { return occupied_; }
  std::size_t cell_bytes() const;

 private:
  using Lanes = std::vector<CellLine>;
  void AddTo(Stratifier stratifier, std::uint16_t code, std::uint32_t sign);

  CountScope scope_;
  Placement placement_;
  std::vector<Dictionary::Code> measures_{};
  std::array<std::vector<std::uint32_t>, kStratifiers> slots_{};  // By code; kNoSlot = no cell.
  std::vector<std::vector<CellLine>> lines_;                      // By line, then by slot.
  std::vector<CellLine> change_;  // Of the person at hand; one for each line.
  std::vector<bool> touched_;     // Lines of change_ that hold anything.
  std::uint32_t occupied_ = 0;
};

}  // namespace equinode
