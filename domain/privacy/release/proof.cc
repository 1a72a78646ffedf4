#include "domain/privacy/release/proof.h"

#include <string>

#include "domain/privacy/audit/audit.h"

namespace equinode {
namespace {

// Hidden cells are not 0 and the outsider knows it, as in a family whose zeros are printed.
privacy::Family FamilyOf(const LinkedCells& cells) {
  privacy::Family family;
  for (CellIndex cell = 0; cell < cells.values.size(); ++cell) {
    family.cells.push_back({std::to_string(cell), static_cast<std::int64_t>(cells.values[cell])});
  }
  for (const CellEquation& equation : cells.equations) {
    if (equation.parts.empty()) continue;  // A total of nothing is a zero, which is shown.
    family.equations.push_back({equation.total, equation.parts});
  }
  return family;
}

}  // namespace

std::optional<std::vector<CellIndex>> WithoutProof(const LinkedCells& cells,
                                                   const CellStatuses& statuses, std::uint64_t from,
                                                   std::uint64_t to, std::uint64_t max_work) {
  const privacy::Family family = FamilyOf(cells);
  privacy::Pattern pattern;
  for (const CellStatus status : statuses) {
    pattern.cells.push_back(status == CellStatus::kHidden ? privacy::CellState::kHidden
                                                          : privacy::CellState::kShown);
  }
  privacy::AuditOptions options;
  options.small = {static_cast<std::int64_t>(from), static_cast<std::int64_t>(to)};
  options.level = privacy::Level::kExact;
  options.max_effort = max_work;
  const auto report = privacy::Audit(family, pattern, options);
  if (!report.ok()) return std::nullopt;
  std::vector<CellIndex> without;
  for (const privacy::Finding& finding : report->findings) {
    if (finding.small && !finding.safe) without.push_back(finding.cell);
  }
  return without;
}

}  // namespace equinode
