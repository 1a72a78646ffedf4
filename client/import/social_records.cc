#include "client/import/social_records.h"

#include <algorithm>
#include <utility>

#include "client/convert/need_body.h"
#include "client/import/csv_row.h"
#include "client/import/fhir/refuse.h"
#include "domain/needs/person_needs.h"

namespace equinode {
namespace {

constexpr std::size_t kMostCodes = 1000;

void CountRefused(const std::string& id, const ConditionRecord& condition,
                  const ImportOptions& options, ImportReport& report) {
  const auto table = options.codes ? options.codes : ZCodeTable::BuiltIn();
  for (CodeFinding& finding : CodeFindingsOf(id, condition, *table, options.today)) {
    const auto same = std::find_if(
        report.codes_refused.begin(), report.codes_refused.end(), [&](const CodeRefused& each) {
          return each.code == finding.code && each.reason == finding.reason &&
                 each.successors == finding.successors;
        });
    if (same != report.codes_refused.end()) {
      ++same->conditions;
    } else if (report.codes_refused.size() < kMostCodes) {
      report.codes_refused.push_back(
          {std::move(finding.code), std::move(finding.reason), std::move(finding.successors), 1});
    }
  }
}

}  // namespace

Status TakeSocial(FrameMaker& frames, const ImportOptions& options, std::string_view feed,
                  const fhir::ReadResource& resource, std::uint64_t line, ImportReport& report) {
  const fhir::ReadSocial& social = resource.social;
  ImportedRecord record;
  record.source_id = fhir::SourceId(feed, resource.type, resource.id);
  record.person = fhir::SourceId(feed, "Patient", social.patient_id);
  record.stamp = resource.stamp;
  switch (social.kind) {
    case fhir::SocialKind::kPassedOver:
      frames.PassOver(social.passed_over);
      return Ok();
    case fhir::SocialKind::kScreening:
      record.kind = RecordKind::kScreening;
      record.body = BodyFrom(social.screening);
      break;
    case fhir::SocialKind::kCondition:
      record.kind = RecordKind::kCondition;
      record.body = BodyFrom(social.condition);
      CountRefused(record.source_id, social.condition, options, report);
      break;
    case fhir::SocialKind::kEncounter:
      record.kind = RecordKind::kEncounter;
      record.body = BodyFrom(social.encounter);
      break;
  }
  return frames.Add(std::move(record), {}, line, fhir::Label(resource));
}

Status TakeObservation(FrameMaker& frames, ObservationTable& table, std::string_view feed,
                       const Line& line, ObservationRow& row) {
  const Status read = line.too_long ? RowTooLong() : table.Read(line.text, feed, row);
  if (!read.ok()) return frames.Reject(line.number, "Observation", read.error());
  if (!row.screening) {
    frames.PassOver("Observation");
    return Ok();
  }
  ImportedRecord record;
  record.kind = RecordKind::kScreening;
  record.source_id = fhir::SourceId(feed, "Observation", row.id);
  record.person = fhir::SourceId(feed, "Patient", row.patient);
  record.body = BodyFrom(row.record);
  return frames.Add(std::move(record), {}, line.number, "Observation/" + row.patient);
}

Status TakeCondition(FrameMaker& frames, const ImportOptions& options, ConditionTable& table,
                     std::string_view feed, const Line& line, ConditionRow& row,
                     ImportReport& report) {
  const auto codes = options.codes ? options.codes : ZCodeTable::BuiltIn();
  const Status read = line.too_long ? RowTooLong() : table.Read(line.text, feed, *codes, row);
  if (!read.ok()) return frames.Reject(line.number, "Condition", read.error());
  if (!row.social) {
    frames.PassOver("Condition");
    return Ok();
  }
  ImportedRecord record;
  record.kind = RecordKind::kCondition;
  record.source_id = fhir::SourceId(feed, "Condition", row.id);
  record.person = fhir::SourceId(feed, "Patient", row.patient);
  record.body = BodyFrom(row.record);
  CountRefused(record.source_id, row.record, options, report);
  return frames.Add(std::move(record), {}, line.number, "Condition/" + row.patient);
}

}  // namespace equinode
