// Californian places with a ZIP code, by the share of people who live there. Streets are made up.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace equinode::made {

struct Place {
  std::uint32_t weight = 0;
  std::string_view city{};
  std::string_view county{};
  std::string_view zip{};
};

std::span<const Place> Places();
std::span<const std::string_view> Streets();

}  // namespace equinode::made
