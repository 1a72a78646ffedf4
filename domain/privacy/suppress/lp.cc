#include "domain/privacy/suppress/lp.h"

#include <Clp_C_Interface.h>

namespace equinode::privacy {

namespace {
constexpr int kBasic = 1, kAtLower = 3;  // As ClpSimplex::Status.
}  // namespace

struct LinearProgram::State {
  Clp_Simplex* model = nullptr;
  std::size_t columns = 0;
};

LinearProgram::LinearProgram(std::size_t columns, const std::vector<LpRow>& rows)
    : state_(std::make_unique<State>()) {
  state_->columns = columns;
  state_->model = Clp_newModel();
  Clp_setLogLevel(state_->model, 0);
  Clp_setMaximumIterations(state_->model, 20'000);
  std::vector<std::vector<std::pair<int, double>>> by_column(columns);
  std::vector<double> row_low, row_high;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const auto& [column, factor] : rows[r].terms) {
      by_column[column].emplace_back(static_cast<int>(r), factor);
    }
    row_low.push_back(rows[r].low);
    row_high.push_back(rows[r].high);
  }
  std::vector<CoinBigIndex> start = {0};
  std::vector<int> index;
  std::vector<double> value;
  for (const auto& column : by_column) {
    for (const auto& [row, factor] : column) {
      index.push_back(row);
      value.push_back(factor);
    }
    start.push_back(static_cast<CoinBigIndex>(index.size()));
  }
  const std::vector<double> zeros(columns, 0.0);
  Clp_loadProblem(state_->model, static_cast<int>(columns), static_cast<int>(rows.size()),
                  start.data(), index.data(), value.data(), zeros.data(), zeros.data(),
                  zeros.data(), row_low.data(), row_high.data());
}

LinearProgram::~LinearProgram() { Clp_deleteModel(state_->model); }

void LinearProgram::SetBounds(std::size_t column, double low, double high) {
  Clp_columnLower(state_->model)[column] = low;
  Clp_columnUpper(state_->model)[column] = high;
}
void LinearProgram::SetCost(std::size_t column, double cost) {
  Clp_objective(state_->model)[column] = cost;
}
double LinearProgram::low(std::size_t column) const {
  return Clp_columnLower(state_->model)[column];
}
double LinearProgram::high(std::size_t column) const {
  return Clp_columnUpper(state_->model)[column];
}

void LinearProgram::BeginAnew() {
  // Dual feasible whatever the costs, since none is below 0; and few steps from the answer, which
  // moves few columns. The end of another question's way is neither.
  for (int c = 0; c < Clp_numberColumns(state_->model); ++c) {
    Clp_setColumnStatus(state_->model, c, kAtLower);
  }
  for (int r = 0; r < Clp_numberRows(state_->model); ++r) {
    Clp_setRowStatus(state_->model, r, kBasic);
  }
}

std::optional<std::vector<double>> LinearProgram::Solve() {
  Clp_dual(state_->model, 0);
  if (Clp_status(state_->model) != 0) return std::nullopt;
  const double* solution = Clp_primalColumnSolution(state_->model);
  return std::vector<double>(solution, solution + state_->columns);
}

}  // namespace equinode::privacy
