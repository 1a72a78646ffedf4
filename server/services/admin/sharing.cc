// What goes to whom.
#include <algorithm>

#include "server/audit/call_entry.h"
#include "server/services/admin/handlers.h"

namespace equinode::admin {

Result<v1::SetSharingResponse> Handlers::SetSharing(Call& call,
                                                    const v1::SetSharingRequest& request) const {
  EQN_TRY(SharingRule rule, RuleFrom(request.rule()));
  call.audit.subject = rule.peer;
  const auto peer = ParseIdentity(rule.peer);
  if (rule.counts && peer.ok() && peer->role != Role::kPayer) {
    return Error{Code::kInvalidArgument, "BAD_SHARING",
                 "released counts go to payers only; this peer is not one"};
  }
  return WriteAudited(deps_.database, deps_.audit, "set_sharing", call,
                      [&](Tx& tx) -> Result<v1::SetSharingResponse> {
                        return Once<v1::SetSharingResponse>(
                            tx, deps_.requests, call, request,
                            [&]() -> Result<v1::SetSharingResponse> {
                              if (deps_.last_record_row) {
                                EQN_TRY(rule.since_row, deps_.last_record_row(tx));
                              }
                              EQN_CHECK(SharingStore::Set(tx, rule, call.now));
                              return v1::SetSharingResponse();
                            });
                      });
}

Result<v1::ListSharingResponse> Handlers::ListSharing(Call& call,
                                                      const v1::ListSharingRequest& request) const {
  call.audit.subject = "sharing rules";
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  if (request.page_token().size() > 512) return BadPageToken();
  EQN_TRY(const auto rules, deps_.database.Read([&](ReadTx& tx) {
    return SharingStore::List(tx, request.page_token(), page + 1);
  }));
  v1::ListSharingResponse response;
  for (std::size_t i = 0; i < std::min(page, rules.size()); ++i) {
    SetRule(rules[i], response.add_rules());
  }
  if (rules.size() > page) response.set_next_page_token(rules[page - 1].peer);
  return response;
}

}  // namespace equinode::admin
