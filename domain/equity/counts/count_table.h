// A table of counts of many measures, periods, organisations and strata. Texts are held once; a
// cell is two numbers and its counts.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/equity/counts/count.h"

namespace equinode::equity {

enum class Better : std::uint8_t { kUnknown, kHigher, kLower };

// What a cell counts, whoever counted it. Cells are added only where all of it is equal: above all
// never across frames, whose groups of one name hold other people.
struct Series {
  std::string measure{};
  std::string period{};
  std::string frame{};      // Whose groups these are: "omb_1997", "minnesota"; "" = not of people's
                            // race or ethnicity.
  std::string dimension{};  // "race", "language"; "" = all people, and then no stratum.
  std::string stratum{};    // "" = everybody of the dimension: its total.
  std::string source{};     // Where the stratum came from: "direct", "indirect", "unknown"; "" =
                            // all of them.
  std::uint32_t order = 0;  // Of the stratum in an ordered dimension, from 1 = least advantaged; 0
                            // = it has none.
  MeasureKind kind = MeasureKind::kProportion;
  Better better = Better::kUnknown;
  friend auto operator<=>(const Series&, const Series&) = default;
};

struct Cell {
  std::uint32_t series = 0;        // Into CountTable::series.
  std::uint32_t organisation = 0;  // Into CountTable::organisations.
  CellCounts counts{};
  friend bool operator==(const Cell&, const Cell&) = default;
};

struct CountTable {
  std::vector<Series> series{};              // Each once.
  std::vector<std::string> organisations{};  // Each once.
  std::vector<Cell> cells{};                 // Each series of an organisation at most once.
  friend bool operator==(const CountTable&, const CountTable&) = default;
};

// People who are in no group because nothing is known of them. They count in the overall rate and
// never as a group of their own (NOTES R7): "DECLINED", "UNKNOWN", "NOT_ASKED" as the nodes write
// them, and the standards' words, in any case: "Asked But No Answer", "Unknown/Other/Declined".
bool IsNoAnswer(std::string_view stratum);

}  // namespace equinode::equity
