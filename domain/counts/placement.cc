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

bool Placement::Place(const PersonColumns& people, std::uint32_t row, PersonNo person,
                      const CoverageBook& book, StratumCodes& codes) const {
  const std::uint16_t line = LineOfBusiness(people, row, person, book);
  if (line == kNotCounted) return false;
  for (const Stratifier stratifier : kAllStratifiers) {
    codes[static_cast<std::size_t>(stratifier) - 1] = ColumnCode(people, row, stratifier);
  }
  codes[static_cast<std::size_t>(Stratifier::kAgeBand) - 1] = bands_.Band(people.birth[row]);
  codes[static_cast<std::size_t>(Stratifier::kLineOfBusiness) - 1] = line;
  return true;
}

std::uint16_t ColumnCode(const PersonColumns& people, std::uint32_t row, Stratifier stratifier) {
  switch (stratifier) {
    case Stratifier::kRaceOmb1997:
      return people.race_ethnicity[row] & 0x0F;
    case Stratifier::kEthnicityOmb1997:
      return static_cast<std::uint16_t>(people.race_ethnicity[row] >> 4 & 0x07);
    case Stratifier::kRaceEthnicityOmb2024:
      return people.race2024_sex[row] & 0x0F;
    case Stratifier::kLanguage:
      return people.language[row];
    case Stratifier::kSex:
      return static_cast<std::uint16_t>(people.race2024_sex[row] >> 4);
    case Stratifier::kCounty:
      return people.county[row];
    case Stratifier::kZip3:
      return people.zip3[row];
    case Stratifier::kPractice:
      return people.owner[row];
    case Stratifier::kAgeBand:
    case Stratifier::kLineOfBusiness:
      return 0;  // Not in one column: Place knows.
  }
  return 0;
}

}  // namespace equinode
