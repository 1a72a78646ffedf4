// Bands of completed years of age on one day.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace equinode {

// A birth date in two bytes: days since 1879-12-31. 0 = not known. An earlier date is taken at
// 1880-01-01, a date past 2059 as not known: neither changes a band of a day in between.
using BirthCode = std::uint16_t;
BirthCode EncodeBirth(std::optional<std::chrono::sys_days> birth);

class AgeBands {
 public:
  static constexpr std::uint32_t kMaxStart = 120;
  static constexpr std::size_t kMaxBands = 32;

  // `starts` ascending, the first 0, each at most kMaxStart, 1..kMaxBands of them: see ValidStarts.
  // Somebody born on 29 February completes a year on 1 March in years without that day.
  AgeBands(std::vector<std::uint32_t> starts, std::chrono::sys_days day);
  static bool ValidStarts(const std::vector<std::uint32_t>& starts);

  // 0..size()-1, the code of a band, or unknown(): no date, or born after the day.
  std::uint16_t Band(BirthCode birth) const {
    std::uint16_t older = 0;  // How many bands begin at or below the age.
    if (birth != 0) {
      for (const BirthCode last : last_birth_)
        older = static_cast<std::uint16_t>(older + (birth <= last));
    }
    return older == 0 ? unknown() : static_cast<std::uint16_t>(older - 1);
  }
  std::uint16_t unknown() const { return static_cast<std::uint16_t>(last_birth_.size()); }
  std::size_t size() const { return last_birth_.size(); }

  // "0-17", "18-44", "65+", and UNKNOWN for unknown().
  std::string Label(std::uint16_t band) const;

 private:
  std::vector<std::uint32_t> starts_;
  std::vector<BirthCode> last_birth_;  // The last birth that has reached each start on the day.
};

}  // namespace equinode
