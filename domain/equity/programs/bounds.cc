#include "domain/equity/programs/bounds.h"

#include <algorithm>
#include <vector>

namespace equinode::equity::programs {
namespace {

struct Pair {
  std::int64_t num = 0;
  std::int64_t den = 0;
};

constexpr std::size_t kMostCells = 8;
constexpr std::size_t kMostTries = 20'000;

std::vector<Pair> Allowed(const CellCounts& counts, MeasureKind kind, bool ends) {
  std::vector<Pair> out;
  const auto step = [&](const Count& count) {
    return ends ? std::max<std::int64_t>(count.upper - count.lower, 1) : 1;
  };
  for (std::int64_t den = counts.denominator.lower; den <= counts.denominator.upper;
       den += step(counts.denominator)) {
    for (std::int64_t num = counts.numerator.lower; num <= counts.numerator.upper;
         num += step(counts.numerator)) {
      if (kind == MeasureKind::kProportion && num > den) {
        if (ends) out.push_back({den, den});
        break;
      }
      out.push_back({num, den});
    }
  }
  return out;
}

// At most `most` pairs; 0 = too many to list.
std::size_t HowMany(const CellCounts& counts) {
  const auto width = [](const Count& count) {
    return static_cast<std::size_t>(count.upper) - static_cast<std::size_t>(count.lower) + 1;
  };
  const std::size_t a = width(counts.numerator), b = width(counts.denominator);
  return a > kMostTries || b > kMostTries || a * b > kMostTries ? 0 : a * b;
}

bool Less(const Value& a, const Value& b) {
  return a.kind == Value::Kind::kTruth ? a.truth < b.truth : a.number < b.number;
}

}  // namespace

std::optional<std::pair<Value, Value>> BoundsOf(Scorer& scorer, std::size_t row,
                                                std::size_t figure) {
  std::vector<std::size_t> hidden;
  std::size_t tries = 1;
  for (const std::size_t cell : scorer.CellsOf(row, figure)) {
    if (!scorer.cells()[cell].hidden) continue;
    hidden.push_back(cell);
    const std::size_t here = HowMany(*scorer.cells()[cell].counts);
    tries = here == 0 || tries == 0 || tries * here > kMostTries ? 0 : tries * here;
  }
  if (hidden.empty() || hidden.size() > kMostCells) return std::nullopt;
  std::vector<std::vector<Pair>> allowed;
  for (const std::size_t cell : hidden) {
    const Scorer::Cell& here = scorer.cells()[cell];
    allowed.push_back(Allowed(*here.counts, here.kind, tries == 0));
    if (allowed.back().empty()) return std::nullopt;
  }
  std::vector<std::size_t> at(hidden.size(), 0);
  std::optional<std::pair<Value, Value>> range;
  bool defined = true;
  for (bool more = true; more && defined;) {
    for (std::size_t i = 0; i < hidden.size(); ++i) {
      scorer.Suppose(hidden[i], allowed[i][at[i]].num, allowed[i][at[i]].den);
    }
    const Value value = scorer.Get(row, figure);
    defined = value.known() && (!range || value.kind == range->first.kind);
    if (!defined) break;
    if (!range) range = {value, value};
    if (Less(value, range->first)) range->first = value;
    if (Less(range->second, value)) range->second = value;
    more = false;
    for (std::size_t i = 0; i < at.size() && !more; ++i) {
      more = ++at[i] < allowed[i].size();
      if (!more) at[i] = 0;
    }
  }
  scorer.Restore();
  return defined ? range : std::nullopt;
}

}  // namespace equinode::equity::programs
