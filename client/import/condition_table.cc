#include "client/import/condition_table.h"

#include <array>

#include "client/import/csv_row.h"
#include "client/import/fhir/date.h"
#include "client/import/fhir/reference.h"
#include "client/import/fhir/refuse.h"
#include "domain/needs/person_needs.h"

namespace equinode {
namespace {

constexpr std::size_t kMostConditionText = 1024;
constexpr std::string_view kSnomedSystem = "http://snomed.info/sct";
enum ConditionColumn : std::size_t {
  kConditionStart,
  kConditionStop,
  kConditionPatient,
  kConditionEncounter,
  kConditionCode,
  kConditionDescription,
  kConditionSystem
};
constexpr std::array<std::string_view, 7> kConditionColumns = {
    "start", "stop", "patient", "encounter", "code", "description", "system"};
constexpr std::size_t kNeededColumns = kConditionSystem;

}  // namespace

bool ConditionTable::IsHeader(std::string_view header) {
  if (header.size() > kMaxRow) return false;
  const auto columns = NamedColumns::FromHeader(header, kConditionColumns, kNeededColumns);
  return columns.ok() && columns->width() == columns->known();
}

Result<ConditionTable> ConditionTable::FromHeader(std::string_view header) {
  EQN_TRY(NamedColumns columns,
          NamedColumns::FromHeader(header, kConditionColumns, kNeededColumns));
  return ConditionTable(std::move(columns));
}

Status ConditionTable::Read(std::string_view line, std::string_view feed, const ZCodeTable& codes,
                            ConditionRow& row) {
  row.social = false;
  EQN_CHECK(columns_.Read(line));
  row.record = ConditionRecord{};
  Coded& coded = row.record.codes.emplace_back();
  const std::string_view system = columns_.Cell(kConditionSystem);
  coded.system = system.empty() || system == "SNOMED-CT" ? kSnomedSystem : system;
  coded.code = columns_.Cell(kConditionCode);
  if (columns_.Cell(kConditionCode).size() > kMostConditionText ||
      system.size() > kMostConditionText) {
    return fhir::Refuse("TEXT_TOO_LONG", "CODE or SYSTEM is over 1024 bytes");
  }
  if (!IsSocial(row.record, codes)) return Ok();
  if (columns_.Cell(kConditionPatient).empty()) {
    return fhir::Refuse("MISSING_PERSON", "the row names no patient");
  }
  EQN_CHECK(fhir::CheckId(columns_.Cell(kConditionPatient), "PATIENT"));
  EQN_TRY(row.record.onset, fhir::ReadDate(columns_.Cell(kConditionStart), "BAD_DATE", "START"));
  row.record.recorded_on = row.record.onset;
  row.record.clinical = "active";
  if (!columns_.Cell(kConditionStop).empty()) {
    EQN_TRY(row.record.abated_on,
            fhir::ReadDate(columns_.Cell(kConditionStop), "BAD_DATE", "STOP"));
    row.record.abated = true;
    row.record.clinical = "resolved";
    const PartialDate& stop = row.record.abated_on;
    if (stop.day != 0 && row.record.onset.day != 0 && stop < row.record.onset) {
      return fhir::Refuse("BAD_PERIOD", "STOP is before START");
    }
  }
  row.patient.assign(columns_.Cell(kConditionPatient));
  const std::string_view encounter = columns_.Cell(kConditionEncounter);
  if (fhir::IsId(encounter)) row.record.encounter = fhir::SourceId(feed, "Encounter", encounter);
  row.id.assign(row.patient).append("|").append(encounter.substr(0, 64));
  row.id.append("|").append(coded.code.substr(0, 64));
  row.id.append("|").append(columns_.Cell(kConditionStart).substr(0, 24));
  row.social = true;
  return Ok();
}

}  // namespace equinode
