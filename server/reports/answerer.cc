#include "server/reports/answerer.h"

#include <utility>
#include <variant>
#include <vector>

#include "client/convert/report.h"
#include "domain/exchange/envelope.h"
#include "domain/report/raw_family.h"
#include "domain/report/release_of_period.h"
#include "storage/outbox_store.h"
#include "storage/sharing_store.h"

namespace equinode {

struct ReportAnswerer::Asked {
  OpenReportRequest request{};
  StoredDefinition stored{};
  ReportDefinition definition{};
};

namespace {

constexpr std::size_t kPage = 32;

// What is to be done with a request, as the store stands: refuse it, give a stored answer again, or
// count.
struct CountNow {};
using Verdict = std::variant<Error, Bytes, CountNow>;

constexpr std::string_view kNotShared = "NOT_SHARED";
constexpr std::string_view kNoOwnRecords = "NO_OWN_RECORDS";

Result<Verdict> Judge(ReadTx& tx, const ReportDefinition& definition, Instant now) {
  EQN_TRY(const auto rule, SharingStore::Find(tx, definition.payer));
  if (!rule || !rule->counts) {
    return Verdict(Error{Code::kPermissionDenied, std::string(kNotShared),
                         "this node does not share counts with the payer"});
  }
  const Status over = CheckPeriodOver(definition, now);
  if (!over.ok()) return Verdict(over.error());
  EQN_TRY(auto rows, ReportStore::Released(tx, definition.payer));
  std::vector<ReleasedBefore> released;
  for (const ReleasedFamilyRow& row : rows) released.push_back(row.family);
  const auto same = CheckReleaseOfPeriod(released, definition);
  if (!same.ok()) return Verdict(same.error());
  if (*same) return Verdict(std::move(rows[**same].answer));
  // It was valid when it came; what may be asked can have become less since.
  const Status valid = Validate(definition);
  if (!valid.ok()) return Verdict(valid.error());
  return Verdict(CountNow{});
}

// Counts are being rebuilt: later, then.
bool NotReady(const Error& error) {
  return error.code == Code::kUnavailable && error.reason == "NOT_READY";
}

AnswerHead HeadOfAnswer(const StoredDefinition& definition, const Uuid& collect_id, Instant at) {
  return {collect_id, definition.name, definition.version, Sha256(definition.definition), at};
}

}  // namespace

void ReportAnswerer::KeepPanel(Population& population, const CountScope& scope) {
  for (const CountScope& kept : panels_) {
    if (kept == scope) return;
  }
  // Without a panel the columns are scanned: slower and as right.
  if (!population.RegisterPanel(scope).ok()) return;
  panels_.push_back(scope);
  if (panels_.size() <= kMostPanels) return;
  population.UnregisterPanel(panels_.front());
  panels_.pop_front();
}

Result<std::optional<ReleasedFamily>> ReportAnswerer::CountWhereAllowed(const Asked& asked,
                                                                        Instant now) {
  EQN_TRY(const Verdict verdict,
          deps_.database.Read([&](ReadTx& tx) { return Judge(tx, asked.definition, now); }));
  const Error* why = std::get_if<Error>(&verdict);
  if (why != nullptr && why->reason == kNotShared && deps_.self.role == Role::kQhio) {
    EQN_TRY(const Population* people, deps_.population());
    if (!people->HasPeopleOf(deps_.self.uri)) {
      return Error{Code::kFailedPrecondition, std::string(kNoOwnRecords),
                   "this QHIO holds no records of its own; it carries those of others"};
    }
  }
  if (!std::holds_alternative<CountNow>(verdict)) return std::optional<ReleasedFamily>();
  EQN_TRY(Population * population, deps_.population());
  KeepPanel(*population, ScopeOf(asked.definition, deps_.self.uri));
  const ReportDefinition& definition = asked.definition;
  std::vector<ComputedMeasure> computed;
  const std::vector<std::string> names = ComputedMeasuresOf(definition);
  if (!names.empty() && deps_.care) {
    EQN_TRY(computed, deps_.care(names, {definition.period_start, definition.period_end}));
  }
  EQN_TRY(const RawFamily raw, CountFamily(*population, definition, deps_.self.uri, computed));
  EQN_TRY(ReleasedFamily released, Release(raw, RuleOf(asked.definition)));
  return std::optional<ReleasedFamily>(std::move(released));
}

Status ReportAnswerer::Send(Tx& tx, const Asked& asked, ByteView payload, std::string outcome,
                            std::string_view how, Instant now) {
  EQN_TRY(const bool closed, ReportStore::CloseRequest(tx, asked.request.row, outcome));
  if (!closed) return Ok();
  constexpr auto kKind = exchange::PayloadKind::kReportAnswer;
  EQN_CHECK(
      OutboxStore::Queue(tx, asked.request.payer, exchange::LaneOf(kKind), kKind, payload, now));
  AuditEntry entry;
  entry.actor = "node";
  entry.disclosure = outcome == "OK";
  entry.action = entry.disclosure ? "REPORT_ANSWERED" : "REPORT_REFUSED";
  entry.subject = asked.request.payer;
  entry.purpose = "report " + asked.stored.name + " version " +
                  std::to_string(asked.stored.version) + std::string(how);
  entry.outcome = std::move(outcome);
  EQN_CHECK(deps_.audit.Append(tx, std::move(entry)));
  if (deps_.queued) deps_.queued(tx);
  return Ok();
}

Result<bool> ReportAnswerer::Close(Tx& tx, const Asked& asked,
                                   const Result<std::optional<ReleasedFamily>>& counted,
                                   Instant now) {
  const AnswerHead head = HeadOfAnswer(asked.stored, asked.request.collect_id, now);
  const auto refuse = [&](const Error& why) -> Result<bool> {
    EQN_CHECK(Send(tx, asked, BytesFromRefusal(head, why), why.reason, "", now));
    return true;
  };
  // Again, since it may have changed while we counted; what it says in this transaction stands.
  EQN_TRY(const Verdict verdict, Judge(tx, asked.definition, now));
  if (const Error* why = std::get_if<Error>(&verdict)) {
    const bool relay_only =
        why->reason == kNotShared && !counted.ok() && counted.error().reason == kNoOwnRecords;
    return refuse(relay_only ? counted.error() : *why);
  }
  if (const Bytes* stored = std::get_if<Bytes>(&verdict)) {
    EQN_TRY(const Bytes answer, AnswerAgain(*stored, head, asked.definition));
    EQN_CHECK(Send(tx, asked, answer, "OK", ", as released before", now));
    return true;
  }
  if (!counted.ok()) return refuse(counted.error());
  if (!counted->has_value()) return false;
  const Bytes answer = BytesFromAnswer(head, **counted);
  if (answer.size() > exchange::kMaxPayloadBytes) {
    return refuse({Code::kResourceExhausted, "ANSWER_TOO_LARGE",
                   "the tables do not fit into one answer; ask for fewer in one report"});
  }
  const ReportDefinition& definition = asked.definition;
  EQN_CHECK(ReportStore::AddReleased(tx,
                                     {{definition.payer, definition.period_start,
                                       definition.period_end, FamilyFingerprint(definition)},
                                      answer},
                                     now));
  EQN_CHECK(Send(tx, asked, answer, "OK", "", now));
  return true;
}

Result<bool> ReportAnswerer::Handle(const OpenReportRequest& request, Instant now) {
  Asked asked{request, {}, {}};
  EQN_TRY(asked.stored,
          deps_.database.Read([&](ReadTx& tx) { return ReportStore::At(tx, request.definition); }));
  EQN_TRY(asked.definition, DefinitionFromBytes(asked.stored.definition));
  const auto counted = CountWhereAllowed(asked, now);
  if (!counted.ok() && NotReady(counted.error())) return counted.error();
  const auto closed =
      deps_.database.Write("answer_report", [&](Tx& tx) { return Close(tx, asked, counted, now); });
  if (closed.ok() && *closed && !counted.ok()) {
    deps_.log.Warning("report_refused", {{Field::kPeer, request.payer},
                                         {Field::kReport, asked.stored.name},
                                         {Field::kVersion, std::uint64_t{asked.stored.version}},
                                         {Field::kReason, counted.error().reason}});
  }
  return closed;
}

Result<std::size_t> ReportAnswerer::Step(Instant now) {
  const std::lock_guard lock(mutex_);
  std::size_t closed = 0;
  for (std::int64_t after = 0;;) {
    EQN_TRY(const auto open, deps_.database.Read([&](ReadTx& tx) {
      return ReportStore::OpenRequests(tx, after, kPage);
    }));
    if (open.empty()) return closed;
    for (const OpenReportRequest& request : open) {
      after = request.row;
      const auto handled = Handle(request, now);
      // Without counts nobody can be answered now; what needs none has its turn all the same.
      if (!handled.ok() && NotReady(handled.error())) continue;
      if (!handled.ok()) return handled.error();
      if (*handled) ++closed;
    }
  }
}

}  // namespace equinode
