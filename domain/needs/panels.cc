#include "domain/needs/panels.h"

#include <string>
#include <utility>
#include <vector>

#include "base/csv_rows.h"
#include "domain/needs/screening_tables.h"

namespace equinode {

std::string_view PanelOfInstrument(std::string_view instrument) {
  static const std::vector<std::pair<std::string, std::string>> panels = [] {
    std::vector<std::pair<std::string, std::string>> made;
    ForEachRow(needs::kInstrumentsCsv, [&](const std::vector<std::string>& row) {
      if (row[1] == "panel") made.emplace_back(row[0], row[2]);
    });
    return made;
  }();
  for (const auto& [name, loinc] : panels) {
    if (name == instrument) return loinc;
  }
  return {};
}

}  // namespace equinode
