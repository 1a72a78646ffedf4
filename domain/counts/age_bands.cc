#include "domain/counts/age_bands.h"

#include <algorithm>
#include <utility>

#include "domain/counts/stratifier.h"

namespace equinode {
namespace {

using std::chrono::day;
using std::chrono::sys_days;
using std::chrono::year_month_day;
using std::chrono::years;

constexpr sys_days kBefore = sys_days{std::chrono::year{1879} / 12 / 31};

// The last birth date whose bearer has completed `age` years on `on`.
sys_days LastBirth(sys_days on, std::uint32_t age) {
  const year_month_day date{on};
  const year_month_day then{date.year() - years{age}, date.month(), date.day()};
  return then.ok() ? sys_days{then} : sys_days{then.year() / then.month() / day{28}};
}

}  // namespace

BirthCode EncodeBirth(std::optional<sys_days> birth) {
  if (!birth.has_value()) return 0;
  const auto days = (*birth - kBefore).count();
  if (days > 65535) return 0;
  return static_cast<BirthCode>(std::max<decltype(days)>(days, 1));
}

AgeBands::AgeBands(std::vector<std::uint32_t> starts, sys_days day) : starts_(std::move(starts)) {
  for (const std::uint32_t start : starts_) {
    const auto days = (LastBirth(day, start) - kBefore).count();
    last_birth_.push_back(static_cast<BirthCode>(std::clamp<decltype(days)>(days, 0, 65535)));
  }
}

bool AgeBands::ValidStarts(const std::vector<std::uint32_t>& starts) {
  if (starts.empty() || starts.size() > kMaxBands || starts.front() != 0) return false;
  for (std::size_t i = 1; i < starts.size(); ++i) {
    if (starts[i] <= starts[i - 1] || starts[i] > kMaxStart) return false;
  }
  return true;
}

std::string AgeBands::Label(std::uint16_t band) const {
  if (band >= starts_.size()) return std::string(kStratumUnknown);
  const std::string from = std::to_string(starts_[band]);
  if (band + 1u == starts_.size()) return from + "+";
  return from + "-" + std::to_string(starts_[band + 1u] - 1);
}

}  // namespace equinode
