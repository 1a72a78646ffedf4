#include "tests/domain/privacy/protect/glpk_attacker.h"

#include <glpk.h>

#include <cmath>
#include <vector>

namespace equinode::privacy {
namespace {

constexpr double kFar = 1e6;  // Counts of the tests are far below.

class Problem {
 public:
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
        const bool marked = pattern.cells[i] == CellState::kHidden && family.zeros_printed;
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

  std::optional<double> End(Cell cell, int direction) {
    const int column = static_cast<int>(cell + 1);
    glp_set_obj_coef(problem_, column, 1);
    glp_set_obj_dir(problem_, direction > 0 ? GLP_MAX : GLP_MIN);
    glp_iocp options;
    glp_init_iocp(&options);
    options.presolve = GLP_ON;
    options.msg_lev = GLP_MSG_OFF;
    options.tm_lim = 60'000;
    const int failed = glp_intopt(problem_, &options);
    const bool best = failed == 0 && glp_mip_status(problem_) == GLP_OPT;
    const double value = best ? glp_mip_col_val(problem_, column) : 0;
    glp_set_obj_coef(problem_, column, 0);
    if (!best) return std::nullopt;
    return value;
  }

 private:
  void AddRow(const std::vector<int>& columns, const std::vector<double>& factors, int kind,
              double low, double high) {
    const int row = glp_add_rows(problem_, 1);
    glp_set_row_bnds(problem_, row, kind, low, high);
    glp_set_mat_row(problem_, row, static_cast<int>(columns.size() - 1), columns.data(),
                    factors.data());
  }

  glp_prob* problem_;
};

}  // namespace

std::optional<Attack> AttackCell(const Family& family, const Pattern& pattern, Cell cell) {
  Problem problem(family, pattern);
  const auto low = problem.End(cell, -1), high = problem.End(cell, 1);
  if (!low || !high) return std::nullopt;
  return Attack{std::llround(*low), std::llround(*high), *high > kFar / 2};
}

}  // namespace equinode::privacy
