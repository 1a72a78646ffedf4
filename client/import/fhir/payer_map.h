// The payer rules of a source profile, found by hash: thousands of rules cost no more than one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "client/import/source_profile.h"

namespace equinode::fhir {

// How one Coverage names its payor. Views of the caller's.
struct PayorNames {
  std::string_view identifier_system{};
  std::string_view identifier_value{};
  std::string_view reference{};
  std::string_view name{};
};

class PayerMap {
 public:
  // `rules` must outlive the map.
  explicit PayerMap(const std::vector<PayerRule>& rules);
  // The first rule that matches, or null. `types` are the codes of Coverage.type.
  const PayerRule* Find(const PayorNames& payor, const std::vector<std::string>& types) const;

 private:
  using Index = std::unordered_map<std::string, std::vector<std::uint32_t>>;
  const std::vector<PayerRule>& rules_;
  Index by_identifier_{};  // "system|value", or a value alone.
  Index by_reference_{};
  Index by_name_{};  // Folded.
};

// ASCII lower case, without outer space, inner space as one blank.
std::string FoldName(std::string_view name);

}  // namespace equinode::fhir
