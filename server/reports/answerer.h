// The job that answers report requests: policy, what was released before, counting, the release
// gate; and then the answer, its audit entry and its place in the outbox in one transaction.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "domain/access/identity.h"
#include "domain/counts/computed_measure.h"
#include "domain/counts/population.h"
#include "domain/needs/measures/judge.h"
#include "domain/privacy/release/release.h"
#include "domain/report/definition.h"
#include "server/audit/audit_log.h"
#include "storage/report_store.h"
#include "storage/sqlite/database.h"

namespace equinode {

// All that is referred to must outlive the answerer.
struct AnswererDeps {
  Database& database;
  AuditLog& audit;
  Log& log;
  Identity self{};  // Its own records are counted, and no one else's.
  // RecordKeeper::mutable_population. Called at each step that has to count.
  std::function<Result<Population*>()> population{};
  // Called in a transaction that queued a payload (ExchangeEngine::NudgeAfter). May be null.
  std::function<void(Tx&)> queued{};
  // CareCounts::Count. Null: a report that asks for measures of needs and referrals is refused
  // (NOT_COMPUTED).
  std::function<Result<std::vector<ComputedMeasure>>(std::span<const std::string> names,
                                                     const CountPeriod& period)>
      care{};
};

// Thread-safe.
class ReportAnswerer {
 public:
  // Panels kept for the newest definitions that were counted: an operator who looks at the same
  // population again is answered from cells.
  static constexpr std::size_t kMostPanels = 8;

  explicit ReportAnswerer(AnswererDeps deps) : deps_(std::move(deps)) {}

  // Answers what waits, oldest first, and says how many requests that closed. A request is refused
  // when the sharing rule does not give counts to the payer (NOT_SHARED; NO_OWN_RECORDS at a QHIO
  // that only carries what is others', of which nobody misses a share), its period is not over
  // (PERIOD_NOT_OVER), what was released before forbids it (CheckReleaseOfPeriod), or the
  // counting or the gate refuses (their reasons). The same family again is given its stored answer.
  // While counts are rebuilt (NOT_READY) requests wait; step again later. An error is the store's.
  Result<std::size_t> Step(Instant now);

 private:
  struct Asked;  // A request with its definition.
  // Counts and releases where that is called for. UNAVAILABLE: not now.
  Result<std::optional<ReleasedFamily>> CountWhereAllowed(const Asked& asked, Instant now);
  // The transaction that ends a request. False when it waits on.
  Result<bool> Close(Tx& tx, const Asked& asked,
                     const Result<std::optional<ReleasedFamily>>& counted, Instant now);
  Status Send(Tx& tx, const Asked& asked, ByteView payload, std::string outcome,
              std::string_view how, Instant now);
  Result<bool> Handle(const OpenReportRequest& request, Instant now);
  void KeepPanel(Population& population, const CountScope& scope);

  const AnswererDeps deps_;
  std::mutex mutex_{};               // One step at a time.
  std::deque<CountScope> panels_{};  // Guarded by mutex_.
};

}  // namespace equinode
