// Moves: differences between the true table and another one that fits the same equations. Cells
// that a move leaves alone may be shown.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "domain/privacy/family/pattern.h"
#include "domain/privacy/suppress/lp.h"

namespace equinode::privacy {

// By how much each cell changes; cells that do not are left out.
using Move = std::map<Cell, std::int64_t>;

// A cell that a move may change, and how it is paid for.
struct Mobile {
  Cell cell = 0;
  std::int64_t count = 0;
  std::int64_t least = 0;  // No reader takes it for less.
  double cost = 0;         // Of one step; 0 = hidden already.
};

// Looks for cheap moves among the cells given; all other cells stand still.
class MoveFinder {
 public:
  // `family` must outlive this.
  MoveFinder(const Family& family, std::vector<Mobile> mobiles);

  // Costs nothing from now on.
  void Free(Cell cell);
  // Stands still from now on; or may move again.
  void Pin(Cell cell, bool pinned);

  // A move in whole numbers by which `cell` changes by at least `least`, > 0, upwards or downwards.
  // Checked exactly. Nothing when there is none, or none was found within `kMostNodes` programs nor
  // among the moves by which nothing goes the other way.
  std::optional<Move> Find(Cell cell, bool up, std::int64_t least);

  static constexpr int kMostNodes = 20;

 private:
  void SetBounds(std::size_t at);
  std::optional<Move> Branch(int* nodes_left, int depth);
  std::optional<Move> OneWay(bool up);
  std::optional<Move> Checked(const std::vector<double>& solution) const;

  const Family& family_;
  std::vector<Mobile> mobiles_;
  std::vector<std::uint8_t> pinned_;
  std::map<Cell, std::size_t> at_{};
  std::vector<Rate> rates_{};  // Printed before, over a mobile.
  std::vector<Equation> equations_{};
  std::unique_ptr<LinearProgram> lp_{};  // Columns 2i: up, 2i + 1: down.
};

}  // namespace equinode::privacy
