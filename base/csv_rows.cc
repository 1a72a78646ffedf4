#include "base/csv_rows.h"

namespace equinode {

void ForEachRow(std::string_view csv,
                const std::function<void(const std::vector<std::string>&)>& row) {
  std::vector<std::string> fields(1);
  std::size_t columns = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < csv.size() && csv[i + 1] == '"') {
        fields.back() += c;
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      if (columns == 0) {
        columns = fields.size();
      } else if (fields.size() == columns) {
        row(fields);
      }
      fields.assign(1, {});
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  if (columns != 0 && fields.size() == columns) row(fields);
}

}  // namespace equinode
