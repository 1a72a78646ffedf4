// A linear program in floating point. What it finds is a proposal and nothing more.
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace equinode::privacy {

struct LpRow {
  std::vector<std::pair<std::size_t, double>> terms{};  // Column and factor.
  double low = 0, high = 0;
};

inline constexpr double kLpOpen = std::numeric_limits<double>::max();

// Minimises cost x under rows and bounds; costs are not below 0. The same calls in the same order
// give the same answers.
class LinearProgram {
 public:
  LinearProgram(std::size_t columns, const std::vector<LpRow>& rows);
  ~LinearProgram();
  LinearProgram(const LinearProgram&) = delete;
  LinearProgram& operator=(const LinearProgram&) = delete;

  void SetBounds(std::size_t column, double low, double high);
  void SetCost(std::size_t column, double cost);
  double low(std::size_t column) const;
  double high(std::size_t column) const;

  // The next solve begins with every column at its lower bound: right where the question is a new
  // one. Else it begins where the last one ended, which is near when few bounds were changed.
  void BeginAnew();

  // Nothing when there is no solution or too many steps were taken.
  std::optional<std::vector<double>> Solve();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace equinode::privacy
