#include "domain/equity/programs/distance.h"

namespace equinode::equity::programs {
namespace {

struct Members {
  std::int64_t num = 0;
  std::int64_t den = 0;
};

bool Improves(const Value& a, const Value& b, bool more) {
  if (a.kind != b.kind || !a.known()) return false;
  if (a.kind == Value::Kind::kTruth) return a.truth != b.truth && a.truth == more;
  return more ? a.number > b.number : a.number < b.number;
}

}  // namespace

std::optional<Distance> DistanceOf(Scorer& scorer, std::size_t row, std::size_t figure,
                                   bool more_is_better) {
  if (scorer.programme().periods.empty()) return std::nullopt;
  const Value now = scorer.Get(row, figure);
  if (!now.known() || now.open()) return std::nullopt;
  const std::string& period = scorer.programme().periods.back();
  const std::size_t own = scorer.CellAt(row, CellName::Who::kOwn, period);
  if (own == Scorer::kNowhere) return std::nullopt;
  const auto exact = [&](std::size_t at) {
    return at != Scorer::kNowhere && scorer.cells()[at].counts &&
           scorer.cells()[at].counts->exact();
  };
  if (!exact(own) || scorer.cells()[own].kind != MeasureKind::kProportion) return std::nullopt;
  const Members cell{scorer.cells()[own].num, scorer.cells()[own].den};
  if (cell.den <= 0) return std::nullopt;
  const std::size_t all = scorer.CellAt(row, CellName::Who::kOverall, period);
  std::optional<Members> overall;
  if (all != own && exact(all) && scorer.cells()[all].den >= cell.den) {
    overall = Members{scorer.cells()[all].num, scorer.cells()[all].den};
  }
  const auto with = [&](std::int64_t change) {
    scorer.Suppose(own, cell.num + change, cell.den);
    if (overall && overall->num + change >= 0 && overall->num + change <= overall->den) {
      scorer.Suppose(all, overall->num + change, overall->den);
    }
    return scorer.Get(row, figure);
  };
  std::optional<Distance> out;
  // Whether more hits or fewer make it better is the measure's business: the end that does, does.
  for (const std::int64_t sign : {1, -1}) {
    std::int64_t enough = sign > 0 ? cell.den - cell.num : cell.num;
    if (enough <= 0 || !Improves(with(sign * enough), now, more_is_better)) continue;
    std::int64_t too_few = 0;
    while (enough - too_few > 1) {
      const std::int64_t middle = too_few + (enough - too_few) / 2;
      (Improves(with(sign * middle), now, more_is_better) ? enough : too_few) = middle;
    }
    out = Distance{scorer.figures()[figure]->name, sign * enough, with(sign * enough)};
    break;
  }
  scorer.Restore();
  return out;
}

}  // namespace equinode::equity::programs
