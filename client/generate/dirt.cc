#include "client/generate/dirt.h"

namespace equinode::made {

std::uint64_t& Dirt::Of(std::map<std::string, std::uint64_t, std::less<>>& counts,
                        std::string_view what) {
  const auto found = counts.find(what);
  return found != counts.end() ? found->second : counts[std::string(what)];
}

std::uint64_t Dirt::refused_lines() const {
  std::uint64_t sum = 0;
  for (const auto& [what, count] : refused) sum += count;
  return sum;
}

void Break(std::string& line, std::uint32_t how) {
  if (how % 3 == 0) {
    line.resize(line.size() / 2);  // A cut export.
  } else if (how % 3 == 1) {
    line.insert(line.find(':') + 1, ":");
  } else {
    line = "<html><body>503 Service Unavailable</body></html>";
  }
}

void SpoilEncoding(std::string& line) {
  constexpr std::string_view kBefore = R"("family":")";
  line[line.find(kBefore) + kBefore.size()] = '\xE9';  // ISO 8859-1.
}

}  // namespace equinode::made
