#include "domain/equity/programs/spread.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "domain/equity/programs/draws.h"

namespace equinode::equity::programs {
namespace {

// People who are drawn together and independently of all others; they count in every cell listed.
struct Unit {
  std::int64_t num = 0;
  std::int64_t den = 0;
  double p = 0;                      // Of a proportion.
  bool events = false;               // Poisson around `num` instead.
  double mean = 0;                   // Then.
  std::vector<std::size_t> cells{};  // Places in Model::cells.
};

struct Model {
  std::vector<std::size_t> cells{};  // Of the scorer.
  std::vector<Unit> units{};
  bool plain = true;  // Nothing hidden, nothing noised, proportions only.
};

struct Less {
  bool operator()(const Value& a, const Value& b) const {
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.kind == Value::Kind::kTruth ? a.truth < b.truth : a.number < b.number;
  }
};

class Spreading {
 public:
  Spreading(Scorer& scorer, std::size_t row, std::size_t figure)
      : scorer_(scorer), row_(row), figure_(figure) {}

  std::optional<Spread> Run(const SpreadOptions& options, Random& random) {
    if (!MakeModel(options.supposing)) return std::nullopt;
    if (!Enumerate()) Draw(options.draws, random);
    scorer_.Restore();
    spread_.chances.assign(chances_.begin(), chances_.end());
    return std::move(spread_);
  }

 private:
  bool MakeModel(Supposing supposing) {
    for (const std::size_t at : scorer_.CellsOf(row_, figure_)) {
      const Scorer::Cell& cell = scorer_.cells()[at];
      if (!cell.counts) continue;
      if (cell.kind == MeasureKind::kMean) return false;
      model_.cells.push_back(at);
      model_.plain &= cell.counts->exact() && cell.kind == MeasureKind::kProportion;
    }
    if (model_.cells.empty()) return false;
    for (std::size_t i = 0; i < model_.cells.size(); ++i) {
      if (!Here(i).key.group.group.empty()) model_.units.push_back(UnitOf(i, supposing));
    }
    for (std::size_t i = 0; i < model_.cells.size(); ++i) {
      if (Here(i).key.group.group.empty()) AddEverybody(i, supposing);
    }
    return true;
  }
  const Scorer::Cell& Here(std::size_t i) const { return scorer_.cells()[model_.cells[i]]; }

  // One cell as a unit by itself, with its true rate under what is supposed.
  Unit UnitOf(std::size_t i, Supposing supposing) const {
    const Scorer::Cell& cell = Here(i);
    Unit unit{std::max<std::int64_t>(cell.num, 0),
              std::max<std::int64_t>(cell.den, 0),
              0,
              cell.kind != MeasureKind::kProportion,
              0,
              {i}};
    double num = static_cast<double>(unit.num), den = static_cast<double>(unit.den);
    if (supposing == Supposing::kNoChange) {
      for (std::size_t other = 0; other < model_.cells.size(); ++other) {
        Evidence::Key key = Here(other).key;
        key.period = cell.key.period;
        if (other == i || key != cell.key) continue;
        num += static_cast<double>(std::max<std::int64_t>(Here(other).num, 0));
        den += static_cast<double>(std::max<std::int64_t>(Here(other).den, 0));
      }
    }
    unit.p = den > 0 ? std::clamp(num / den, 0.0, 1.0) : 0;
    unit.mean = den > 0 ? num / den * static_cast<double>(unit.den) : 0;
    return unit;
  }

  // Everybody is the groups of the model and the rest, where that is possible.
  void AddEverybody(std::size_t i, Supposing supposing) {
    const Scorer::Cell& all = Here(i);
    Unit rest = UnitOf(i, supposing);
    std::vector<std::size_t> inside;
    for (std::size_t u = 0; u < model_.units.size(); ++u) {
      const Evidence::Key& key = Here(model_.units[u].cells.front()).key;
      if (key.organisation == all.key.organisation && key.measure == all.key.measure &&
          key.period == all.key.period && !key.group.group.empty()) {
        inside.push_back(u);
      }
    }
    std::int64_t num = all.num, den = all.den;
    for (const std::size_t u : inside) {
      num -= model_.units[u].num;
      den -= model_.units[u].den;
    }
    if (num >= 0 && den >= 0 && (num <= den || rest.events)) {
      for (const std::size_t u : inside) model_.units[u].cells.push_back(i);
      rest.num = num;
      rest.den = den;
      if (supposing == Supposing::kSameRates) {
        rest.p = den > 0 ? static_cast<double>(num) / static_cast<double>(den) : 0;
        rest.mean = static_cast<double>(num);
      } else {
        rest.mean =
            all.den > 0 ? rest.mean * static_cast<double>(den) / static_cast<double>(all.den) : 0;
      }
    }
    model_.units.push_back(std::move(rest));
  }

  void Weigh(const std::vector<std::int64_t>& sums, double weight) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      scorer_.Suppose(model_.cells[i], sums[i], Here(i).den);
    }
    Value value = scorer_.Get(row_, figure_);
    if (value.known()) {
      chances_[std::move(value)] += weight;
    } else {
      spread_.undecided += weight;
    }
  }

  bool Enumerate() {
    if (!model_.plain) return false;
    std::int64_t combinations = 1;
    for (const Unit& unit : model_.units) {
      if (unit.den >= 20'000 || combinations * (unit.den + 1) > 20'000) return false;
      combinations *= unit.den + 1;
    }
    std::vector<std::int64_t> sums(model_.cells.size(), 0);
    Deeper(0, sums, 1);
    spread_.exact = true;
    return true;
  }
  void Deeper(std::size_t u, std::vector<std::int64_t>& sums, double weight) {
    if (u == model_.units.size()) return Weigh(sums, weight);
    const Unit& unit = model_.units[u];
    for (std::int64_t hits = 0; hits <= unit.den; ++hits) {
      const double chance = BinomialChance(hits, unit.den, unit.p);
      if (chance == 0) continue;
      for (const std::size_t cell : unit.cells) sums[cell] += hits;
      Deeper(u + 1, sums, weight * chance);
      for (const std::size_t cell : unit.cells) sums[cell] -= hits;
    }
  }

  void Draw(int draws, Random& random) {
    spread_.draws = std::clamp(draws, 1, 1'000'000);
    const double weight = 1.0 / spread_.draws;
    std::vector<std::int64_t> sums(model_.cells.size());
    for (int draw = 0; draw < spread_.draws; ++draw) {
      std::ranges::fill(sums, 0);
      for (const Unit& unit : model_.units) {
        const std::int64_t hits =
            unit.events ? DrawPoisson(unit.mean, random) : DrawBinomial(unit.den, unit.p, random);
        for (const std::size_t cell : unit.cells) sums[cell] += hits;
      }
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = Seen(Here(i), sums[i], random);
      Weigh(sums, weight);
    }
  }

  // What would be seen of a cell: within its bounds somewhere, with noise of its own.
  std::int64_t Seen(const Scorer::Cell& cell, std::int64_t num, Random& random) const {
    const Count& count = cell.counts->numerator;
    if (count.bounded()) {
      const auto width = static_cast<std::uint64_t>(count.upper - count.lower) + 1;
      num = std::min(count.lower + static_cast<std::int64_t>(random.Below(width)), cell.den);
    }
    if (count.noised()) {
      num += DrawNormal(static_cast<double>(count.noise_variance) / 1e6, random);
    }
    return num;
  }

  Scorer& scorer_;
  std::size_t row_;
  std::size_t figure_;
  Model model_{};
  Spread spread_{};
  std::map<Value, double, Less> chances_{};
};

}  // namespace

std::optional<Spread> SpreadOf(Scorer& scorer, std::size_t row, std::size_t figure,
                               const SpreadOptions& options, Random& random) {
  return Spreading(scorer, row, figure).Run(options, random);
}

}  // namespace equinode::equity::programs
