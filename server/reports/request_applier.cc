#include "server/reports/request_applier.h"

#include <utility>

#include "base/crypto/cms.h"
#include "client/convert/report.h"
#include "storage/outbox_store.h"
#include "storage/report_store.h"

namespace equinode {

namespace {

Status CheckSigned(const ReportRequestDeps& deps, const Incoming& incoming,
                   const ReportAsked& asked) {
  const Instant now = deps.clock.Now();
  EQN_TRY(const Certificate signer,
          VerifyDetached(asked.definition, asked.signature, deps.keys.Get()->trust, now));
  return deps.enrolment.CheckSigner(incoming.from, signer, now);
}

AnswerHead HeadOfRequest(const StoredDefinition& definition, const Uuid& collect_id, Instant now) {
  return {collect_id, definition.name, definition.version, Sha256(definition.definition), now};
}

// A payer that changes a version after it asked with it learns that from us: there is no other
// version of what was signed.
Status Keep(const ReportRequestDeps& deps, Tx& tx, const StoredDefinition& definition,
            const Uuid& collect_id, AuditNote& note) {
  const Instant now = deps.clock.Now();
  const auto row = ReportStore::Put(tx, definition, now);
  if (row.ok()) {
    EQN_TRY(const bool added,
            ReportStore::AddRequest(tx, definition.payer, collect_id, *row, "", now));
    if (added && deps.wake) tx.OnCommit(deps.wake);
    return Ok();
  }
  if (row.error().reason != "DEFINITION_CHANGED") return row.error();
  note.purpose += ", refused: " + row.error().reason;
  EQN_CHECK(OutboxStore::Queue(
      tx, definition.payer, exchange::LaneOf(exchange::PayloadKind::kReportAnswer),
      exchange::PayloadKind::kReportAnswer,
      BytesFromRefusal(HeadOfRequest(definition, collect_id, now), row.error()), now));
  if (deps.queued) deps.queued(tx);
  return Ok();
}

}  // namespace

PayloadApplier ReportRequestApplier(ReportRequestDeps deps) {
  return [deps = std::move(deps)](const Incoming& incoming) -> Result<ApplyInTx> {
    EQN_TRY(ReportAsked asked, ReportRequestFromBytes(incoming.payload));
    EQN_TRY(const ReportDefinition definition, DefinitionFromBytes(asked.definition));
    if (definition.payer != incoming.from) {
      return Error{Code::kPermissionDenied, "WRONG_PAYER",
                   "a report definition is asked by the payer that it names, and by nobody else"};
    }
    EQN_CHECK(Validate(definition));
    EQN_CHECK(CheckSigned(deps, incoming, asked));
    StoredDefinition kept{0,
                          definition.payer,
                          definition.name,
                          definition.version,
                          std::move(asked.definition),
                          std::move(asked.signature)};
    return ApplyInTx(
        [deps, kept = std::move(kept), id = asked.collect_id](Tx& tx, AuditNote& note) -> Status {
          note.subject = kept.payer;
          note.purpose = "report " + kept.name + " version " + std::to_string(kept.version);
          return Keep(deps, tx, kept, id, note);
        });
  };
}

}  // namespace equinode
