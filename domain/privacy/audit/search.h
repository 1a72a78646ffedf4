// The least and the greatest whole number that each unknown of one block can be.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "domain/privacy/audit/system.h"
#include "domain/privacy/audit/tableau.h"

namespace equinode::privacy {

// A point of a block, one value an unknown.
using Point = std::shared_ptr<const std::vector<std::int64_t>>;

// What is known of one unknown so far.
struct Reach {
  std::int64_t low = 0, high = 0;                // Of the points seen: both can be.
  bool open = false;                             // No end above.
  bool low_proven = false, high_proven = false;  // No point goes further.
  // How far is far enough: points that go there are kept.
  std::optional<std::int64_t> low_wanted{}, high_wanted{};
  Point low_point{}, high_point{};
  bool low_met() const { return low_wanted && low <= *low_wanted; }
  bool high_met() const { return high_wanted && high >= *high_wanted; }
};

// Branch and bound over exact tableaux. Every point counts for every unknown, so most ends are
// found before they are searched for.
class BlockSearch {
 public:
  // `block` must outlive this. Its truth is the first point.
  BlockSearch(const System& block, Effort& effort);

  // Before any search: how far `unknown` is wanted to go.
  void Want(std::uint32_t unknown, std::int64_t low, std::int64_t high);

  // Looks for a value of at least (direction 1) or at most (-1) `target`, or without one for the
  // end. Returns false when it gave up; else reach() tells.
  bool Search(std::uint32_t unknown, int direction, std::optional<std::int64_t> target);

  const Reach& reach(std::uint32_t unknown) const { return reach_[unknown]; }

 private:
  struct Goal {
    std::uint32_t unknown = 0;
    int direction = 1;
    std::optional<std::int64_t> target{};
    std::uint32_t nodes_left = 0;
  };
  bool Met(const Goal& goal) const;
  std::int64_t Best(const Goal& goal) const;
  void Take(const std::vector<std::int64_t>& values);
  // From a tableau at its best point. False = gave up.
  bool Branch(Tableau tableau, Goal& goal, int depth);
  bool TakeRay(const Tableau& tableau, const Goal& goal);

  const System& block_;
  Effort& effort_;
  std::vector<Reach> reach_{};
  std::optional<Tableau> start_{};  // At the truth.
  std::optional<Tableau> at_{};     // Where the last search ended, within the bounds of the block.
  std::vector<std::int64_t> values_{};
};

}  // namespace equinode::privacy
