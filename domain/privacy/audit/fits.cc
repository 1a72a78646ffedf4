#include "domain/privacy/audit/fits.h"

namespace equinode::privacy {

__extension__ typedef __int128 Wide;

bool Fits(const Family& family, const Pattern& pattern, std::span<const std::int64_t> counts) {
  if (counts.size() != family.cells.size()) return false;
  for (Cell cell = 0; cell < counts.size(); ++cell) {
    const bool right = ReaderHas(family, pattern, cell)
                           ? counts[cell] == family.cells[cell].count
                           : counts[cell] >= LeastUnseen(family, pattern, cell);
    if (!right) return false;
  }
  for (const Equation& equation : family.equations) {
    Wide sum = 0;
    for (const Cell part : equation.parts) sum += counts[part];
    if (sum != counts[equation.total]) return false;
  }
  for (std::size_t i = 0; i < family.rates.size(); ++i) {
    if (!ReaderHasRate(family, pattern, i)) continue;
    const Rate& rate = family.rates[i];
    if (counts[rate.denominator] <= 0 ||
        ScaledPercent(counts[rate.numerator], counts[rate.denominator], rate.decimals) !=
            rate.scaled) {
      return false;
    }
  }
  return true;
}

}  // namespace equinode::privacy
