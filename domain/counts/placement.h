// Where one person stands in every table of one scope: the strata, decided from the columns. The
// one home of the counting rules, for maintained cells and for scans alike.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "domain/counts/age_bands.h"
#include "domain/counts/columns.h"
#include "domain/counts/coverage_book.h"
#include "domain/counts/raw_table.h"

namespace equinode {

using StratumCodes = std::array<std::uint16_t, kStratifiers>;  // By Stratifier, less one.

// Codes of the lines of business beyond those of every Dictionary.
inline constexpr Dictionary::Code kSeveralCode = 2;
inline constexpr Dictionary::Code kNoneCode = 3;

// Not thread-safe: guarded by its owner.
class Placement {
 public:
  static constexpr std::uint16_t kNotCounted = 0xFFFF;

  // `payer` and `owner` empty = any. `starts` as AgeBands.
  Placement(std::optional<Dictionary::Code> payer, std::optional<Dictionary::Code> owner,
            std::chrono::sys_days day, std::vector<std::uint32_t> starts);

  // Takes in shared coverages that are new in `book`. Needed before the first question, and
  // whenever the book has grown.
  void Learn(const CoverageBook& book);

  // The line of business under which the person counts, once however many coverages there are:
  // the one known line of the coverages of the day, SEVERAL when they differ, UNKNOWN when none
  // says; NONE without coverage where no payer is asked. kNotCounted for whom the scope leaves out.
  std::uint16_t LineOfBusiness(const PersonColumns& people, std::uint32_t row, PersonNo person,
                               const CoverageBook& book) const;

  // The same for each person of a piece, the first of whom has number `first`.
  void LinesOfBusiness(const PersonColumns& people, PersonNo first, const CoverageBook& book,
                       std::array<std::uint16_t, kPiecePeople>& lines) const;

  // False when the person does not count.
  bool Place(const PersonColumns& people, std::uint32_t row, PersonNo person,
             const CoverageBook& book, StratumCodes& codes) const;

  const AgeBands& bands() const { return bands_; }
  std::size_t bytes() const { return by_mark_.capacity() * sizeof(std::uint16_t); }

 private:
  std::uint16_t Fold(std::uint16_t so_far, const CodedCoverage& coverage) const;
  std::uint16_t Uncovered() const { return payer_.has_value() ? kNotCounted : kNoneCode; }

  std::optional<Dictionary::Code> payer_;
  std::optional<Dictionary::Code> owner_;
  std::int32_t day_;
  AgeBands bands_;
  std::vector<std::uint16_t> by_mark_{};  // LineOfBusiness of those who have one shared coverage.
};

}  // namespace equinode
