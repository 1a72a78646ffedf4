#include "domain/equity/programs/bounds.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace equinode::equity::programs {
namespace {

constexpr double kMostTries = 1000;
constexpr std::size_t kMostParts = 256;
constexpr double kOutside = 0.05;

// What a hidden cell may be.
struct Reach {
  Count num{};
  Count den{};

  double Tries() const { return Width(num) * Width(den); }
  static double Width(const Count& count) {
    return static_cast<double>(count.upper) - static_cast<double>(count.lower) + 1;
  }
};
using Box = std::vector<Reach>;  // One a hidden cell.

Count Around(const Count& count, std::size_t noised) {
  if (!count.noised()) return count;
  const double sigma = std::sqrt(static_cast<double>(count.noise_variance) / kMillion);
  const double reach = sigma * std::log(static_cast<double>(noised) / kOutside) / std::sqrt(2.0);
  const auto whole = static_cast<std::int64_t>(std::ceil(std::min(reach, 1e15)));
  // People are not negative, whatever the noise says.
  return Count::Between(std::max<std::int64_t>(0, count.lower - whole),
                        std::max<std::int64_t>(0, count.upper + whole));
}

// With a numerator at most its denominator. False where that is not possible.
bool Narrow(Reach& reach, MeasureKind kind) {
  if (kind == MeasureKind::kProportion) {
    reach.num.upper = std::min(reach.num.upper, reach.den.upper);
    reach.den.lower = std::max(reach.den.lower, reach.num.lower);
  }
  return reach.num.lower <= reach.num.upper && reach.den.lower <= reach.den.upper;
}

class Bounding {
 public:
  Bounding(Scorer& scorer, std::size_t row, std::size_t figure)
      : scorer_(scorer), row_(row), figure_(figure) {}

  std::optional<Bounds> Run() {
    const std::optional<Box> all = WhatIsHidden();
    if (!all || all->empty()) return std::nullopt;
    double tries = 1;
    for (const Reach& reach : *all) tries = std::min(tries * reach.Tries(), 2 * kMostTries);
    const Value found = tries <= kMostTries ? Tried(*all) : Parted(*all);
    scorer_.Restore();
    if (!found.known()) return std::nullopt;
    if (found.either) return Bounds{Value::Truth(false), Value::Truth(true)};
    if (found.kind == Value::Kind::kTruth) return Bounds{found, found};
    return Bounds{Value::Number(found.number), Value::Number(found.high())};
  }

 private:
  std::optional<Box> WhatIsHidden() {
    std::size_t noised = 0;
    for (const std::size_t cell : scorer_.CellsOf(row_, figure_)) {
      if (!scorer_.cells()[cell].hidden) continue;
      cells_.push_back(cell);
      const CellCounts& counts = *scorer_.cells()[cell].counts;
      noised += counts.numerator.noised() ? 1U : 0U;
      noised += counts.denominator.noised() ? 1U : 0U;
    }
    Box box;
    for (const std::size_t cell : cells_) {
      const CellCounts& counts = *scorer_.cells()[cell].counts;
      box.push_back({Around(counts.numerator, noised), Around(counts.denominator, noised)});
      // Noise can make more hits than people likely; then nothing is certain.
      if (!Narrow(box.back(), scorer_.cells()[cell].kind)) return std::nullopt;
    }
    return box;
  }

  Value At(const Box& box) {
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      scorer_.SupposeWithin(cells_[i], box[i].num, box[i].den);
    }
    return scorer_.Get(row_, figure_);
  }

  // Every combination, one after the other.
  Value Tried(const Box& all) {
    Box box = all;
    for (Reach& reach : box) {
      reach.num.upper = reach.num.lower;
      reach.den.upper = reach.den.lower;
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
      if (scorer_.cells()[cells_[i]].kind == MeasureKind::kProportion &&
          box[i].num.lower > box[i].den.lower) {
        return false;
      }
    }
    return true;
  }
  static bool Next(Box& box, const Box& all) {
    for (std::size_t i = 0; i < box.size(); ++i) {
      for (Count Reach::*member : {&Reach::num, &Reach::den}) {
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

  struct Part {
    Box box{};
    Value value{};
    bool whole = false;  // It cannot be parted further.
  };

  // The part that reaches furthest is halved, again and again, while that can still tell more.
  Value Parted(const Box& all) {
    std::vector<Part> parts;
    parts.push_back({all, At(all), false});
    // A figure of many cells costs much each time.
    const std::size_t most = std::clamp<std::size_t>(4096 / cells_.size(), 2, kMostParts);
    bool low_end = true;
    while (parts.size() < most) {
      low_end = !low_end;
      const std::size_t at = Furthest(parts, low_end);
      if (at == parts.size()) break;
      Part half = parts[at];
      if (!Halve(parts[at].box, half.box)) {
        parts[at].whole = true;
        continue;
      }
      parts[at].value = At(parts[at].box);
      half.value = At(half.box);
      parts.push_back(std::move(half));
    }
    Value found = parts.front().value;
    for (const Part& part : parts) {
      if (!part.value.known()) return Value::Suppressed();
      found = Hull(found, part.value);
    }
    return found;
  }

  // Of the parts that may yet tell more: one without a value, else the one at that end.
  static std::size_t Furthest(const std::vector<Part>& parts, bool low_end) {
    std::size_t best = parts.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].whole) continue;
      if (!parts[i].value.known()) return i;
      if (!parts[i].value.open()) continue;
      if (best == parts.size()) best = i;
      const Value& value = parts[i].value;
      const Value& other = parts[best].value;
      if (low_end ? value.number < other.number : value.high() > other.high()) best = i;
    }
    return best;
  }

  // The widest count of the box, for how many people it is of, is cut in two.
  bool Halve(Box& box, Box& half) const {
    std::size_t at = box.size();
    Count Reach::*which = &Reach::num;
    double widest = 0;
    for (std::size_t i = 0; i < box.size(); ++i) {
      for (Count Reach::*member : {&Reach::num, &Reach::den}) {
        const Count& count = box[i].*member;
        if (count.lower == count.upper) continue;
        const double width =
            Reach::Width(count) / std::max(1.0, static_cast<double>(box[i].den.upper));
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
  std::vector<std::size_t> cells_{};
};

}  // namespace

std::optional<Bounds> BoundsOf(Scorer& scorer, std::size_t row, std::size_t figure) {
  return Bounding(scorer, row, figure).Run();
}

}  // namespace equinode::equity::programs
