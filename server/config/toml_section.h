// Private to server/config: one table of a TOML file, read key by key. The first error, by line, is
// kept; a key that nobody asked for is an error too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "client/toml/parser.h"

namespace equinode::config {

// Over all sections of a file: what is reported is what comes first in it.
class Complaints {
 public:
  // Line 0: of no line; comes after all that are wrong on one.
  void Add(std::uint32_t line, const std::string& message) {
    if (line == 0) line = kNoLine;
    if (first_ && first_->first <= line) return;
    first_ = {line, message};
  }
  Status Get() const {
    if (!first_) return Ok();
    const std::string where =
        first_->first == kNoLine ? "" : "line " + std::to_string(first_->first) + ": ";
    return Error{Code::kInvalidArgument, "BAD_CONFIG", where + first_->second};
  }

 private:
  static constexpr std::uint32_t kNoLine = ~std::uint32_t{0};
  std::optional<std::pair<std::uint32_t, std::string>> first_{};
};

class Section {
 public:
  // `table` null: an absent table, in which nothing is set. `name` is empty for the file itself.
  Section(const toml::table* table, std::string name, Complaints& complaints)
      : table_(table), name_(std::move(name)), complaints_(complaints) {}

  bool has(std::string_view key) const { return table_ != nullptr && table_->contains(key); }
  // Where the table begins; 0 for the file itself and for an absent one.
  std::uint32_t line() const {
    return table_ == nullptr || name_.empty() ? 0 : table_->source().begin.line;
  }

  // Each leaves `out` as it is when the key is absent, and returns whether it was there.
  bool Text(std::string_view key, std::string* out);
  bool Path(std::string_view key, const std::filesystem::path& folder, std::filesystem::path* out);
  bool Number(std::string_view key, std::int64_t least, std::int64_t most, std::uint32_t* out);
  // The position of the value among `words`.
  bool Word(std::string_view key, std::initializer_list<std::string_view> words, std::size_t* out);
  Section Table(std::string_view key);

  // The key must not be missing.
  void Require(std::string_view key, const std::string& why);
  void Complain(std::string_view key, const std::string& message);
  // Call last: complains of every key that was not asked for.
  void Finish();

 private:
  const toml::node* Find(std::string_view key);
  std::string Named(std::string_view key) const;

  const toml::table* table_;
  const std::string name_;
  Complaints& complaints_;
  std::vector<std::string> known_{};
};

}  // namespace equinode::config
