#include "client/import/measure_table.h"

#include <simdjson.h>

#include <utility>

#include "client/import/csv_row.h"
#include "client/import/fhir/payer_map.h"
#include "client/import/fhir/reference.h"
#include "client/import/fhir/refuse.h"
#include "domain/people/measure_period.h"

namespace equinode {
namespace {

// 0 or 1 in the words that exports use. Empty is not said.
Result<bool> Flag(std::string_view cell, std::string_view column) {
  const std::string word = fhir::FoldName(cell);
  for (const std::string_view yes : {"1", "true", "yes", "y", "t"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"0", "false", "no", "n", "f"}) {
    if (word == no) return false;
  }
  return fhir::Refuse("BAD_FLAG", "the column " + std::string(column) +
                                      " is neither 1 nor 0 (true, false, yes, no); a row is one "
                                      "person, not a sum");
}

Result<std::string> PersonId(std::string_view cell) {
  constexpr std::string_view kPatient = "Patient/";
  if (cell.substr(0, kPatient.size()) == kPatient) cell.remove_prefix(kPatient.size());
  EQN_CHECK(fhir::CheckId(cell, "the person's id"));
  return std::string(cell);
}

Status CheckMrn(std::string_view mrn) {
  bool good = mrn.size() <= 128;
  for (const char c : mrn) good = good && static_cast<unsigned char>(c) >= 0x20 && c != '\x7f';
  if (good) return Ok();
  return fhir::Refuse("BAD_MRN",
                      "the record number is over 128 bytes or holds a control character");
}

}  // namespace

bool IsMeasureName(std::string_view measure) { return IsFeedName(measure); }

Result<MeasureTable> MeasureTable::FromHeader(std::string_view header,
                                              const MeasureColumns& columns) {
  MeasureTable table;
  const auto refuse = [](std::string what) { return fhir::Refuse("CSV_HEADER", std::move(what)); };
  if (header.size() > kMaxRow || !simdjson::validate_utf8(header.data(), header.size())) {
    return refuse(
        "the first line is no header in UTF-8; export the table in that encoding, with the "
        "names of its columns first");
  }
  table.separator_ = SeparatorOf(header);
  if (auto read = ReadCsvRow(header, table.separator_, table.cells_); !read.ok()) {
    return std::move(read).error();
  }
  table.width_ = table.cells_.size();
  const std::pair<const std::string*, std::size_t*> wanted[] = {
      {&columns.mrn, &table.mrn_},
      {&columns.person, &table.person_},
      {&columns.measure, &table.measure_},
      {&columns.period, &table.period_},
      {&columns.denominator, &table.denominator_},
      {&columns.numerator, &table.numerator_}};
  for (const auto& [name, column] : wanted) {
    for (std::size_t i = 0; i < table.cells_.size(); ++i) {
      if (fhir::FoldName(table.cells_[i]) != fhir::FoldName(*name)) continue;
      if (*column != kNone)
        return refuse("the column " + *name + " stands twice in the header; keep one of the two");
      *column = i;
    }
  }
  std::string missing;
  for (const auto& [name, column] : wanted) {
    const bool either = column == &table.mrn_ || column == &table.person_;
    const bool found = either ? table.mrn_ != kNone || table.person_ != kNone : *column != kNone;
    if (found || column == &table.person_) continue;
    if (!missing.empty()) missing += ", ";
    missing += either ? *name + " or " + columns.person : *name;
  }
  if (missing.empty()) return table;
  const bool none = table.mrn_ == kNone && table.person_ == kNone && table.measure_ == kNone &&
                    table.period_ == kNone && table.denominator_ == kNone &&
                    table.numerator_ == kNone;
  if (none) {
    return refuse(
        "the file has none of a measure file's columns, and no other CSV is read: leave "
        "it out, or name its columns in the source profile under [columns]");
  }
  return refuse(
      "a measure file needs the columns mrn or person, measure, period, denominator and "
      "numerator; not found: " +
      missing + ". Name yours in the source profile under [columns]");
}

std::string_view MeasureTable::Cell(std::size_t column) const {
  return column == kNone ? std::string_view{} : std::string_view(cells_[column]);
}

Status MeasureTable::Read(std::string_view line, MeasureRow& row) {
  if (line.size() > kMaxRow) return RowTooLong();
  if (!simdjson::validate_utf8(line.data(), line.size())) {
    return fhir::Refuse("BAD_UTF8", "the text is not UTF-8; export it in that encoding");
  }
  EQN_CHECK(ReadCsvRow(line, separator_, cells_));
  if (cells_.size() != width_) {
    return fhir::Refuse("CELL_MISSING", "the row has " + std::to_string(cells_.size()) +
                                            " cells and the header " + std::to_string(width_) +
                                            "; put cells that hold the separator in quotes");
  }
  row = MeasureRow{};
  if (const auto person = Cell(person_); !person.empty()) {
    EQN_TRY(row.person_id, PersonId(person));
  } else if (const auto mrn = Cell(mrn_); !mrn.empty()) {
    EQN_CHECK(CheckMrn(mrn));
    row.mrn.assign(mrn);
  } else {
    return fhir::Refuse("MISSING_PERSON", "the row names no person; give its record number");
  }
  if (!IsMeasureName(Cell(measure_))) {
    return fhir::Refuse("BAD_MEASURE",
                        "the measure is not 1 to 64 of letters, digits, '.', '_' and '-'");
  }
  row.result.measure.assign(Cell(measure_));
  if (!IsMeasurePeriod(Cell(period_))) {
    return fhir::Refuse("BAD_PERIOD",
                        "the period is none of 2025, 2025-Q1, 2025-03 and 2025-01-01/2025-12-31");
  }
  row.result.period.assign(Cell(period_));
  EQN_TRY(row.result.in_denominator, Flag(Cell(denominator_), "denominator"));
  if (!Cell(numerator_).empty() || row.result.in_denominator) {
    EQN_TRY(row.result.in_numerator, Flag(Cell(numerator_), "numerator"));
  }
  if (row.result.in_numerator && !row.result.in_denominator) {
    return fhir::Refuse("NUMERATOR_WITHOUT_DENOMINATOR",
                        "the row is in the numerator but not in the denominator; correct it at "
                        "the source");
  }
  return Ok();
}

}  // namespace equinode
