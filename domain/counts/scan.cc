#include "domain/counts/scan.h"

#include <algorithm>
#include <array>
#include <vector>

namespace equinode {
namespace {

// Those of one piece who count, and their strata: usually a part of the people, so what follows
// costs only them, without a branch for the others.
struct Counted {
  std::array<std::uint16_t, kPiecePeople> rows{};
  std::array<std::uint16_t, kPiecePeople> codes{};
  std::uint32_t size = 0;
};

class PieceCodes {
 public:
  PieceCodes(const Placement& placement, const CoverageBook& book, Stratifier stratifier)
      : placement_(placement), book_(book), stratifier_(stratifier) {}

  const Counted& Of(const PersonColumns& people, PersonNo first) {
    placement_.LinesOfBusiness(people, first, book_, lines_);
    std::uint32_t size = 0;
    for (std::uint32_t row = 0; row < kPiecePeople; ++row) {
      counted_.rows[size] = static_cast<std::uint16_t>(row);
      size += lines_[row] != Placement::kNotCounted;
    }
    counted_.size = size;
    switch (stratifier_) {
      case Stratifier::kRaceOmb1997:
        Fill([&](std::uint32_t row) { return people.race_ethnicity[row] & 0x0Fu; });
        break;
      case Stratifier::kEthnicityOmb1997:
        Fill([&](std::uint32_t row) { return people.race_ethnicity[row] >> 4u & 0x07u; });
        break;
      case Stratifier::kRaceEthnicityOmb2024:
        Fill([&](std::uint32_t row) { return people.race2024_sex[row] & 0x0Fu; });
        break;
      case Stratifier::kSex:
        Fill([&](std::uint32_t row) {
          return static_cast<unsigned>(people.race2024_sex[row] >> 4u);
        });
        break;
      case Stratifier::kLanguage:
        Fill([&](std::uint32_t row) { return unsigned{people.language[row]}; });
        break;
      case Stratifier::kCounty:
        Fill([&](std::uint32_t row) { return unsigned{people.county[row]}; });
        break;
      case Stratifier::kZip3:
        Fill([&](std::uint32_t row) { return unsigned{people.zip3[row]}; });
        break;
      case Stratifier::kPractice:
        Fill([&](std::uint32_t row) { return unsigned{people.owner[row]}; });
        break;
      case Stratifier::kAgeBand:
        Fill([&](std::uint32_t row) {
          return unsigned{placement_.bands().Band(people.birth[row])};
        });
        break;
      case Stratifier::kLineOfBusiness:
        Fill([&](std::uint32_t row) { return unsigned{lines_[row]}; });
        break;
    }
    return counted_;
  }

 private:
  template <typename CodeOf>
  void Fill(CodeOf code_of) {
    for (std::uint32_t i = 0; i < counted_.size; ++i) {
      counted_.codes[i] = static_cast<std::uint16_t>(code_of(counted_.rows[i]));
    }
  }

  const Placement& placement_;
  const CoverageBook& book_;
  Stratifier stratifier_;
  std::array<std::uint16_t, kPiecePeople> lines_{};
  Counted counted_{};
};

// Adds weight(row) to the counter of each person's stratum. Two sets of counters by turns:
// neighbours often share a stratum, and one counter would wait for itself.
class Histogram {
 public:
  explicit Histogram(std::size_t strata) : even_(strata), odd_(strata) {}

  template <typename Weight>
  void Add(const Counted& counted, Weight weight, std::vector<std::uint64_t>& totals) {
    std::ranges::fill(even_, 0u);
    std::ranges::fill(odd_, 0u);
    std::uint32_t i = 0;
    for (; i + 1 < counted.size; i += 2) {
      even_[counted.codes[i]] += weight(counted.rows[i]);
      odd_[counted.codes[i + 1]] += weight(counted.rows[i + 1]);
    }
    if (i < counted.size) even_[counted.codes[i]] += weight(counted.rows[i]);
    for (std::size_t code = 0; code < even_.size(); ++code)
      totals[code] += even_[code] + odd_[code];
  }

 private:
  std::vector<std::uint32_t> even_;
  std::vector<std::uint32_t> odd_;
};

using Plane = std::array<std::uint64_t, kPiecePeople / 64>;
std::uint32_t Bit(const Plane& plane, std::uint32_t row) {
  return static_cast<std::uint32_t>(plane[row / 64] >> row % 64 & 1);
}

}  // namespace

void ScanColumns(const Columns& columns, const CoverageBook& book, const Placement& placement,
                 Stratifier stratifier, Tally& tally) {
  PieceCodes piece_codes(placement, book, stratifier);
  Histogram histogram(tally.people.size());
  PersonNo next = 0;
  for (const auto& piece : columns.pieces()) {
    const PersonNo first = next;
    next += kPiecePeople;
    if (piece == nullptr) continue;
    const Counted& counted = piece_codes.Of(piece->people, first);
    histogram.Add(
        counted, [](std::uint32_t) { return 1u; }, tally.people);
    for (MeasureTally& measure : tally.measures) {
      if (measure.availability.has_value()) {
        const auto& available = piece->people.available;
        const std::size_t bit = *measure.availability;
        const auto known = [&](std::uint32_t row) { return available[row] >> bit & 1u; };
        histogram.Add(counted, known, measure.numerator);
      } else if (measure.imported.has_value() && *measure.imported < piece->measures.size() &&
                 piece->measures[*measure.imported] != nullptr) {
        const MeasurePlanes& planes = *piece->measures[*measure.imported];
        const auto denominator = [&](std::uint32_t row) { return Bit(planes.denominator, row); };
        const auto numerator = [&](std::uint32_t row) { return Bit(planes.numerator, row); };
        histogram.Add(counted, denominator, measure.denominator);
        histogram.Add(counted, numerator, measure.numerator);
      }
    }
  }
}

}  // namespace equinode
