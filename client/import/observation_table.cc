#include "client/import/observation_table.h"

#include <array>
#include <charconv>

#include "client/import/csv_row.h"
#include "client/import/fhir/date.h"
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
  EQN_TRY(NamedColumns columns, NamedColumns::FromHeader(header, kNames, kNames.size()));
  return ObservationTable(std::move(columns));
}

Status ObservationTable::Read(std::string_view line, std::string_view feed, ObservationRow& row) {
  row.screening = false;
  EQN_CHECK(columns_.Read(line));
  const std::string_view code = columns_.Cell(kCode);
  if (!IsScreeningQuestion(code)) return Ok();
  if (columns_.Cell(kPatient).empty()) {
    return fhir::Refuse("MISSING_PERSON", "the row names no patient");
  }
  EQN_CHECK(fhir::CheckId(columns_.Cell(kPatient), "PATIENT"));
  row.record = ScreeningRecord{};
  EQN_TRY(row.record.on, fhir::ReadDate(columns_.Cell(kDate), "BAD_DATE", "DATE"));
  row.patient.assign(columns_.Cell(kPatient));
  if (fhir::IsId(columns_.Cell(kEncounter))) {
    row.record.encounter = fhir::SourceId(feed, "Encounter", columns_.Cell(kEncounter));
  }
  const std::string_view value = columns_.Cell(kValue);
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
  } else if (columns_.Cell(kType) != "text" && ReadMilli(value, milli)) {
    answer.milli = milli;
  } else {
    answer.text.assign(value);
  }
  row.id.assign(columns_.Cell(kPatient))
      .append("|")
      .append(columns_.Cell(kEncounter).substr(0, 64));
  row.id.append("|").append(code).append("|").append(columns_.Cell(kDate).substr(0, 24));
  // Several answers to one question are several rows.
  if (ChooseAll(code)) row.id.append("|").append(coded);
  row.screening = true;
  return Ok();
}

}  // namespace equinode
