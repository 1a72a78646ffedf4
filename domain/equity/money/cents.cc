#include "domain/equity/money/cents.h"

#include <cassert>

namespace equinode::equity {
namespace {

Result<Cents> Checked(const Rational& whole_cents) {
  static const Rational most(100'000'000'000'000'000);
  if (whole_cents.Abs() > most) {
    return Error{Code::kOutOfRange, "TOO_MUCH_MONEY", "more than 10^15 dollars in one line"};
  }
  EQN_TRY(const std::int64_t value, whole_cents.ToInt64());
  return Cents{value};
}

}  // namespace

Result<Cents> CentsOf(const Rational& dollars) { return Checked((dollars * 100).Rounded(0)); }
Result<Cents> CentsDown(const Rational& dollars) { return Checked((dollars * 100).RoundedDown(0)); }

Rational Dollars(Cents cents) { return Rational::Of(cents.value, 100); }
std::string DollarText(Cents cents) { return Dollars(cents).Text(2); }

std::vector<Cents> SplitEvenly(Cents whole, std::size_t parts) {
  assert(parts > 0 && whole.value >= 0);
  const auto count = static_cast<std::int64_t>(parts);
  std::vector<Cents> out(parts, Cents{whole.value / count});
  for (std::int64_t i = 0; i < whole.value % count; ++i) ++out[static_cast<std::size_t>(i)].value;
  return out;
}

}  // namespace equinode::equity
