// Private to server/services/need.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/needs/code_gaps.h"
#include "equinode/v1/need_service.pb.h"
#include "server/services/need/need.h"

namespace equinode {

inline std::chrono::sys_days TodayOf(const Call& call) {
  return std::chrono::floor<std::chrono::days>(call.now);
}

// A whole day; BAD_DAY. An unset one where `none` allows it.
Result<std::optional<std::chrono::sys_days>> DayIn(bool present, const v1::Date& date);
void SetDayIn(std::chrono::sys_days day, v1::Date* out);

// The number of a person of ours; NO_SUCH_PERSON.
Result<PersonNo> NumberOfPerson(const NeedDeps& deps, std::string_view source_id);

void SetAsking(const AskingView& asking, v1::AskingView* out);
void SetNeed(const std::string& person, const NeedView& need, v1::NeedView* out);
void SetCode(const CodeView& code, const ZCodeTable& table, v1::CodeView* out);

Result<v1::ListScreeningsResponse> ListScreenings(const NeedDeps& deps, Call& call,
                                                  const v1::ListScreeningsRequest& request);
Result<v1::RecordScreeningResponse> RecordScreening(const NeedDeps& deps, Call& call,
                                                    const v1::RecordScreeningRequest& request);
Result<v1::ListNeedsResponse> ListNeeds(const NeedDeps& deps, Call& call,
                                        const v1::ListNeedsRequest& request);
Result<v1::GetNeedsResponse> GetNeeds(const NeedDeps& deps, Call& call,
                                      const v1::GetNeedsRequest& request);
Result<v1::ListNeedRecordsResponse> ListNeedRecords(const NeedDeps& deps, Call& call,
                                                    const v1::ListNeedRecordsRequest& request);
Result<v1::RecordNeedStepResponse> RecordNeedStep(const NeedDeps& deps, Call& call,
                                                  const v1::RecordNeedStepRequest& request);
Result<v1::GetZCodeUsageResponse> GetZCodeUsage(const NeedDeps& deps, Call& call,
                                                const v1::GetZCodeUsageRequest& request);
Result<v1::ListZCodeGapsResponse> ListZCodeGaps(const NeedDeps& deps, Call& call,
                                                const v1::ListZCodeGapsRequest& request);
Result<v1::UpdateCodeTableResponse> UpdateCodeTable(const NeedDeps& deps, Call& call,
                                                    const v1::UpdateCodeTableRequest& request);
Result<v1::RestoreCodeTableResponse> RestoreCodeTable(const NeedDeps& deps, Call& call,
                                                      const v1::RestoreCodeTableRequest& request);
Result<v1::ListCodeTablesResponse> ListCodeTables(const NeedDeps& deps, Call& call,
                                                  const v1::ListCodeTablesRequest& request);
Result<v1::GetCodeTableResponse> GetCodeTable(const NeedDeps& deps, Call& call,
                                              const v1::GetCodeTableRequest& request);

}  // namespace equinode
