// Report definitions, requests, answers, releases and local counts: proto <> domain.
// Of counts there are two doors and no third: ReleasedFamily becomes a ReportAnswer, for a peer;
// RawCounts become LocalTables, for the operators' own method.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/id.h"
#include "base/result.h"
#include "domain/counts/raw_table.h"
#include "domain/needs/measures/judge.h"
#include "domain/privacy/release/release.h"
#include "domain/report/answer.h"
#include "domain/report/definition.h"
#include "domain/report/pool.h"
#include "equinode/v1/count_service.pb.h"
#include "equinode/v1/report.pb.h"

namespace equinode {

// Definitions. Reading checks the form only: Validate decides what a definition may ask.
// INVALID_ARGUMENT (BAD_DEFINITION): a date that is none, an unknown stratifier, over 64 KiB.
void SetDefinition(const ReportDefinition& definition, v1::ReportDefinition* out);
Result<ReportDefinition> DefinitionFrom(const v1::ReportDefinition& message);
Bytes BytesFromDefinition(const ReportDefinition& definition);
Result<ReportDefinition> DefinitionFromBytes(ByteView bytes);

// A request to a node: the signed bytes of the definition, as the payer made them.
struct ReportAsked {
  Uuid collect_id{};
  Bytes definition{};
  Bytes signature{};
};
Bytes BytesFromReportRequest(const ReportAsked& asked);
Result<ReportAsked> ReportRequestFromBytes(ByteView bytes);  // BAD_REPORT_REQUEST

// An answer's head: what it answers, and when it was counted.
struct AnswerHead {
  Uuid collect_id{};
  std::string definition_name{};
  std::uint32_t definition_version = 1;
  Digest definition_sha256{};
  Instant counted_at{};
};
struct ReceivedAnswer {
  AnswerHead head{};
  std::vector<AnswerTable> tables{};  // None when refused. CheckAnswer before use.
  std::string refused_reason{};
  std::string refused_message{};
};
Bytes BytesFromAnswer(const AnswerHead& head, const ReleasedFamily& released);
// The node does not answer: the error's reason and message, which hold nothing about a person.
Bytes BytesFromRefusal(const AnswerHead& head, const Error& why);
Result<ReceivedAnswer> AnswerFromBytes(ByteView bytes);  // BAD_ANSWER
// A stored answer under another head, for a definition of the same family: the same tables, in the
// definition's order, and the time at which they were counted. INTERNAL (OTHER_FAMILY) when a table
// is missing.
Result<Bytes> AnswerAgain(ByteView stored, const AnswerHead& head,
                          const ReportDefinition& definition);

// The hub's releases.
void SetRelease(const HubRelease& release, v1::Release* out);
Result<HubRelease> ReleaseFrom(const v1::Release& message);  // BAD_RELEASE
Bytes BytesFromRelease(const HubRelease& release);
Result<HubRelease> ReleaseFromBytes(ByteView bytes);

// Local counts. `own` is this node's URI, for own_only. Fails with BAD_QUERY.
Result<TableQuery> TableQueryFrom(const v1::GetLocalCountsRequest& message, std::string_view own);
// The period of measures of needs and referrals. Fails with BAD_QUERY.
Result<CountPeriod> LocalPeriodFrom(const v1::GetLocalCountsRequest& message);
void SetLocalCounts(const RawCounts& counts, v1::GetLocalCountsResponse* out);
Result<RawCounts> LocalCountsFrom(const v1::GetLocalCountsResponse& message);

}  // namespace equinode
