// A table's rows by the names of its columns, in whatever order its header has them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace equinode {

// Reused from row to row. One thread.
class NamedColumns {
 public:
  // `names` in small letters, the first `needed` of them must be there. Names are compared without
  // regard to case. CSV_HEADER, and what ReadCsvRow says.
  static Result<NamedColumns> FromHeader(std::string_view header,
                                         std::span<const std::string_view> names,
                                         std::size_t needed);
  // BAD_CSV, BAD_UTF8, LINE_TOO_LONG, CELL_MISSING.
  Status Read(std::string_view line);
  // Of the row read last, by the position in `names`; empty for a column that the table lacks.
  std::string_view Cell(std::size_t column) const {
    return place_[column] < cells_.size() ? std::string_view(cells_[place_[column]])
                                          : std::string_view();
  }
  std::size_t width() const { return width_; }  // Columns of the header.
  std::size_t known() const { return known_; }  // Of them, those with one of the names.

 private:
  char separator_ = ',';
  std::size_t width_ = 0;
  std::size_t known_ = 0;
  std::vector<std::size_t> place_{};
  std::vector<std::string> cells_{};
};

}  // namespace equinode
