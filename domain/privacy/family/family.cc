#include "domain/privacy/family/family.h"

#include <algorithm>
#include <unordered_set>

namespace equinode::privacy {
namespace {

__extension__ typedef __int128 Wide;

Error Bad(std::string reason, std::string message) {
  return Error{Code::kInvalidArgument, std::move(reason), std::move(message)};
}

std::string Place(const char* list, std::size_t at) {
  return std::string(list) + "[" + std::to_string(at) + "]";
}

Status CheckCells(const Family& family) {
  if (family.cells.size() > kMostCells) {
    return Bad("TOO_MANY_CELLS", "a family has at most 100000 cells");
  }
  std::unordered_set<std::string_view> names;
  for (std::size_t i = 0; i < family.cells.size(); ++i) {
    const FamilyCell& cell = family.cells[i];
    if (cell.name.empty() || cell.name.size() > 512) {
      return Bad("BAD_CELL_NAME", Place("cells", i) + ": a name has 1 to 512 bytes");
    }
    if (!names.insert(cell.name).second) {
      return Bad("CELL_TWICE", "cell '" + cell.name + "' comes twice");
    }
    if (cell.count < 0 || cell.count > kMostCount) {
      return Bad("BAD_COUNT", "cell '" + cell.name + "': a count is from 0 to 2^40");
    }
  }
  return Ok();
}

Status CheckEquations(const Family& family) {
  std::size_t terms = 0;
  // The last equation, plus one, in which a cell was seen.
  std::vector<std::size_t> seen(family.cells.size(), 0);
  for (std::size_t i = 0; i < family.equations.size(); ++i) {
    const Equation& equation = family.equations[i];
    const std::string place = Place("equations", i);
    if (equation.parts.empty()) return Bad("BAD_EQUATION", place + " has no parts");
    terms += equation.parts.size() + 1;
    if (terms > kMostTerms) return Bad("TOO_MANY_TERMS", "the equations have over 1000000 terms");
    if (equation.total >= family.cells.size()) {
      return Bad("UNKNOWN_CELL", place + ": there is no such total");
    }
    seen[equation.total] = i + 1;
    std::int64_t sum = 0;  // At most kMostTerms times kMostCount: below 2^60.
    for (const Cell part : equation.parts) {
      if (part >= family.cells.size()) {
        return Bad("UNKNOWN_CELL", place + ": there is no such part");
      }
      if (seen[part] == i + 1) {
        return Bad("BAD_EQUATION", place + ": cell '" + family.cells[part].name + "' comes twice");
      }
      seen[part] = i + 1;
      sum += family.cells[part].count;
    }
    if (sum != family.cells[equation.total].count) {
      return Bad("EQUATION_WRONG", place + ": the parts of '" + family.cells[equation.total].name +
                                       "' do not add up to it");
    }
  }
  return Ok();
}

Status CheckRates(const Family& family) {
  for (std::size_t i = 0; i < family.rates.size(); ++i) {
    const Rate& rate = family.rates[i];
    const std::string place = Place("rates", i);
    if (rate.numerator >= family.cells.size() || rate.denominator >= family.cells.size()) {
      return Bad("UNKNOWN_CELL", place + ": there is no such cell");
    }
    if (rate.numerator == rate.denominator) {
      return Bad("BAD_RATE", place + ": numerator and denominator are one cell");
    }
    if (rate.decimals > kMostDecimals) {
      return Bad("BAD_RATE", place + ": a percentage has at most 4 decimals");
    }
    const std::int64_t denominator = family.cells[rate.denominator].count;
    if (denominator == 0) return Bad("BAD_RATE", place + ": the denominator is 0");
    if (ScaledPercent(family.cells[rate.numerator].count, denominator, rate.decimals) !=
        rate.scaled) {
      return Bad("RATE_WRONG", place + ": the percentage is not what its counts round to");
    }
  }
  return Ok();
}

Status CheckLists(const Family& family) {
  const auto known = [&](std::span<const Cell> cells) {
    return std::all_of(cells.begin(), cells.end(),
                       [&](Cell cell) { return cell < family.cells.size(); });
  };
  for (std::size_t i = 0; i < family.coarsenings.size(); ++i) {
    if (!known(family.coarsenings[i].drops) || !known(family.coarsenings[i].shows)) {
      return Bad("UNKNOWN_CELL", Place("coarsenings", i) + ": there is no such cell");
    }
  }
  for (std::size_t i = 0; i < family.tables.size(); ++i) {
    if (!known(family.tables[i].cells)) {
      return Bad("UNKNOWN_CELL", Place("tables", i) + ": there is no such cell");
    }
  }
  return Ok();
}

}  // namespace

std::int64_t ScaledPercent(std::int64_t numerator, std::int64_t denominator,
                           std::uint8_t decimals) {
  Wide scale = 100;
  for (std::uint8_t i = 0; i < decimals; ++i) scale *= 10;
  // floor(x + 1/2) = floor((2 n s + d) / 2 d).
  const Wide twice = 2 * scale * numerator + denominator;
  return static_cast<std::int64_t>(twice / (2 * static_cast<Wide>(denominator)));
}

Status Check(const Family& family) {
  EQN_CHECK(CheckCells(family));
  EQN_CHECK(CheckEquations(family));
  EQN_CHECK(CheckRates(family));
  return CheckLists(family);
}

}  // namespace equinode::privacy
