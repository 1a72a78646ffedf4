// Days that something took, as a histogram: what nodes can add up and a median can be read from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace equinode {

// Whole UTC days, both ends included; the last has no end.
struct DayBin {
  std::string_view word{};  // In a measure's name: "d3-4".
  std::string_view text{};  // For readers: "3 to 4 days".
  std::uint32_t from = 0;
  std::optional<std::uint32_t> to{};
};
std::span<const DayBin> DayBins();
std::size_t BinOfDays(std::uint32_t days);
std::optional<std::size_t> BinNamed(std::string_view word);

// How many there are in one bin, as far as it is known. No `most`: not known.
struct BinCount {
  std::uint64_t least = 0;
  std::optional<std::uint64_t> most{};
};
// The bin of the lower median (the one of position (n + 1) / 2, rounded down), or the first and the
// last that it can be in where counts are hidden.
struct MedianBin {
  std::size_t first = 0;
  std::size_t last = 0;
  friend bool operator==(const MedianBin&, const MedianBin&) = default;
};
// Nothing when there is nobody, or may be. `bins` are DayBins().size() counts; `all` is their sum,
// where that is known.
std::optional<MedianBin> MedianOf(std::span<const BinCount> bins,
                                  std::optional<std::uint64_t> all = {});

}  // namespace equinode
