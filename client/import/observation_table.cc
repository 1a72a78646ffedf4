#include "client/import/observation_table.h"

#include <simdjson.h>

#include <array>
#include <charconv>

#include "client/import/csv_row.h"
#include "client/import/fhir/date.h"
#include "client/import/fhir/payer_map.h"
#include "client/import/fhir/reference.h"
#include "client/import/fhir/refuse.h"

namespace equinode {
namespace {

constexpr std::size_t kMaxText = 1024;
enum Column : std::size_t { kDate, kPatient, kEncounter, kCode, kValue, kUnits, kType };
constexpr std::array<std::string_view, 7> kNames = {"date",  "patient", "encounter", "code",
                                                    "value", "units",   "type"};

// "3", "3.0", "-0.125": up to three decimals that count, times 1,000.
bool ReadMilli(std::string_view text, std::int64_t& out) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return false;
  if (!(number > -1e12 && number < 1e12)) return false;
  out = static_cast<std::int64_t>(number * 1000 + (number < 0 ? -0.5 : 0.5));
  return true;
}

}  // namespace

bool ObservationTable::IsHeader(std::string_view header) {
  return header.size() <= kMaxRow && FromHeader(header).ok();
}

Result<ObservationTable> ObservationTable::FromHeader(std::string_view header) {
  ObservationTable table;
  table.separator_ = SeparatorOf(header);
  EQN_CHECK(ReadCsvRow(header, table.separator_, table.cells_));
  table.width_ = table.cells_.size();
  for (std::size_t column = 0; column < kNames.size(); ++column) {
    bool found = false;
    for (std::size_t i = 0; i < table.width_; ++i) {
      if (fhir::FoldName(table.cells_[i]) != kNames[column]) continue;
      table.place_[column] = i;
      found = true;
    }
    if (!found) {
      return fhir::Refuse("CSV_HEADER",
                          "there is no column " + std::string(kNames[column]) + " in the header");
    }
  }
  return table;
}

Status ObservationTable::Read(std::string_view line, std::string_view feed, ObservationRow& row) {
  row.screening = false;
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
  const std::string_view code = Cell(kCode);
  if (!IsScreeningQuestion(code)) return Ok();
  if (Cell(kPatient).empty()) {
    return fhir::Refuse("MISSING_PERSON", "the row names no patient");
  }
  EQN_CHECK(fhir::CheckId(Cell(kPatient), "PATIENT"));
  row.record = ScreeningRecord{};
  EQN_TRY(row.record.on, fhir::ReadDate(Cell(kDate), "BAD_DATE", "DATE"));
  row.patient.assign(Cell(kPatient));
  if (fhir::IsId(Cell(kEncounter))) {
    row.record.encounter = fhir::SourceId(feed, "Encounter", Cell(kEncounter));
  }
  const std::string_view value = Cell(kValue);
  if (value.size() > kMaxText) {
    return fhir::Refuse("TEXT_TOO_LONG", "VALUE is over 1024 bytes");
  }
  ScreenedAnswer& answer = row.record.answers.emplace_back();
  answer.question.assign(code);
  std::int64_t milli = 0;
  std::string coded = AnswerOfText(code, value);
  if (!coded.empty()) {
    answer.answers.push_back(coded);
  } else if (value.empty()) {
    answer.given = AnswerGiven::kNothing;
  } else if (Cell(kType) != "text" && ReadMilli(value, milli)) {
    answer.milli = milli;
  } else {
    answer.text.assign(value);
  }
  row.id.assign(Cell(kPatient)).append("|").append(Cell(kEncounter).substr(0, 64));
  row.id.append("|").append(code).append("|").append(Cell(kDate).substr(0, 24));
  // Several answers to one question are several rows.
  if (ChooseAll(code)) row.id.append("|").append(coded);
  row.screening = true;
  return Ok();
}

}  // namespace equinode
