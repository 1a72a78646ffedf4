#include "domain/counts/panel.h"

#include <algorithm>
#include <utility>

namespace equinode {
namespace {

constexpr std::uint32_t kNoSlot = 0xFFFFFFFF;
constexpr std::size_t kFirstMeasureLane = 1 + kAvailabilityMeasures.size();
constexpr std::size_t kMeasuresInFirst = (16 - kFirstMeasureLane) / 2;

struct Lane {
  std::size_t line = 0;
  std::size_t lane = 0;  // Of the denominator; the numerator is the next.
};

// Room for one more, and little beyond: cells are what the memory bound is about.
template <typename T>
void MakeRoom(std::vector<T>& values, std::size_t size) {
  if (size > values.capacity()) values.reserve(size + size / 32 + 2);
}

Lane LaneOf(std::size_t measure) {
  if (measure < kMeasuresInFirst) return {0, kFirstMeasureLane + 2 * measure};
  return {1 + (measure - kMeasuresInFirst) / 8, 2 * ((measure - kMeasuresInFirst) % 8)};
}

}  // namespace

Panel::Panel(CountScope scope, Placement placement)
    : scope_(std::move(scope)),
      placement_(std::move(placement)),
      lines_(1),
      change_(1),
      touched_(1, true) {}

void Panel::AddMeasure(Dictionary::Code measure) {
  measures_.push_back(measure);
  const std::size_t lines = LaneOf(measures_.size() - 1).line + 1;
  if (lines <= lines_.size()) return;
  lines_.resize(lines);
  lines_.back().resize(occupied_);
  change_.resize(lines);
  touched_.resize(lines);
}

void Panel::Count(const Piece& piece, PersonNo person, const CoverageBook& book, int sign) {
  const std::uint32_t row = Columns::Row(person);
  StratumCodes codes;
  if (!placement_.Place(piece.people, row, person, book, codes)) return;

  std::ranges::fill(change_, CellLine{});
  std::fill(touched_.begin() + 1, touched_.end(), false);
  // Lanes are modulo 2^32: adding the complement of one takes one away.
  const std::uint32_t one = static_cast<std::uint32_t>(sign);
  CellLine& first = change_.front();
  first.lanes[0] = one;
  for (std::size_t i = 0; i < kAvailabilityMeasures.size(); ++i) {
    if ((piece.people.available[row] >> i & 1) != 0) first.lanes[1 + i] = one;
  }
  for (std::size_t i = 0; i < measures_.size(); ++i) {
    if (measures_[i] >= piece.measures.size()) continue;
    const MeasurePlanes* planes = piece.measures[measures_[i]].get();
    if (planes == nullptr || (planes->denominator[row / 64] >> row % 64 & 1) == 0) continue;
    const Lane at = LaneOf(i);
    touched_[at.line] = true;
    change_[at.line].lanes[at.lane] = one;
    if ((planes->numerator[row / 64] >> row % 64 & 1) != 0) {
      change_[at.line].lanes[at.lane + 1] = one;
    }
  }
  for (std::size_t i = 0; i < kStratifiers; ++i) {
    std::vector<std::uint32_t>& slots = slots_[i];
    if (codes[i] >= slots.size()) {
      MakeRoom(slots, codes[i] + 1u);
      slots.resize(codes[i] + 1u, kNoSlot);
    }
    std::uint32_t& slot = slots[codes[i]];
    if (slot == kNoSlot) {
      slot = occupied_++;
      for (std::vector<CellLine>& line : lines_) {
        MakeRoom(line, occupied_);
        line.emplace_back();
      }
    }
    for (std::size_t line = 0; line < lines_.size(); ++line) {
      if (!touched_[line]) continue;
      CellLine& cell = lines_[line][slot];
      const CellLine& change = change_[line];
      for (std::size_t lane = 0; lane < 16; ++lane) cell.lanes[lane] += change.lanes[lane];
    }
  }
}

void Panel::Read(Stratifier stratifier, Tally& tally) const {
  const std::vector<std::uint32_t>& slots = slots_[static_cast<std::size_t>(stratifier) - 1];
  if (tally.people.size() < slots.size()) tally.Resize(slots.size());
  for (std::size_t code = 0; code < slots.size(); ++code) {
    const std::uint32_t slot = slots[code];
    if (slot == kNoSlot) continue;
    tally.people[code] += lines_[0][slot].lanes[0];
    for (MeasureTally& measure : tally.measures) {
      if (measure.availability.has_value()) {
        measure.numerator[code] += lines_[0][slot].lanes[1 + *measure.availability];
      } else if (measure.imported.has_value()) {
        const auto found = std::ranges::find(measures_, *measure.imported);
        if (found == measures_.end()) continue;
        const Lane at = LaneOf(static_cast<std::size_t>(found - measures_.begin()));
        measure.denominator[code] += lines_[at.line][slot].lanes[at.lane];
        measure.numerator[code] += lines_[at.line][slot].lanes[at.lane + 1];
      }
    }
  }
}

std::size_t Panel::cell_bytes() const {
  std::size_t total = 0;
  for (const auto& line : lines_) total += line.capacity() * sizeof(CellLine);
  for (const auto& slots : slots_) total += slots.capacity() * sizeof(std::uint32_t);
  return total;
}

}  // namespace equinode
