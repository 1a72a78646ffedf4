#include "client/import/fhir/payer_map.h"

#include <algorithm>
#include <limits>

namespace equinode::fhir {

std::string FoldName(std::string_view name) {
  std::string folded;
  folded.reserve(name.size());
  bool space = false;
  for (const char c : name) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      space = !folded.empty();
      continue;
    }
    if (space) folded += ' ';
    space = false;
    folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return folded;
}

PayerMap::PayerMap(const std::vector<PayerRule>& rules) : rules_(rules) {
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    const PayerRule& rule = rules[i];
    if (!rule.identifier.empty()) by_identifier_[rule.identifier].push_back(i);
    if (!rule.reference.empty()) by_reference_[rule.reference].push_back(i);
    if (!rule.name.empty()) by_name_[FoldName(rule.name)].push_back(i);
  }
}

const PayerRule* PayerMap::Find(const PayorNames& payor,
                                const std::vector<std::string>& types) const {
  constexpr auto kNone = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t best = kNone;
  const auto look = [&](const Index& index, std::string key) {
    if (key.empty()) return;
    const auto found = index.find(key);
    if (found == index.end()) return;
    for (const std::uint32_t i : found->second) {
      const std::string& type = rules_[i].type;
      const bool fits = type.empty() || std::find(types.begin(), types.end(), type) != types.end();
      if (fits) best = std::min(best, i);
    }
  };
  if (!payor.identifier_value.empty()) {
    const std::string value(payor.identifier_value);
    look(by_identifier_, value);
    look(by_identifier_, std::string(payor.identifier_system) + "|" + value);
  }
  look(by_reference_, std::string(payor.reference));
  look(by_name_, FoldName(payor.name));
  return best == kNone ? nullptr : &rules_[best];
}

}  // namespace equinode::fhir
