// Screening answers as a table: Synthea's observations.csv (DATE, PATIENT, ENCOUNTER, CATEGORY,
// CODE, DESCRIPTION, VALUE, UNITS, TYPE). Its answers are words: they are turned into the LOINC
// answers that they stand for, and judged by those. What is no screening question is passed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "client/import/named_columns.h"
#include "domain/needs/record.h"

namespace equinode {

struct ObservationRow {
  bool screening = false;  // Else it is passed over.
  std::string patient{};
  std::string id{};  // "<patient>|<encounter>|<code>|<date>", with the answer where it has a code.
  ScreeningRecord record{};
};

// Reused from row to row. One thread.
class ObservationTable {
 public:
  // Whether a header is that of such a table: then no measure file is expected.
  static bool IsHeader(std::string_view header);
  // CSV_HEADER.
  static Result<ObservationTable> FromHeader(std::string_view header);
  // BAD_CSV, BAD_UTF8, LINE_TOO_LONG, CELL_MISSING, MISSING_PERSON, BAD_ID, BAD_DATE,
  // TEXT_TOO_LONG. `feed` is for the ids in the record.
  Status Read(std::string_view line, std::string_view feed, ObservationRow& row);

 private:
  explicit ObservationTable(NamedColumns columns) : columns_(std::move(columns)) {}
  NamedColumns columns_;
};

}  // namespace equinode
