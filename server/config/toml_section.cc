#include "server/config/toml_section.h"

#include <algorithm>

namespace equinode::config {

namespace {

// A key from a file that may hold anything, as it may stand in one line of an error.
std::string Shown(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 64)) out += c >= ' ' && c <= '~' ? c : '?';
  return out;
}

// How many changes of one character lead from a to b.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

const toml::node* Section::Find(std::string_view key) {
  known_.emplace_back(key);
  return table_ == nullptr ? nullptr : table_->get(key);
}

std::string Section::Named(std::string_view key) const {
  return "'" + (name_.empty() ? "" : name_ + ".") + Shown(key) + "'";
}

bool Section::Text(std::string_view key, std::string* out) {
  const toml::node* node = Find(key);
  if (node == nullptr) return false;
  const auto* text = node->as_string();
  const auto good = [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; };
  if (text == nullptr || text->get().empty() || text->get().size() > 4096 ||
      !std::ranges::all_of(text->get(), good)) {
    Complain(key, "must be a text of one line that is not empty");
    return false;
  }
  *out = text->get();
  return true;
}

bool Section::Path(std::string_view key, const std::filesystem::path& folder,
                   std::filesystem::path* out) {
  std::string text;
  if (!Text(key, &text)) return false;
  *out = (folder / text).lexically_normal();
  return true;
}

bool Section::Number(std::string_view key, std::int64_t least, std::int64_t most,
                     std::uint32_t* out) {
  const toml::node* node = Find(key);
  if (node == nullptr) return false;
  const auto* number = node->as_integer();
  if (number == nullptr || number->get() < least || number->get() > most) {
    Complain(key, "must be a whole number from " + std::to_string(least) + " to " +
                      std::to_string(most));
    return false;
  }
  *out = static_cast<std::uint32_t>(number->get());
  return true;
}

bool Section::Word(std::string_view key, std::initializer_list<std::string_view> words,
                   std::size_t* out) {
  const toml::node* node = Find(key);
  if (node == nullptr) return false;
  const auto* text = node->as_string();
  const auto found =
      text == nullptr ? words.end() : std::find(words.begin(), words.end(), text->get());
  if (found != words.end()) {
    *out = static_cast<std::size_t>(found - words.begin());
    return true;
  }
  std::string all;
  for (const std::string_view word : words) {
    all += (all.empty() ? "\"" : ", \"") + std::string(word) + "\"";
  }
  Complain(key, "must be one of " + all);
  return false;
}

Section Section::Table(std::string_view key) {
  const toml::node* node = Find(key);
  if (node != nullptr && !node->is_table())
    Complain(key, "must be a table, [" + std::string(key) + "]");
  return Section(node == nullptr ? nullptr : node->as_table(), std::string(key), complaints_);
}

void Section::Require(std::string_view key, const std::string& why) {
  if (has(key)) return;
  complaints_.Add(line(), Named(key) + " is missing: " + why);
}

void Section::Complain(std::string_view key, const std::string& message) {
  const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
  complaints_.Add(node == nullptr ? line() : node->source().begin.line, Named(key) + " " + message);
}

void Section::Finish() {
  if (table_ == nullptr) return;
  for (const auto& [key, node] : *table_) {
    const std::string_view name = key.str();
    if (std::ranges::find(known_, name) != known_.end()) continue;
    std::string hint;
    for (const std::string& known : known_) {
      if (name.size() <= 64 && Distance(name, known) <= 2) hint = "; did you mean '" + known + "'?";
    }
    complaints_.Add(key.source().begin.line, "unknown key " + Named(name) + hint);
  }
}

}  // namespace equinode::config
