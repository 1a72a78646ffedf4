// Private to server/services/referral: what its handlers share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "equinode/v1/referral_service.pb.h"
#include "server/audit/call_entry.h"
#include "server/services/referral/referral.h"

namespace equinode::referral_service {

using Deps = ReferralServiceDeps;

inline Error Bad(std::string_view reason, std::string message) {
  return Error{Code::kInvalidArgument, std::string(reason), std::move(message)};
}

// INVALID_ARGUMENT / BAD_REFERRAL_ID; `what` is the field's name.
Result<Uuid> IdOf(std::string_view text, std::string_view what);
Result<std::optional<Uuid>> OptionalId(const std::string& text, std::string_view what);
// INVALID_ARGUMENT / UNKNOWN_DOMAIN.
Status CheckDomain(const std::string& domain);
// A place among the changes, of which `last` is the newest. FAILED_PRECONDITION / CURSOR_AHEAD.
Result<std::int64_t> CursorFrom(std::uint64_t after, std::int64_t last);
// What a request to create asks for, all but the target. UNKNOWN_DOMAIN (not for none),
// BAD_PRIORITY, NO_SUCH_FIELD.
Result<ReferralAsked> WholeFrom(const std::string& person, const std::string& domain,
                                const std::string& priority, const std::string& need,
                                const google::protobuf::Map<std::string, std::string>& order);
// INVALID_ARGUMENT / BAD_IDENTITY, NO_SUCH_FIELD.
Status SetTarget(const std::string& target_node, const std::string& owner,
                 referral::Opening* opening);
Result<referral::Order> OrderFrom(const google::protobuf::Map<std::string, std::string>& order);

// The organisation whose referrals alone the caller may see: an operator's of an organisation that
// this node hosts. Empty for the node's own operators, who see all of them.
std::string ScopeOf(const Deps& deps, const Call& call);
// NOT_FOUND / NO_SUCH_REFERRAL for what is another organisation's: it looks like no referral.
Status CheckInScope(const OpenReferral& open, std::string_view scope);
// Nobody has claimed it: within a scope it is seen without the order, and not exported.
bool IsUnclaimed(const OpenReferral& open, std::string_view scope);

// The referral as it is now, with what is kept beside its chain.
Status ShowOpen(ReadTx& tx, const OpenReferral& open, Instant now, v1::Referral* out);
// The same, one that cannot be read with that as its fault; false, and nothing in `out`, when it is
// not in scope.
Result<bool> Show(ReadTx& tx, StoredReferral stored, std::string_view scope, Instant now,
                  v1::Referral* out);

void Touch(Call& call, std::string_view subject, std::string_view id);

// A unary handler of ReferralService as a method.
template <typename Request, typename Response>
Method Bind(const std::shared_ptr<const Deps>& deps, const char* name,
            Result<Response> (*handler)(const Deps&, Call&, const Request&)) {
  Method method;
  method.path = std::string("/equinode.v1.ReferralService/") + name;
  method.unary = BindUnary<Request, Response>([deps, handler](Call& call, const Request& request) {
    return handler(*deps, call, request);
  });
  return method;
}

// In files of their own.
void AddOrderMethods(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods);
void AddCapacityMethods(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods);
void AddExportMethod(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods);
void AddStatusWordMethod(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods);
void AddHostMethods(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods);
void AddWatchMethod(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods);

}  // namespace equinode::referral_service
