#include "domain/counts/placement.h"

#include <cassert>
#include <utility>

namespace equinode {

Placement::Placement(std::optional<Dictionary::Code> payer, std::optional<Dictionary::Code> owner,
                     std::chrono::sys_days day, std::vector<std::uint32_t> starts)
    : payer_(payer),
      owner_(owner),
      day_(static_cast<std::int32_t>(day.time_since_epoch().count())),
      bands_(std::move(starts), day),
      by_mark_{Uncovered()} {}

std::uint16_t Placement::Fold(std::uint16_t so_far, const CodedCoverage& coverage) const {
  if (payer_.has_value() && coverage.payer != *payer_) return so_far;
  if (coverage.start > day_ || coverage.end < day_) return so_far;
  const std::uint16_t line = coverage.line_of_business;
  if (so_far == Uncovered() || so_far == Dictionary::kUnknown) return line;
  if (line == Dictionary::kUnknown || line == so_far) return so_far;
  return kSeveralCode;
}

void Placement::Learn(const CoverageBook& book) {
  const auto& shared = book.shared();
  for (std::size_t mark = by_mark_.size(); mark < shared.size(); ++mark) {
    by_mark_.push_back(Fold(Uncovered(), shared[mark]));
  }
}

std::uint16_t Placement::LineOfBusiness(const PersonColumns& people, std::uint32_t row,
                                        PersonNo person, const CoverageBook& book) const {
  if ((people.race_ethnicity[row] & kPresent) == 0) return kNotCounted;
  if (owner_.has_value() && people.owner[row] != *owner_) return kNotCounted;
  const CoverageBook::Mark mark = people.coverage[row];
  if (mark != CoverageBook::kAside) return by_mark_[mark];
  std::uint16_t line = Uncovered();
  for (const CodedCoverage& coverage : book.Aside(person)) line = Fold(line, coverage);
  return line;
}

void Placement::LinesOfBusiness(const PersonColumns& people, PersonNo first,
                                const CoverageBook& book,
                                std::array<std::uint16_t, kPiecePeople>& lines) const {
  // Whole columns at a time, without a branch a person. Lines of those aside come after.
  const std::uint16_t* by_mark = by_mark_.data();
  unsigned anybody_aside = 0;
  for (std::uint32_t row = 0; row < kPiecePeople; ++row) {
    const CoverageBook::Mark mark = people.coverage[row];
    const bool aside = mark == CoverageBook::kAside;
    anybody_aside |= aside;
    // All bits where absent, none where present: kNotCounted or the line itself.
    const unsigned absent = (people.race_ethnicity[row] / unsigned{kPresent}) - 1u;
    lines[row] = static_cast<std::uint16_t>(by_mark[aside ? CoverageBook::kNone : mark] | absent);
  }
  if (owner_.has_value()) {
    const Dictionary::Code owner = *owner_;
    for (std::uint32_t row = 0; row < kPiecePeople; ++row) {
      lines[row] =
          static_cast<std::uint16_t>(lines[row] | (people.owner[row] == owner ? 0 : kNotCounted));
    }
  }
  if (anybody_aside == 0) return;
  for (std::uint32_t row = 0; row < kPiecePeople; ++row) {
    if (people.coverage[row] != CoverageBook::kAside) continue;
    lines[row] = LineOfBusiness(people, row, first + row, book);
  }
}

bool Placement::Place(const PersonColumns& people, std::uint32_t row, PersonNo person,
                      const CoverageBook& book, StratumCodes& codes) const {
  const std::uint16_t line = LineOfBusiness(people, row, person, book);
  if (line == kNotCounted) return false;
  codes = {static_cast<std::uint16_t>(people.race_ethnicity[row] & 0x0F),
           static_cast<std::uint16_t>(people.race_ethnicity[row] >> 4 & 0x07),
           static_cast<std::uint16_t>(people.race2024_sex[row] & 0x0F),
           people.language[row],
           bands_.Band(people.birth[row]),
           static_cast<std::uint16_t>(people.race2024_sex[row] >> 4),
           line,
           people.county[row],
           people.zip3[row],
           people.owner[row]};
  return true;
}

}  // namespace equinode
