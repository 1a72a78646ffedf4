// The chance of each value of an outcome: which tier, how many points, paid or not, by luck alone.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "base/random.h"
#include "domain/equity/programs/scorer.h"

namespace equinode::equity::programs {

enum class Supposing : std::uint8_t {
  kSameRates,  // The true rates are those that were seen: how firm is the outcome?
  kNoChange,   // Nothing changed between the periods: each group has one true rate, that of both
               // periods together. Which outcome would chance alone have given?
};

struct SpreadOptions {
  Supposing supposing = Supposing::kSameRates;
  int draws = 2000;  // 1 to 1,000,000.
};

struct Spread {
  bool exact = false;  // Every combination was weighed; else drawn.
  int draws = 0;
  std::vector<std::pair<Value, double>> chances{};  // Ascending in value; they and `undecided`
                                                    // make 1.
  double undecided = 0;                             // The outcome has no value.
};

// Numbers of people are binomial in each group, rates and ratios' events Poisson; the people of a
// group are in everybody's numbers too. Hidden counts are anywhere within their bounds with one
// chance; privacy noise is drawn anew on top. Exact where at most 20,000 combinations are possible
// and nothing is hidden or noised. None when the figure is made from no counts, or from means.
// Leaves the scorer as it was.
std::optional<Spread> SpreadOf(Scorer& scorer, std::size_t row, std::size_t figure,
                               const SpreadOptions& options, Random& random);

}  // namespace equinode::equity::programs
