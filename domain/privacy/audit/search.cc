#include "domain/privacy/audit/search.h"

#include <algorithm>

namespace equinode::privacy {
namespace {

constexpr std::uint32_t kMostNodes = 4'000;  // Of one search.
constexpr int kMostDepth = 200;

}  // namespace

BlockSearch::BlockSearch(const System& block, Effort& effort) : block_(block), effort_(effort) {
  for (const Unknown& unknown : block.unknowns) {
    Reach reach;
    reach.low = reach.high = unknown.truth;
    reach_.push_back(reach);
  }
}

void BlockSearch::Want(std::uint32_t unknown, std::int64_t low, std::int64_t high) {
  reach_[unknown].low_wanted = low;
  reach_[unknown].high_wanted = high;
}

std::int64_t BlockSearch::Best(const Goal& goal) const {
  const Reach& reach = reach_[goal.unknown];
  return goal.direction > 0 ? reach.high : reach.low;
}

bool BlockSearch::Met(const Goal& goal) const {
  if (!goal.target) return false;
  return goal.direction > 0 ? Best(goal) >= *goal.target : Best(goal) <= *goal.target;
}

void BlockSearch::Take(const std::vector<std::int64_t>& values) {
  Point kept;
  const auto keep = [&]() {
    if (!kept) kept = std::make_shared<const std::vector<std::int64_t>>(values);
    return kept;
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    Reach& reach = reach_[i];
    if (values[i] < reach.low) {
      if (reach.low_wanted && !reach.low_met()) reach.low_point = keep();
      reach.low = values[i];
    } else if (values[i] > reach.high) {
      if (reach.high_wanted && !reach.high_met()) reach.high_point = keep();
      reach.high = values[i];
    }
  }
}

bool BlockSearch::TakeRay(const Tableau& tableau, const Goal& goal) {
  const auto ray = tableau.Ray();
  if (!ray) return false;
  // The true counts and any whole number of steps along the ray fit.
  const std::int64_t truth = block_.unknowns[goal.unknown].truth;
  const std::int64_t far = std::max(goal.target.value_or(truth + 1),
                                    reach_[goal.unknown].high_wanted.value_or(truth + 1));
  const std::int64_t step = std::max<std::int64_t>(1, std::abs((*ray)[goal.unknown]));
  const std::int64_t times = std::max<std::int64_t>(0, far - truth) / step + 1;
  values_.resize(ray->size());
  for (std::size_t i = 0; i < ray->size(); ++i) {
    const Wide value = block_.unknowns[i].truth + static_cast<Wide>(times) * (*ray)[i];
    if (value > kWidestCount) return false;
    values_[i] = static_cast<std::int64_t>(value);
  }
  Take(values_);
  reach_[goal.unknown].open = true;
  return true;
}

bool BlockSearch::Search(std::uint32_t unknown, int direction, std::optional<std::int64_t> target) {
  Goal goal{unknown, direction, target, kMostNodes};
  Reach& reach = reach_[unknown];
  if (Met(goal)) return true;
  bool& proven = direction > 0 ? reach.high_proven : reach.low_proven;
  // What narrowing has ruled out need not be searched.
  const Unknown& bounds = block_.unknowns[unknown];
  if (Best(goal) == (direction > 0 ? bounds.high : bounds.low)) proven = true;
  if (proven) return true;
  if (!start_) {
    start_ = Tableau::AtTruth(block_, effort_);
    if (!start_) return false;
  }
  if (!at_) at_ = start_;
  const auto visit = [&]() {
    if (at_->Values(&values_)) Take(values_);
    return Met(goal);
  };
  switch (at_->Push(unknown, direction, visit, effort_)) {
    case Tableau::End::kStopped:
      return true;
    case Tableau::End::kOpen:
      if (!TakeRay(*at_, goal)) return false;
      proven = true;
      return true;
    case Tableau::End::kBest:
      if (at_->whole()) {  // Visited.
        if (!at_->Values(&values_)) return false;
        proven = true;
        return true;
      }
      if (!Branch(*at_, goal, 0)) return false;
      if (!Met(goal)) proven = true;
      return true;
    case Tableau::End::kEmpty:
    case Tableau::End::kGaveUp:
      break;
  }
  at_.reset();
  return false;
}

bool BlockSearch::Branch(Tableau tableau, Goal& goal, int depth) {
  if (tableau.whole()) {
    if (!tableau.Values(&values_)) return false;
    Take(values_);
    return true;
  }
  // No whole point here is better than the bound.
  const bool up = goal.direction > 0;
  const std::int64_t bound = up ? tableau.Floor(goal.unknown) : tableau.Ceil(goal.unknown);
  if (up ? bound <= Best(goal) : bound >= Best(goal)) return true;
  if (depth >= kMostDepth || goal.nodes_left == 0) return false;
  --goal.nodes_left;
  const std::uint32_t broken = tableau.Floor(goal.unknown) != tableau.Ceil(goal.unknown)
                                   ? goal.unknown
                                   : tableau.FirstBroken();
  const std::int64_t below = tableau.Floor(broken);
  for (const bool lower : {true, false}) {
    if (!effort_.Spend(1'000)) return false;
    Tableau child = tableau;
    child.Narrow(broken, lower ? child.low(broken) : below + 1, lower ? below : child.high(broken));
    switch (child.Restore(goal.unknown, goal.direction, effort_)) {
      case Tableau::End::kBest:
        if (!Branch(std::move(child), goal, depth + 1)) return false;
        break;
      case Tableau::End::kEmpty:
        break;
      default:
        return false;
    }
    if (Met(goal)) return true;
  }
  return true;
}

}  // namespace equinode::privacy
