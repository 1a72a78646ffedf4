#include "domain/counts/dictionary.h"

#include <algorithm>

#include "domain/counts/stratifier.h"

namespace equinode {

Dictionary::Dictionary(std::size_t max_values, std::initializer_list<std::string_view> reserved)
    : max_values_(std::min<std::size_t>(max_values, 65535)), reserved_(2 + reserved.size()) {
  Add(kStratumUnknown);
  Add(kStratumOtherValues);
  for (const std::string_view value : reserved) Add(value);
}

Dictionary::Code Dictionary::Add(std::string_view value) {
  const Code code = static_cast<Code>(values_.size());
  values_.emplace_back(value);
  index_.emplace(values_.back(), code);
  return code;
}

Dictionary::Code Dictionary::Intern(std::string_view value) {
  if (value.empty()) return kUnknown;
  if (const auto found = index_.find(value); found != index_.end()) return found->second;
  if (values_.size() >= max_values_ || value.size() > kMaxLength) {
    overflowed_ = true;
    return kOtherValues;
  }
  return Add(value);
}

std::optional<Dictionary::Code> Dictionary::Find(std::string_view value) const {
  if (value.empty()) return kUnknown;
  const auto found = index_.find(value);
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

std::size_t Dictionary::bytes() const {
  std::size_t total = index_.bucket_count() * sizeof(void*);
  for (const std::string& value : values_) {
    const std::size_t heap = value.capacity() > 15 ? value.capacity() + 1 : 0;
    total += sizeof(std::string) + heap + sizeof(std::string_view) + 3 * sizeof(void*);
  }
  return total;
}

bool Dictionary::Assign(const std::deque<std::string>& values, bool overflowed) {
  if (values.size() < reserved_ || values.size() > max_values_) return false;
  for (std::size_t i = 0; i < reserved_; ++i) {
    if (values[i] != values_[i]) return false;
  }
  index_.clear();
  values_.clear();
  overflowed_ = overflowed;
  for (const std::string& value : values) {
    if (value.empty() || value.size() > kMaxLength || index_.contains(value)) return false;
    Add(value);
  }
  return true;
}

}  // namespace equinode
