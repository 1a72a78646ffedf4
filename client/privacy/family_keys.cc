#include "client/privacy/family_keys.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace equinode::privacy {
namespace {

constexpr std::size_t kLongKey = 8;

// How many letters must be put in, taken out or changed to make one of the other.
std::size_t Apart(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < one.size(); ++i) {
    std::size_t corner = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < other.size(); ++j) {
      const std::size_t changed = corner + (one[i] != other[j]);
      corner = std::exchange(row[j + 1], std::min({changed, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row.back();
}

}  // namespace

std::string_view MeantKey(std::string_view key, KeyList known) {
  if (std::find(known.begin(), known.end(), key) != known.end()) return key;
  for (const std::string_view each : known) {
    if (each.size() < 4 || key.size() > each.size() + 2 || each.size() > key.size() + 2) continue;
    if (Apart(key, each) <= (each.size() >= kLongKey ? 2u : 1u)) return each;
  }
  return "";
}

}  // namespace equinode::privacy
