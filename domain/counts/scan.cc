#include "domain/counts/scan.h"

#include <array>
#include <bit>
#include <vector>

namespace equinode {
namespace {

// Stratum codes of one piece; `nobody` for those who do not count.
using Codes = std::array<std::uint16_t, kPiecePeople>;

template <typename CodeOf>
void Fill(Codes& codes, const std::array<std::uint16_t, kPiecePeople>& lines, std::uint16_t nobody,
          CodeOf code_of) {
  for (std::uint32_t row = 0; row < kPiecePeople; ++row) {
    const std::uint16_t code = code_of(row);
    codes[row] = lines[row] == Placement::kNotCounted ? nobody : code;
  }
}

void FillCodes(const PersonColumns& people, const Placement& placement, Stratifier stratifier,
               const std::array<std::uint16_t, kPiecePeople>& lines, std::uint16_t nobody,
               Codes& codes) {
  switch (stratifier) {
    case Stratifier::kAgeBand:
      return Fill(codes, lines, nobody,
                  [&](std::uint32_t row) { return placement.bands().Band(people.birth[row]); });
    case Stratifier::kLineOfBusiness:
      return Fill(codes, lines, nobody, [&](std::uint32_t row) { return lines[row]; });
    case Stratifier::kRaceOmb1997:
    case Stratifier::kEthnicityOmb1997:
    case Stratifier::kRaceEthnicityOmb2024:
    case Stratifier::kLanguage:
    case Stratifier::kSex:
    case Stratifier::kCounty:
    case Stratifier::kZip3:
    case Stratifier::kPractice:
      return Fill(codes, lines, nobody,
                  [&](std::uint32_t row) { return ColumnCode(people, row, stratifier); });
  }
}

void CountMeasure(const Piece& piece, const Codes& codes, MeasureTally& measure) {
  const auto& planes = piece.measures;
  if (*measure.imported >= planes.size() || planes[*measure.imported] == nullptr) return;
  const MeasurePlanes& plane = *planes[*measure.imported];
  for (std::size_t word = 0; word < plane.denominator.size(); ++word) {
    for (std::uint64_t left = plane.denominator[word]; left != 0; left &= left - 1) {
      const int bit = std::countr_zero(left);
      const std::uint16_t code = codes[word * 64 + static_cast<std::size_t>(bit)];
      ++measure.denominator[code];
      measure.numerator[code] += plane.numerator[word] >> bit & 1;
    }
  }
}

}  // namespace

void ScanColumns(const Columns& columns, const CoverageBook& book, const Placement& placement,
                 Stratifier stratifier, Tally& tally) {
  // One more stratum takes those who do not count, so that the loops have no branch for them.
  const std::size_t strata = tally.people.size();
  const std::uint16_t nobody = static_cast<std::uint16_t>(strata);
  tally.Resize(strata + 1);
  std::array<std::uint16_t, kPiecePeople> lines;
  Codes codes;
  std::vector<std::uint32_t> halves(2 * (strata + 1));
  PersonNo first = 0;
  for (const auto& piece : columns.pieces()) {
    const PersonNo begin = first;
    first += kPiecePeople;
    if (piece == nullptr) continue;
    const PersonColumns& people = piece->people;
    for (std::uint32_t row = 0; row < kPiecePeople; ++row) {
      lines[row] = placement.LineOfBusiness(people, row, begin + row, book);
    }
    FillCodes(people, placement, stratifier, lines, nobody, codes);
    // Two sets of counters: neighbours often have the same stratum, and one would wait for itself.
    std::fill(halves.begin(), halves.end(), 0u);
    for (std::uint32_t row = 0; row < kPiecePeople; row += 2) {
      ++halves[codes[row]];
      ++halves[strata + 1 + codes[row + 1]];
    }
    for (std::size_t code = 0; code <= strata; ++code) {
      tally.people[code] += halves[code] + halves[strata + 1 + code];
    }
    for (MeasureTally& measure : tally.measures) {
      if (measure.availability.has_value()) {
        for (std::uint32_t row = 0; row < kPiecePeople; ++row) {
          measure.numerator[codes[row]] += people.available[row] >> *measure.availability & 1;
        }
      } else if (measure.imported.has_value()) {
        CountMeasure(*piece, codes, measure);
      }
    }
  }
  tally.Resize(strata);
}

}  // namespace equinode
