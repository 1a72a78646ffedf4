// The pool of a programme: its plans are the organisations' rows, its outcomes the measures.
#include <algorithm>

#include "domain/equity/programs/scorer.h"

namespace equinode::equity::programs {

void Scorer::MakePool() const {
  const auto figure = [&](const std::string& name) { return FigureAt(name); };
  std::vector<PoolOutcome> outcomes;
  for (const ProgrammeMeasure& measure : programme_->measures) {
    outcomes.push_back({measure.id, measure.weight / 100});
  }
  std::vector<PoolPlan> plans;
  for (const std::size_t organisation : rows_[0].below) {
    const Value capitation = Get(organisation, figure(pool_->capitation));
    if (!capitation.known() || capitation.open()) {
      pool_fault_ = capitation.known() ? "suppressed" : capitation.reason;
      return;
    }
    PoolPlan plan{rows_[organisation].organisation, capitation.number, {}};
    for (const std::size_t row : rows_[organisation].below) {
      const Value earned = Get(row, figure(pool_->earned));
      const Value met = Get(row, figure(pool_->met));
      const Value score = Get(row, figure(pool_->score));
      // Who wins a pool turns on everybody's counts: with any of them hidden nothing is certain.
      for (const Value* each : {&earned, &met, &score}) {
        if (!each->suppressed() && !each->open()) continue;
        pool_fault_ = "suppressed";
        return;
      }
      PoolStanding standing{earned.number, met.truth, {}};
      if (score.known()) standing.score = score.number;
      plan.standings.push_back(std::move(standing));
    }
    plans.push_back(std::move(plan));
  }
  const PoolTerms terms{pool_->withheld, pool_->to_pool,
                        pool_->by_weight ? PoolPortion::kByWeight : PoolPortion::kBySource};
  Result<PoolMoney> money = SharePool(terms, outcomes, plans);
  if (money.ok()) {
    pool_money_ = std::move(money).value();
  } else {
    pool_fault_ = "bad_pool";
  }
}

Value Scorer::PoolValue(std::size_t row, std::string_view name) const {
  if (pool_ == nullptr) return Value::None("no_pool");
  if (!pool_money_) {
    pool_fault_.clear();
    MakePool();
    if (!pool_fault_.empty()) return Value::None(pool_fault_);
  }
  const PoolMoney& money = *pool_money_;
  const auto dollars = [](Cents cents) { return Value::Number(Dollars(cents)); };
  const Row& here = rows_[row];
  if (here.level == Level::kProgramme) {
    if (name == "pool_unearned") return dollars(money.unearned);
    if (name == "pool_pool") return dollars(money.pool);
    if (name == "pool_kept") return dollars(money.kept);
    if (name == "pool_retained") return dollars(money.retained);
    return Value::None("of_other_rows");
  }
  const std::size_t plan_row = Above(row, Level::kOrganisation);
  const auto plan = static_cast<std::size_t>(std::ranges::find(rows_[0].below, plan_row) -
                                             rows_[0].below.begin());
  if (here.level == Level::kOrganisation) {
    if (name == "pool_withheld") return dollars(money.plans[plan].withheld);
    if (name == "pool_earned") return dollars(money.plans[plan].earned);
    if (name == "pool_bonus") return dollars(money.plans[plan].bonus);
    return Value::None("of_other_rows");
  }
  const std::size_t measure_row = Above(row, Level::kMeasure);
  const auto& siblings = rows_[plan_row].below;
  const auto outcome =
      static_cast<std::size_t>(std::ranges::find(siblings, measure_row) - siblings.begin());
  const OutcomeMoney& line = money.outcomes[outcome];
  if (name == "pool_unearned") return Value::Number(line.unearned);
  if (name == "pool_portion") return dollars(line.portion);
  if (name == "pool_won") {
    return Value::Truth(std::ranges::find(line.winners, plan) != line.winners.end());
  }
  return Value::None("of_other_rows");
}

}  // namespace equinode::equity::programs
