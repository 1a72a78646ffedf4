#include "tests/domain/privacy/protect/glpk_attacker.h"

#include <glpk.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace equinode::privacy {
namespace {

constexpr double kFar = 1e6;  // Counts of the tests are far below.
constexpr int kMostMilliseconds = 20'000;

}  // namespace

struct Attacker::Problem {
  Problem(const Family& family, const Pattern& pattern) : problem_(glp_create_prob()) {
    glp_term_out(GLP_OFF);
    glp_add_cols(problem_, static_cast<int>(family.cells.size()));
    for (std::size_t i = 0; i < family.cells.size(); ++i) {
      const int column = static_cast<int>(i + 1);
      const double count = static_cast<double>(family.cells[i].count);
      glp_set_col_kind(problem_, column, GLP_IV);
      if (pattern.cells[i] == CellState::kShown || family.cells[i].kind == CellKind::kPublished) {
        glp_set_col_bnds(problem_, column, GLP_FX, count, count);
      } else {
        const bool marked = (pattern.cells[i] == CellState::kHidden ||
                             family.cells[i].kind == CellKind::kHiddenBefore) &&
                            family.zeros_printed;
        glp_set_col_bnds(problem_, column, GLP_DB, marked ? 1 : 0, kFar);
      }
    }
    for (const Equation& equation : family.equations) {
      std::vector<int> columns = {0, static_cast<int>(equation.total + 1)};
      std::vector<double> factors = {0, -1};
      for (const Cell part : equation.parts) {
        columns.push_back(static_cast<int>(part + 1));
        factors.push_back(1);
      }
      AddRow(columns, factors, GLP_FX, 0, 0);
    }
    for (std::size_t i = 0; i < family.rates.size(); ++i) {
      if (!pattern.rates_shown[i] && !family.rates[i].published) continue;
      const Rate& rate = family.rates[i];
      const std::vector<int> columns = {0, static_cast<int>(rate.numerator + 1),
                                        static_cast<int>(rate.denominator + 1)};
      const double unit = std::pow(10.0, rate.decimals);
      const double p = static_cast<double>(rate.scaled);
      // p - 1/2 <= 100 unit n / m < p + 1/2, times 2 m; whole numbers, so < is <= less 1.
      AddRow(columns, {0, 200 * unit, -(2 * p - 1)}, GLP_LO, 0, 0);
      AddRow(columns, {0, 200 * unit, -(2 * p + 1)}, GLP_UP, 0, -1);
    }
  }
  ~Problem() { glp_delete_prob(problem_); }

  // The greatest (direction 1) or least (-1) that the cell can be.
  std::optional<double> End(Cell cell, int direction) {
    const int column = static_cast<int>(cell + 1);
    glp_set_obj_coef(problem_, column, 1);
    glp_set_obj_dir(problem_, direction > 0 ? GLP_MAX : GLP_MIN);
    const auto found = Solve();
    const double value = glp_mip_col_val(problem_, column);
    glp_set_obj_coef(problem_, column, 0);
    if (!found || !*found)
      return std::nullopt;  // The true table fits: "none" is a fault of GLPK's.
    return value;
  }

  // Is there a table with the cell within these bounds?
  std::optional<bool> Any(Cell cell, double low, double high) {
    const int column = static_cast<int>(cell + 1);
    const int kind = glp_get_col_type(problem_, column);
    const double old_low = glp_get_col_lb(problem_, column);
    const double old_high = glp_get_col_ub(problem_, column);
    low = std::max(low, old_low);
    high = std::min(high, old_high);
    std::optional<bool> found = false;
    if (low <= high) {
      glp_set_col_bnds(problem_, column, low == high ? GLP_FX : GLP_DB, low, high);
      found = Solve();
      glp_set_col_bnds(problem_, column, kind, old_low, old_high);
    }
    return found;
  }

 private:
  std::optional<bool> Solve() {
    glp_iocp options;
    glp_init_iocp(&options);
    options.presolve = GLP_ON;
    options.msg_lev = GLP_MSG_OFF;
    options.tm_lim = kMostMilliseconds;
    const int failed = glp_intopt(problem_, &options);
    if (failed == GLP_ENOPFS) return false;  // Not even without whole numbers.
    if (failed != 0) return std::nullopt;
    const int status = glp_mip_status(problem_);
    if (status == GLP_OPT) return true;
    if (status == GLP_NOFEAS) return false;
    return std::nullopt;
  }

  void AddRow(const std::vector<int>& columns, const std::vector<double>& factors, int kind,
              double low, double high) {
    const int row = glp_add_rows(problem_, 1);
    glp_set_row_bnds(problem_, row, kind, low, high);
    glp_set_mat_row(problem_, row, static_cast<int>(columns.size() - 1), columns.data(),
                    factors.data());
  }

  glp_prob* problem_;
};

Attacker::Attacker(const Family& family, const Pattern& pattern)
    : problem_(std::make_unique<Problem>(family, pattern)) {}
Attacker::~Attacker() = default;

std::optional<Attack> Attacker::Interval(Cell cell) {
  const auto low = problem_->End(cell, -1), high = problem_->End(cell, 1);
  if (!low || !high) return std::nullopt;
  return Attack{std::llround(*low), std::llround(*high), *high > kFar / 2};
}

std::optional<bool> Attacker::CanReach(Cell cell, std::int64_t least) {
  return problem_->Any(cell, static_cast<double>(least), kFar);
}

std::optional<bool> Attacker::CanFallTo(Cell cell, std::int64_t most) {
  return problem_->Any(cell, 0, static_cast<double>(most));
}

}  // namespace equinode::privacy
