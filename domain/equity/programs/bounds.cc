#include "domain/equity/programs/bounds.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace equinode::equity::programs {
namespace {

constexpr double kMostTries = 1000;
constexpr std::size_t kMostParts = 128;
constexpr std::size_t kMostPartsJoined = 16;  // Of every outcome of every row: it must be cheap.
constexpr std::size_t kMostCells = 2048;      // Cells supposed, over all parts of one figure.
constexpr double kOutside = 0.05;

// What a cell may be.
struct Reach {
  Count num{};
  Count other{};       // The denominator; or, by parts, who is not in the numerator.
  bool parts = false;  // A denominator follows from its parts, and no range is lost.

  double Tries() const { return Width(num) * Width(other); }
  static double Width(const Count& count) {
    return static_cast<double>(count.upper) - static_cast<double>(count.lower) + 1;
  }
};
using Box = std::vector<Reach>;  // One a cell.

// Nothing where the noise can be anything.
std::optional<Count> Around(const Count& count, std::size_t noised) {
  if (!count.noised()) return count;
  const double sigma = std::sqrt(static_cast<double>(count.noise_variance) / kMillion);
  // A little more than the formula, so that its own rounding takes nothing away.
  const double reach =
      sigma * std::log(static_cast<double>(noised) / kOutside) / std::sqrt(2.0) * (1 + 1e-12);
  if (reach > 1e15) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(std::ceil(reach));
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max() / 2;
  if (count.upper > kFar || count.lower < -kFar) return std::nullopt;
  // People are not negative, whatever the noise says.
  return Count::Between(std::max<std::int64_t>(0, count.lower - whole),
                        std::max<std::int64_t>(0, count.upper + whole));
}

// With a numerator at most its denominator. False where that is not possible.
bool Narrow(Reach& reach, MeasureKind kind) {
  if (kind == MeasureKind::kProportion && !reach.parts) {
    reach.num.upper = std::min(reach.num.upper, reach.other.upper);
    reach.other.lower = std::max(reach.other.lower, reach.num.lower);
  }
  return reach.num.lower <= reach.num.upper && reach.other.lower <= reach.other.upper;
}

class Bounding {
 public:
  Bounding(Scorer& scorer, std::size_t row, std::size_t figure, const std::set<std::size_t>& used)
      : scorer_(scorer), row_(row), figure_(figure), used_(used) {}

  // With these people added to these cells, or anybody to none.
  std::optional<Bounds> Run(const UnknownsOfCells& joining) {
    const std::optional<Box> all = WhatMayBe(joining);
    if (!all || all->empty()) return std::nullopt;
    double tries = 1;
    for (const Reach& reach : *all) tries = std::min(tries * reach.Tries(), 2 * kMostTries);
    const Value found = tries <= kMostTries && !joined_ ? Tried(*all) : Parted(*all);
    scorer_.Restore();
    if (!found.known()) return std::nullopt;
    if (found.either) return Bounds{Value::Truth(false), Value::Truth(true)};
    if (found.kind == Value::Kind::kTruth) return Bounds{found, found};
    return Bounds{Value::Number(found.number), Value::Number(found.high())};
  }

 private:
  std::optional<Box> WhatMayBe(const UnknownsOfCells& joining) {
    joined_ = !joining.empty();
    std::size_t noised = 0;
    for (const std::size_t cell : used_) {
      if (!scorer_.cells()[cell].hidden && !joining.contains(cell)) continue;
      cells_.push_back(cell);
      const CellCounts& counts = *scorer_.cells()[cell].counts;
      noised += counts.numerator.noised() ? 1U : 0U;
      noised += counts.denominator.noised() ? 1U : 0U;
    }
    Box box;
    for (const std::size_t cell : cells_) {
      const CellCounts& counts = *scorer_.cells()[cell].counts;
      const auto num = Around(counts.numerator, noised);
      const auto den = Around(counts.denominator, noised);
      if (!num || !den) return std::nullopt;
      Reach reach{*num, *den, false};
      // Noise can make more hits than people likely; then nothing is certain.
      if (!Narrow(reach, scorer_.cells()[cell].kind)) return std::nullopt;
      const auto joined = joining.find(cell);
      if (joined != joining.end() && !Join(joined->second, reach)) return std::nullopt;
      box.push_back(reach);
    }
    return box;
  }
  static bool Join(const Unknowns& unknowns, Reach& reach) {
    Count misses = Count::Between(std::max<std::int64_t>(0, reach.other.lower - reach.num.upper),
                                  reach.other.upper - reach.num.lower);
    std::int64_t all = 0;
    if (__builtin_add_overflow(reach.num.upper, unknowns.hits, &reach.num.upper) ||
        __builtin_add_overflow(misses.upper, unknowns.misses, &misses.upper) ||
        __builtin_add_overflow(reach.num.upper, misses.upper, &all)) {
      return false;
    }
    reach.other = misses;
    reach.parts = true;
    return true;
  }

  Value At(const Box& box) {
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (box[i].parts) {
        scorer_.SupposeParts(cells_[i], box[i].num, box[i].other);
      } else {
        scorer_.SupposeWithin(cells_[i], box[i].num, box[i].other);
      }
    }
    return scorer_.Get(row_, figure_);
  }

  // Every combination, one after the other.
  Value Tried(const Box& all) {
    Box box = all;
    for (Reach& reach : box) {
      reach.num.upper = reach.num.lower;
      reach.other.upper = reach.other.lower;
    }
    std::optional<Value> found;
    do {
      if (!Possible(box)) continue;
      const Value value = At(box);
      if (!value.known()) return Value::Suppressed();
      found = found ? Hull(*found, value) : value;
    } while (Next(box, all));
    return found.value_or(Value::Suppressed());
  }
  bool Possible(const Box& box) const {
    for (std::size_t i = 0; i < box.size(); ++i) {
      if (scorer_.cells()[cells_[i]].kind == MeasureKind::kProportion && !box[i].parts &&
          box[i].num.lower > box[i].other.lower) {
        return false;
      }
    }
    return true;
  }
  static bool Next(Box& box, const Box& all) {
    for (std::size_t i = 0; i < box.size(); ++i) {
      for (Count Reach::*member : {&Reach::num, &Reach::other}) {
        Count& count = box[i].*member;
        if (count.lower < (all[i].*member).upper) {
          count = Count::Exact(count.lower + 1);
          return true;
        }
        count = Count::Exact((all[i].*member).lower);
      }
    }
    return false;
  }

  // One possible pair of numbers: the highest rate of a cell, or the lowest.
  Reach End(std::size_t i, const Reach& reach, bool high) const {
    Reach out = reach;
    out.num = Count::Exact(high ? reach.num.upper : reach.num.lower);
    std::int64_t other = high ? reach.other.lower : reach.other.upper;
    if (scorer_.cells()[cells_[i]].kind == MeasureKind::kProportion && !reach.parts) {
      other = std::max(other, out.num.lower);
    }
    out.other = Count::Exact(other);
    return out;
  }
  // Which end of each cell makes the figure larger, as far as one can see with the others at
  // theirs.
  void FindSides(const Box& all) {
    larger_.assign(all.size(), true);
    if (all.size() * all.size() > kMostCells) return;
    Box box = all;
    for (std::size_t i = 0; i < all.size(); ++i) box[i] = End(i, all[i], false);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Reach low = box[i];
      const Value at_low = At(box);
      box[i] = End(i, all[i], true);
      const Value at_high = At(box);
      box[i] = low;
      if (at_low.kind != at_high.kind || !at_low.known()) continue;
      larger_[i] = at_low.kind == Value::Kind::kTruth ? at_high.truth || !at_low.truth
                                                      : at_high.number >= at_low.number;
    }
  }
  // A figure of counts that are possible.
  Value Corner(const Box& all, bool large) {
    Box box = all;
    for (std::size_t i = 0; i < all.size(); ++i) box[i] = End(i, all[i], larger_[i] == large);
    return At(box);
  }

  struct Part {
    Box box{};
    Value value{};
    bool whole = false;  // It cannot be parted further.
  };

  // The part that reaches furthest past what some counts give is halved, again and again.
  Value Parted(const Box& all) {
    FindSides(all);
    const Value least = Corner(all, false);
    const Value greatest = Corner(all, true);
    if (!least.known() || !greatest.known()) return Value::Suppressed();
    Value reached = Hull(least, greatest);
    std::vector<Part> parts;
    parts.push_back({all, At(all), false});
    const std::size_t most = std::clamp<std::size_t>(kMostCells / cells_.size(), 2,
                                                     joined_ ? kMostPartsJoined : kMostParts);
    bool large = false;
    while (parts.size() < most) {
      const std::size_t at = Furthest(parts, reached, large);
      if (at == parts.size()) break;
      Part half = parts[at];
      if (!Halve(parts[at].box, half.box)) {
        parts[at].whole = true;
        continue;
      }
      parts[at].value = At(parts[at].box);
      half.value = At(half.box);
      for (const Box* box : {&parts[at].box, &half.box}) {
        const Value corner = Corner(*box, large);
        if (!corner.known()) return Value::Suppressed();
        reached = Hull(reached, corner);
      }
      parts.push_back(std::move(half));
    }
    Value found = parts.front().value;
    for (const Part& part : parts) {
      if (!part.value.known()) return Value::Suppressed();
      found = Hull(found, part.value);
    }
    return found;
  }

  // Of the parts that may yet tell more: one without a value, else the one that goes furthest past
  // what is reached, by more than a thousandth of it; and at which end.
  static std::size_t Furthest(const std::vector<Part>& parts, const Value& reached, bool& large) {
    const std::size_t none = parts.size();
    std::size_t lowest = none, highest = none;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].whole) continue;
      const Value& value = parts[i].value;
      if (!value.known()) return i;
      if (!value.open()) continue;
      if (lowest == none || value.number < parts[lowest].value.number) lowest = i;
      if (highest == none || value.high() > parts[highest].value.high()) highest = i;
    }
    if (lowest == none || reached.either) return none;
    if (reached.kind == Value::Kind::kTruth) {
      large = !reached.truth;
      return lowest;
    }
    const Rational below = reached.number - parts[lowest].value.number;
    const Rational above = parts[highest].value.high() - reached.high();
    large = above > below;
    const Rational past = Max(below, above);
    const Rational width = reached.high() - reached.number;
    if (past.sign() <= 0 || past * 1000 <= width) return none;
    return large ? highest : lowest;
  }

  // The widest count of the box, for how many people it is of, is cut in two.
  bool Halve(Box& box, Box& half) const {
    std::size_t at = box.size();
    Count Reach::*which = &Reach::num;
    double widest = 0;
    for (std::size_t i = 0; i < box.size(); ++i) {
      const double people =
          std::max(1.0, static_cast<double>(box[i].other.upper) +
                            static_cast<double>(box[i].parts ? box[i].num.upper : 0));
      for (Count Reach::*member : {&Reach::num, &Reach::other}) {
        const Count& count = box[i].*member;
        if (count.lower == count.upper) continue;
        const double width = Reach::Width(count) / people;
        if (width <= widest) continue;
        widest = width;
        at = i;
        which = member;
      }
    }
    if (at == box.size()) return false;
    Count& lower = box[at].*which;
    Count& upper = half[at].*which;
    lower.upper = lower.lower + (lower.upper - lower.lower) / 2;
    upper.lower = lower.upper + 1;
    const MeasureKind kind = scorer_.cells()[cells_[at]].kind;
    // A half without a possible combination is the other half's empty shadow.
    if (!Narrow(box[at], kind)) box = half;
    if (!Narrow(half[at], kind)) half = box;
    return true;
  }

  Scorer& scorer_;
  std::size_t row_;
  std::size_t figure_;
  const std::set<std::size_t>& used_;
  std::vector<std::size_t> cells_{};
  std::vector<bool> larger_{};  // Which end of a cell makes the figure larger: its highest rate?
  bool joined_ = false;
};

}  // namespace

std::optional<Bounds> BoundsOf(Scorer& scorer, std::size_t row, std::size_t figure) {
  const std::set<std::size_t> used = scorer.CellsOf(row, figure);
  return Bounding(scorer, row, figure, used).Run({});
}

std::optional<Bounds> IfUnknowns(Scorer& scorer, std::size_t row, std::size_t figure,
                                 const UnknownsOfCells& unknowns) {
  if (unknowns.empty()) return std::nullopt;
  const std::set<std::size_t> used = scorer.CellsOf(row, figure);
  std::map<GroupKey, UnknownsOfCells> joining;
  for (const std::size_t cell : used) {
    const auto found = unknowns.find(cell);
    if (found == unknowns.end()) continue;
    const GroupKey& group = scorer.cells()[cell].key.group;
    if (scorer.rows()[row].level == Level::kGroup && group != scorer.rows()[row].group) continue;
    joining[group].insert(*found);
  }
  std::optional<Value> found;
  for (const auto& [group, cells] : joining) {
    const auto bounds = Bounding(scorer, row, figure, used).Run(cells);
    if (!bounds) return std::nullopt;
    const Value range = Hull(bounds->first, bounds->second);
    found = found ? Hull(*found, range) : range;
  }
  if (!found) return std::nullopt;
  if (found->either) return Bounds{Value::Truth(false), Value::Truth(true)};
  if (found->kind == Value::Kind::kTruth) return Bounds{*found, *found};
  return Bounds{Value::Number(found->number), Value::Number(found->high())};
}

}  // namespace equinode::equity::programs
