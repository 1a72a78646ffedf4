#include "server/records/record_facts.h"

#include <chrono>
#include <optional>
#include <utility>

#include "client/convert/need_body.h"
#include "client/convert/record_body.h"

namespace equinode {

namespace {

using std::chrono::sys_days;

std::optional<sys_days> FirstDay(const PartialDate& date) {
  if (date.empty()) return std::nullopt;
  return sys_days{std::chrono::year{date.year} / (date.month == 0 ? 1 : date.month) /
                  (date.day == 0 ? 1 : date.day)};
}

std::optional<sys_days> LastDay(const PartialDate& date) {
  if (date.empty() || date.day != 0) return FirstDay(date);
  return sys_days{std::chrono::year{date.year} / (date.month == 0 ? 12 : date.month) /
                  std::chrono::last};
}

}  // namespace

RecordFacts FactsOf(const CoverageRecord& coverage) {
  if (!coverage.status.empty() && coverage.status != "active") return {};
  return CoverageFact{coverage.payer, coverage.line_of_business, FirstDay(coverage.start),
                      LastDay(coverage.end)};
}

RecordFacts FactsOf(const MeasureResultRecord& result) {
  return MeasureFact{result.measure, result.period, result.in_denominator, result.in_numerator};
}

FactsReader BodyFacts(std::function<PersonFacts(const PersonRecord&)> person) {
  return [person = std::move(person)](RecordKind kind, ByteView body) -> Result<RecordFacts> {
    switch (kind) {
      case RecordKind::kPerson: {
        EQN_TRY(const PersonRecord record, PersonFromBody(body));
        return RecordFacts(person(record));
      }
      case RecordKind::kCoverage: {
        EQN_TRY(const CoverageRecord record, CoverageFromBody(body));
        return FactsOf(record);
      }
      case RecordKind::kMeasureResult: {
        EQN_TRY(const MeasureResultRecord record, MeasureResultFromBody(body));
        return FactsOf(record);
      }
      case RecordKind::kOrganization: {
        EQN_CHECK(OrganizationFromBody(body));
        return RecordFacts();
      }
      // Needs are counted apart (server/needs): here they are only judged.
      case RecordKind::kScreening: {
        EQN_CHECK(ScreeningFromBody(body));
        return RecordFacts();
      }
      case RecordKind::kCondition: {
        EQN_CHECK(ConditionFromBody(body));
        return RecordFacts();
      }
      case RecordKind::kEncounter: {
        EQN_CHECK(EncounterFromBody(body));
        return RecordFacts();
      }
      case RecordKind::kNeed: {
        EQN_CHECK(NeedFromBody(body));
        return RecordFacts();
      }
    }
    return Error{Code::kInvalidArgument, "BAD_RECORD", "a record of no known kind"};
  };
}

}  // namespace equinode
