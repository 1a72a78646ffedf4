#include "domain/needs/measures/day_bins.h"

#include <algorithm>
#include <array>

namespace equinode {
namespace {

constexpr std::array<DayBin, 9> kBins = {{{"d0", "the same day", 0, 0},
                                          {"d1", "1 day", 1, 1},
                                          {"d2", "2 days", 2, 2},
                                          {"d3-4", "3 to 4 days", 3, 4},
                                          {"d5-7", "5 to 7 days", 5, 7},
                                          {"d8-14", "8 to 14 days", 8, 14},
                                          {"d15-30", "15 to 30 days", 15, 30},
                                          {"d31-60", "31 to 60 days", 31, 60},
                                          {"d61", "61 days or more", 61, std::nullopt}}};

}  // namespace

std::span<const DayBin> DayBins() { return kBins; }

std::size_t BinOfDays(std::uint32_t days) {
  for (std::size_t i = 0; i < kBins.size(); ++i) {
    if (!kBins[i].to || days <= *kBins[i].to) return i;
  }
  return kBins.size() - 1;
}

std::optional<std::size_t> BinNamed(std::string_view word) {
  for (std::size_t i = 0; i < kBins.size(); ++i) {
    if (kBins[i].word == word) return i;
  }
  return std::nullopt;
}

std::optional<MedianBin> MedianOf(std::span<const BinCount> bins,
                                  std::optional<std::uint64_t> all) {
  std::uint64_t sure = 0;
  for (const BinCount& bin : bins) sure += bin.least;
  if (all ? *all == 0 : sure == 0) return std::nullopt;
  // The median is at or before a bin when at least half are: those up to it are no fewer than those
  // after it. At the earliest with as many as can be before and as few as can be after; at the
  // latest the other way round.
  const auto at = [&](std::size_t bin, bool earliest) {
    std::uint64_t few = 0;  // On the side that is to be small.
    std::uint64_t many = 0;
    bool bounded = true;  // Else the other side holds as many as one likes.
    for (std::size_t i = 0; i < bins.size(); ++i) {
      if ((i <= bin) != earliest) {
        few += bins[i].least;
      } else {
        bounded = bounded && bins[i].most.has_value();
        many += bins[i].most.value_or(0);
      }
    }
    if (all) {
      // Both sides make up the whole.
      const std::uint64_t rest = *all - std::min(*all, few);
      many = bounded ? std::min(many, rest) : rest;
      few = *all - many;
    } else if (!bounded) {
      return earliest;
    }
    return earliest ? many >= few : few >= many;
  };
  MedianBin median{bins.size() - 1, bins.size() - 1};
  for (std::size_t i = bins.size(); i-- > 0;) {
    if (at(i, true)) median.first = i;
    if (at(i, false)) median.last = i;
  }
  return median;
}

}  // namespace equinode
