// Measure results as a quality engine exports them: a row a person, measure and period.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/import/source_profile.h"
#include "domain/people/record.h"

namespace equinode {

struct MeasureRow {
  MeasureResultRecord result{};
  std::string person_id{};  // Of a Patient; empty = named by `mrn`.
  std::string mrn{};        // 1..128 bytes.
};

// 1..64 of [A-Za-z0-9._-].
bool IsMeasureName(std::string_view measure);

class MeasureTable {
 public:
  // INVALID_ARGUMENT / CSV_HEADER when a column is missing, which it names, or stands twice.
  static Result<MeasureTable> FromHeader(std::string_view header, const MeasureColumns& columns);
  // Refusals: BAD_CSV, CELL_MISSING, BAD_UTF8, MISSING_PERSON, BAD_ID, PLACEHOLDER_ID, BAD_MRN,
  // BAD_MEASURE, BAD_PERIOD, BAD_FLAG, NUMERATOR_WITHOUT_DENOMINATOR.
  Status Read(std::string_view line, MeasureRow& row);

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::string_view Cell(std::size_t column) const;

  char separator_ = ',';
  std::size_t width_ = 0;
  std::size_t mrn_ = kNone;
  std::size_t person_ = kNone;
  std::size_t measure_ = kNone;
  std::size_t period_ = kNone;
  std::size_t denominator_ = kNone;
  std::size_t numerator_ = kNone;
  std::vector<std::string> cells_{};
};

}  // namespace equinode
