#include "client/cli/sheet.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "client/csv/csv_cell.h"

namespace equinode::cli {
namespace {

std::string CellText(const Json& cell) {
  if (cell.is_null()) return "";
  if (cell.is_string()) return Harmless(cell.get_ref<const std::string&>());
  if (cell.is_boolean()) return cell.get<bool>() ? "yes" : "no";
  if (!cell.is_array()) return cell.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string text;
  for (const Json& one : cell) text.append(text.empty() ? "" : ", ").append(CellText(one));
  return text;
}

std::string CsvText(const Json& cell) {
  if (cell.is_boolean()) return cell.get<bool>() ? "true" : "false";
  // A number below zero is no formula.
  return cell.is_number() ? CellText(cell) : CsvCell(CellText(cell));
}

}  // namespace

std::string Harmless(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = lead < 0x80   ? 1
                         : lead < 0xC2 ? 0
                         : lead < 0xE0 ? 2
                         : lead < 0xF0 ? 3
                         : lead < 0xF5 ? 4
                                       : 0;
    bool good = length != 0 && i + length <= text.size();
    for (std::size_t k = 1; good && k < length; ++k) {
      good = (static_cast<unsigned char>(text[i + k]) & 0xC0) == 0x80;
    }
    // C0, DEL and C1 (U+0080 to U+009F) steer a terminal.
    const bool control = lead < 0x20 || lead == 0x7F ||
                         (lead == 0xC2 && good && static_cast<unsigned char>(text[i + 1]) < 0xA0);
    if (!good) {
      out += '?';
      ++i;
      continue;
    }
    if (control) {
      out += ' ';
    } else {
      out.append(text.substr(i, length));
    }
    i += length;
  }
  return out;
}

std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

void Sheet::Add(std::vector<Json> cells) {
  assert(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::string Sheet::Text(Format format) const {
  std::string out;
  if (format == Format::kJson) {
    Json list = Json::array();
    for (const auto& row : rows_) {
      Json object = Json::object();
      for (std::size_t i = 0; i < row.size(); ++i) object[columns_[i]] = row[i];
      list.push_back(std::move(object));
    }
    return list.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  if (format == Format::kCsv) {
    for (const std::string& column : columns_) out.append(out.empty() ? "" : ",").append(column);
    out += '\n';
    for (const auto& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i)
        out.append(i == 0 ? "" : ",").append(CsvText(row[i]));
      out += '\n';
    }
    return out;
  }
  std::vector<std::size_t> widths;
  for (const std::string& column : columns_) widths.push_back(Width(column));
  std::vector<std::vector<std::string>> texts;
  for (const auto& row : rows_) {
    auto& cells = texts.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(CellText(row[i]));
      widths[i] = std::max(widths[i], Width(cells.back()));
    }
  }
  const auto put = [&](const std::string& text, std::size_t i, bool right) {
    const std::string space(widths[i] - Width(text), ' ');
    const bool last = i + 1 == columns_.size();
    if (i > 0) out += "  ";
    out.append(right ? space + text : last ? text : text + space);
  };
  for (std::size_t i = 0; i < columns_.size(); ++i) put(columns_[i], i, false);
  out += '\n';
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    for (std::size_t i = 0; i < columns_.size(); ++i) put(texts[r][i], i, rows_[r][i].is_number());
    out += '\n';
  }
  return out;
}

std::string PropertiesText(const Json& object, Format format) {
  if (format == Format::kJson) {
    return object.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  if (format == Format::kCsv) {
    std::string out = "property,value\n";
    for (const auto& [name, value] : object.items()) out += name + "," + CsvText(value) + "\n";
    return out;
  }
  std::size_t width = 0;
  for (const auto& [name, value] : object.items()) width = std::max(width, name.size());
  std::string out;
  for (const auto& [name, value] : object.items()) {
    out.append(name).append(width - name.size() + 2, ' ').append(CellText(value)).append("\n");
  }
  return out;
}

Status Print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) {
    return Ok();
  }
  return Error{Code::kInternal, "CANNOT_WRITE",
               std::string("cannot write to standard output: ") + std::strerror(errno)};
}

}  // namespace equinode::cli
