// The node itself: its state, its dead letters, its audit log.
#include <algorithm>
#include <limits>

#include "client/convert/proto_parts.h"
#include "server/audit/call_entry.h"
#include "server/services/admin/handlers.h"

namespace equinode::admin {

namespace {

Error NotOffered() {
  return {Code::kUnimplemented, "NOT_OFFERED", "this node runs without that part"};
}

}  // namespace

Result<v1::GetStatusResponse> Handlers::GetStatus(Call& call, const v1::GetStatusRequest&) const {
  call.audit.subject = "status";
  v1::GetStatusResponse response;
  if (deps_.status) {
    EQN_TRY(response, deps_.status());
  }
  const std::shared_ptr<const KeyRing> ring = deps_.keys.Get();
  response.set_node(ring->self.uri);
  SetHead(deps_.audit.head(), response.mutable_audit_head());
  wire::SetTimestamp(ring->current.certificate.not_after(), response.mutable_certificate_expires());
  return response;
}

Result<v1::ListDeadLettersResponse> Handlers::ListDeadLetters(
    Call& call, const v1::ListDeadLettersRequest& request) const {
  call.audit.subject = "dead letters";
  if (!deps_.list_dead_letters) return NotOffered();
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  if (request.page_token().size() > 512) return BadPageToken();
  return deps_.database.Read(
      [&](ReadTx& tx) { return deps_.list_dead_letters(tx, page, request.page_token()); });
}

Result<v1::ResolveDeadLetterResponse> Handlers::ResolveDeadLetter(
    Call& call, const v1::ResolveDeadLetterRequest& request) const {
  call.audit.subject = "dead letter";
  if (!deps_.resolve_dead_letter) return NotOffered();
  const auto id = Uuid::Parse(request.id());
  if (!id.ok()) {
    return Error{Code::kInvalidArgument, "BAD_ID", "a dead letter is named by its envelope's UUID"};
  }
  call.audit.subject = "dead letter " + id->ToString();
  return WriteAudited(
      deps_.database, deps_.audit, "resolve_dead_letter", call,
      [&](Tx& tx) -> Result<v1::ResolveDeadLetterResponse> {
        return Once<v1::ResolveDeadLetterResponse>(
            tx, deps_.requests, call, request, [&]() -> Result<v1::ResolveDeadLetterResponse> {
              EQN_CHECK(deps_.resolve_dead_letter(tx, *id, request.retry(), call.now));
              return v1::ResolveDeadLetterResponse();
            });
      });
}

Result<v1::ListAuditEntriesResponse> Handlers::ListAuditEntries(
    Call& call, const v1::ListAuditEntriesRequest& request) const {
  call.audit.subject = "audit log";
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  EQN_TRY(std::int64_t after, NumberFromToken(request.page_token()));
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  after = std::max(after, static_cast<std::int64_t>(std::min(request.after(), kMost)));
  // The head first: what is listed may be newer, never older.
  v1::ListAuditEntriesResponse response;
  SetHead(deps_.audit.head(), response.mutable_head());
  EQN_TRY(const auto entries, deps_.database.Read([&](ReadTx& tx) {
    return AuditStore::List(tx, static_cast<std::uint64_t>(after), page + 1,
                            request.disclosures_only());
  }));
  for (std::size_t i = 0; i < std::min(page, entries.size()); ++i) {
    SetEntry(entries[i], response.add_entries());
  }
  if (entries.size() > page) {
    response.set_next_page_token(std::to_string(entries[page - 1].entry.number));
  }
  return response;
}

}  // namespace equinode::admin
