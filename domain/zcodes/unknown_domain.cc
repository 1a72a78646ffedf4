#include "domain/zcodes/unknown_domain.h"

#include <algorithm>
#include <string>
#include <vector>

#include "domain/zcodes/domains.h"

namespace equinode {
namespace {

constexpr std::size_t kMostRepeated = 40;
constexpr std::size_t kFewLetters = 2;  // In common by chance.

std::size_t CommonStart(std::string_view a, std::string_view b) {
  const auto [end, other] = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(end - a.begin());
}

// Those that begin as the word does for the longest; none where that is nothing.
std::vector<std::string> Meant(std::string_view word) {
  std::size_t longest = kFewLetters;
  for (const NeedDomain& each : NeedDomains()) {
    longest = std::max(longest, CommonStart(word, each.code));
  }
  std::vector<std::string> meant;
  for (const NeedDomain& each : NeedDomains()) {
    if (longest > kFewLetters && CommonStart(word, each.code) == longest) {
      meant.push_back(each.code);
    }
  }
  return meant;
}

}  // namespace

Error UnknownDomain(std::string_view word) {
  const bool plain = !word.empty() && word.size() <= kMostRepeated &&
                     std::ranges::all_of(word, [](char c) { return c > ' ' && c < 0x7f; });
  std::string said = "there is no ";
  said += plain ? "need domain " + std::string(word) : "such need domain";
  std::vector<std::string> meant = Meant(word);
  if (meant.empty()) meant = {"food-insecurity", "homelessness", "and others (docs/needs.md)"};
  said += "; there is " + meant.front();
  for (std::size_t i = 1; i < meant.size(); ++i) said += ", " + meant[i];
  return {Code::kInvalidArgument, "UNKNOWN_DOMAIN", std::move(said)};
}

}  // namespace equinode
