#include "domain/equity/money/pool.h"

#include <algorithm>

namespace equinode::equity {
namespace {

Error BadPool(std::string message) {
  return {Code::kInvalidArgument, "BAD_POOL", std::move(message)};
}

bool IsShare(const Rational& share) { return share.sign() >= 0 && share <= Rational(1); }

Status Check(const PoolTerms& terms, const std::vector<PoolOutcome>& outcomes,
             const std::vector<PoolPlan>& plans) {
  Rational weights;
  for (const PoolOutcome& outcome : outcomes) {
    if (!IsShare(outcome.weight))
      return BadPool("the weight of " + outcome.name + " is not 0 to 1");
    weights += outcome.weight;
  }
  if (weights != Rational(1)) return BadPool("the weights of the outcomes do not make 1");
  if (!IsShare(terms.withheld) || !IsShare(terms.to_pool)) {
    return BadPool("the withheld share and the pool's share are 0 to 1");
  }
  for (const PoolPlan& plan : plans) {
    if (plan.capitation.sign() < 0)
      return BadPool("the capitation of " + plan.name + " is negative");
    if (plan.standings.size() != outcomes.size()) {
      return BadPool(plan.name + " does not stand in every outcome");
    }
    for (const PoolStanding& standing : plan.standings) {
      if (!IsShare(standing.earned))
        return BadPool("an earned share of " + plan.name + " is not 0 to 1");
    }
  }
  return Ok();
}

// The best of those that met the benchmark, by name.
std::vector<std::size_t> Winners(const std::vector<PoolPlan>& plans, std::size_t outcome) {
  std::vector<std::size_t> best;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const PoolStanding& standing = plans[i].standings[outcome];
    if (!standing.met || !standing.score) continue;
    if (!best.empty()) {
      const Rational& leading = *plans[best.front()].standings[outcome].score;
      if (*standing.score < leading) continue;
      if (*standing.score > leading) best.clear();
    }
    best.push_back(i);
  }
  std::ranges::sort(best, {}, [&](std::size_t i) { return plans[i].name; });
  return best;
}

}  // namespace

Result<PoolMoney> SharePool(const PoolTerms& terms, const std::vector<PoolOutcome>& outcomes,
                            const std::vector<PoolPlan>& plans) {
  EQN_CHECK(Check(terms, outcomes, plans));
  PoolMoney money;
  money.outcomes.resize(outcomes.size());
  for (const PoolPlan& plan : plans) {
    PlanMoney line;
    EQN_TRY(line.withheld, CentsOf(plan.capitation * terms.withheld));
    for (std::size_t o = 0; o < outcomes.size(); ++o) {
      const Rational share = Dollars(line.withheld) * outcomes[o].weight;
      EQN_TRY(Cents earned, CentsOf(share * plan.standings[o].earned));
      // Every share rounded up could pay a cent more than was withheld.
      earned = std::min(earned, line.withheld - line.earned);
      line.earned = line.earned + earned;
      money.outcomes[o].unearned += share - Dollars(earned);
    }
    money.unearned = money.unearned + line.withheld - line.earned;
    money.plans.push_back(line);
  }
  EQN_TRY(money.pool, CentsDown(Dollars(money.unearned) * terms.to_pool));
  money.kept = money.unearned - money.pool;
  money.retained = money.unearned;
  Cents left = money.pool;
  for (std::size_t o = 0; o < outcomes.size(); ++o) {
    OutcomeMoney& outcome = money.outcomes[o];
    const Rational exact = terms.portion == PoolPortion::kBySource
                               ? outcome.unearned * terms.to_pool
                               : Dollars(money.pool) * outcomes[o].weight;
    // A fraction of a cent can make one outcome's exact rest negative.
    EQN_TRY(const Cents portion, CentsDown(Max(exact, Rational())));
    outcome.portion = std::min(portion, left);
    left = left - outcome.portion;
    outcome.winners = Winners(plans, o);
    if (outcome.winners.empty()) continue;
    const std::vector<Cents> parts = SplitEvenly(outcome.portion, outcome.winners.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      PlanMoney& line = money.plans[outcome.winners[i]];
      line.bonus = line.bonus + parts[i];
    }
    money.retained = money.retained - outcome.portion;
  }
  return money;
}

}  // namespace equinode::equity
