// What a programme must be before it is scored.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "domain/equity/programs/programme.h"

namespace equinode::equity::programs {

// A name that stands for a number of people or their rate: "rate.current", "ref_den.previous".
struct CellName {
  enum class Who : std::uint8_t { kOwn, kOverall, kReference };
  enum class What : std::uint8_t {
    kRate,   // num / den in the measure's own sense
    kValue,  // The same as benchmarks are printed: percent, per 1,000, ratio.
    kNum,
    kDen,
    kN,  // The denominator of a proportion; none for other kinds: no interval is right for them.
  };
  Who who = Who::kOwn;
  What what = What::kRate;
  std::string_view period{};
};
std::optional<CellName> CellNameOf(std::string_view name);

// The functions over the rows below: sum, mean, number, all, any; and place among one's siblings.
bool IsOverRows(std::string_view function);

// The figures called `name`: one, or several under different options of a reading.
const Figure* FindFigure(const Programme& programme, std::string_view name);

Status CheckProgramme(const Programme& programme);

}  // namespace equinode::equity::programs
