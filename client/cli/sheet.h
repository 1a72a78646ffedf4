// What a command has to say, as rows: a table for people, JSON or CSV for programs.
#pragma once

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace equinode::cli {

enum class Format : std::uint8_t { kTable, kJson, kCsv };

using Json = nlohmann::ordered_json;

// Texts of the network are made harmless on the way out: a terminal sees no control character, a
// spreadsheet no formula.
class Sheet {
 public:
  explicit Sheet(std::vector<std::string> columns) : columns_(std::move(columns)) {}
  // As many cells as there are columns: texts, numbers, booleans, lists, null.
  void Add(std::vector<Json> cells);
  std::size_t rows() const { return rows_.size(); }

  std::string Text(Format format) const;

 private:
  std::vector<std::string> columns_;
  std::vector<std::vector<Json>> rows_{};
};

// One thing with its properties: name and value in two columns; one object in JSON.
std::string PropertiesText(const Json& object, Format format);

// To stdout. INTERNAL / CANNOT_WRITE when it does not take it, as a full disk or a closed pipe.
Status Print(std::string_view text);

// Without control characters; wrong UTF-8 becomes '?'.
std::string Harmless(std::string_view text);
// How many columns of a terminal a UTF-8 text takes, near enough.
std::size_t Width(std::string_view text);

}  // namespace equinode::cli
