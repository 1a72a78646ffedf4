#include "client/import/named_columns.h"

#include <simdjson.h>

#include "client/import/csv_row.h"
#include "client/import/fhir/payer_map.h"
#include "client/import/fhir/refuse.h"

namespace equinode {

Result<NamedColumns> NamedColumns::FromHeader(std::string_view header,
                                              std::span<const std::string_view> names,
                                              std::size_t needed) {
  NamedColumns table;
  table.separator_ = SeparatorOf(header);
  EQN_CHECK(ReadCsvRow(header, table.separator_, table.cells_));
  table.width_ = table.cells_.size();
  table.place_.assign(names.size(), static_cast<std::size_t>(-1));
  for (std::size_t column = 0; column < names.size(); ++column) {
    bool found = false;
    for (std::size_t i = 0; i < table.width_; ++i) {
      if (fhir::FoldName(table.cells_[i]) != names[column]) continue;
      table.place_[column] = i;
      found = true;
    }
    table.known_ += found ? 1 : 0;
    if (!found && column < needed) {
      return fhir::Refuse("CSV_HEADER",
                          "there is no column " + std::string(names[column]) + " in the header");
    }
  }
  return table;
}

Status NamedColumns::Read(std::string_view line) {
  if (line.size() > kMaxRow) return RowTooLong();
  if (!simdjson::validate_utf8(line.data(), line.size())) {
    return fhir::Refuse("BAD_UTF8", "the text is not UTF-8; export it in that encoding");
  }
  EQN_CHECK(ReadCsvRow(line, separator_, cells_));
  if (cells_.size() == width_) return Ok();
  return fhir::Refuse("CELL_MISSING", "the row has " + std::to_string(cells_.size()) +
                                          " cells and the header " + std::to_string(width_) +
                                          "; put cells that hold the separator in quotes");
}

}  // namespace equinode
