// Audit entries of calls, and changes that are one transaction with theirs.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "server/audit/audit_log.h"
#include "server/rpc/method.h"
#include "storage/sqlite/database.h"

namespace equinode {

// What the log says about `call`, without number and time. `outcome` is OK or an error's reason.
inline AuditEntry EntryFor(const Call& call, std::string outcome = "OK") {
  AuditEntry entry;
  entry.actor = call.caller.identity.uri;
  entry.from = call.caller.address;
  entry.action = call.method;
  entry.subject = call.audit.subject;
  entry.purpose = call.audit.purpose;
  entry.outcome = std::move(outcome);
  entry.disclosure = call.audit.disclosure;
  return entry;
}

// Database::Write with the call's audit entry in the same transaction: both are there or neither
// is. `body` may still write call.audit. A refused body leaves the entry of the refusal to the
// gate.
template <typename F>
auto WriteAudited(Database& database, AuditLog& audit, std::string_view name, Call& call, F body)
    -> std::invoke_result_t<F, Tx&> {
  using Outcome = std::invoke_result_t<F, Tx&>;
  Outcome outcome = database.Write(name, [&](Tx& tx) -> Outcome {
    Outcome done = body(tx);
    if (!done.ok()) return done;
    auto appended = audit.Append(tx, EntryFor(call), call.audit.touched);
    if (!appended.ok()) return std::move(appended).error();
    return done;
  });
  if (outcome.ok()) call.audit.recorded = true;
  return outcome;
}

}  // namespace equinode
