// A withhold over several plans whose unearned money goes, in part, to the best plans (North
// Carolina's bonus pool). To the cent: withheld = earned + bonus + retained.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/equity/money/cents.h"

namespace equinode::equity {

// What of the pool an outcome's best plan takes. The source says "that measure's portion".
enum class PoolPortion : std::uint8_t {
  kBySource,  // The pool's share of the money left unearned on that outcome.
  kByWeight,  // The whole pool times the outcome's weight.
};

struct PoolTerms {
  Rational withheld{};  // Of the capitation, 0..1.
  Rational to_pool{};   // Of the unearned money, 0..1; the rest is kept.
  PoolPortion portion = PoolPortion::kBySource;
};

struct PoolOutcome {
  std::string name{};
  Rational weight{};  // Of the withheld money; all of them make 1.
};

// What a plan did on one outcome.
struct PoolStanding {
  Rational earned{};                // Of the outcome's share, 0..1.
  bool met = false;                 // The benchmark: without it no bonus.
  std::optional<Rational> score{};  // The highest wins; none cannot win.
};

struct PoolPlan {
  std::string name{};
  Rational capitation{};                  // Dollars, >= 0.
  std::vector<PoolStanding> standings{};  // One an outcome, in their order.
};

struct PlanMoney {
  Cents withheld{};
  Cents earned{};
  Cents bonus{};
};

struct OutcomeMoney {
  Rational unearned{};                 // Dollars, exact.
  Cents portion{};                     // Rounded down: the residue is retained.
  std::vector<std::size_t> winners{};  // Places in `plans`, by name; empty = nobody met it.
};

struct PoolMoney {
  std::vector<PlanMoney> plans{};
  std::vector<OutcomeMoney> outcomes{};
  Cents unearned{};
  Cents pool{};
  Cents kept{};      // Unearned and never in the pool.
  Cents retained{};  // Kept, and what of the pool nobody won.
};

// Ties split a portion to the cent, extra cents to the lower names. INVALID_ARGUMENT with BAD_POOL
// when weights do not make 1, a share is outside 0..1, a capitation is negative or a plan's
// standings are not as many as the outcomes.
Result<PoolMoney> SharePool(const PoolTerms& terms, const std::vector<PoolOutcome>& outcomes,
                            const std::vector<PoolPlan>& plans);

}  // namespace equinode::equity
