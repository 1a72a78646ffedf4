#include "domain/access/policy.h"

#include <algorithm>
#include <array>

namespace equinode {

namespace {

constexpr Roles kAll = {Role::kPractice, Role::kQhio, Role::kPayer, Role::kCbo};
constexpr Roles kPayers = {Role::kPayer};
constexpr Roles kReferrers = {Role::kPractice, Role::kQhio, Role::kCbo};
constexpr Roles kNobody = {};
constexpr bool kOperators = true;
constexpr bool kNoOperator = false;
constexpr bool kHosted = true;

constexpr auto kTable = std::to_array<PolicyRow>({
    {"/equinode.v1.AdminService/AcceptCertificate", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/AddPeer", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/BeginLinksAnew", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/GetStatus", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/ListAuditEntries", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/ListDeadLetters", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/ListPeers", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/ListRevocations", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/ListSharing", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/RemovePeer", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/ResolveDeadLetter", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/Revoke", kAll, kOperators, kNobody},
    {"/equinode.v1.AdminService/SetSharing", kAll, kOperators, kNobody},
    // Consent and referrals: who cares for people, not who pays.
    {"/equinode.v1.ConsentService/CheckConsent", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ConsentService/ListConsents", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ConsentService/ListDisclosures", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ConsentService/RecordConsent", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ConsentService/RevokeConsent", kReferrers, kOperators, kNobody},
    // Only the payer whose programme it is makes a report; everybody may read what it knows of.
    {"/equinode.v1.CountService/CreateReportDefinition", kPayers, kOperators, kNobody},
    {"/equinode.v1.CountService/GetLocalCounts", kAll, kOperators, kNobody},
    {"/equinode.v1.CountService/ListReportDefinitions", kAll, kOperators, kNobody},
    // Between nodes. An operator's certificate cannot speak for its node.
    {"/equinode.v1.ExchangeService/Collect", kAll, kNoOperator, kAll},
    {"/equinode.v1.ExchangeService/Deliver", kAll, kNoOperator, kAll},
    {"/equinode.v1.HubService/FinishCollect", kPayers, kOperators, kNobody},
    {"/equinode.v1.HubService/GetCollect", kPayers, kOperators, kNobody},
    {"/equinode.v1.HubService/GetRelease", kPayers, kOperators, kNobody},
    {"/equinode.v1.HubService/ListReleases", kPayers, kOperators, kNobody},
    {"/equinode.v1.HubService/StartCollect", kPayers, kOperators, kNobody},
    // People: the node's own organisation and nobody else.
    {"/equinode.v1.NeedService/GetCodeTable", kAll, kOperators, kNobody},
    {"/equinode.v1.NeedService/GetNeeds", kAll, kOperators, kNobody},
    {"/equinode.v1.NeedService/GetZCodeUsage", kAll, kOperators, kNobody},
    {"/equinode.v1.NeedService/ListCodeTables", kAll, kOperators, kNobody},
    {"/equinode.v1.NeedService/ListNeedRecords", kAll, kOperators, kNobody},
    {"/equinode.v1.NeedService/ListNeeds", kAll, kOperators, kNobody},
    {"/equinode.v1.NeedService/ListScreenings", kAll, kOperators, kNobody},
    {"/equinode.v1.NeedService/ListZCodeGaps", kAll, kOperators, kNobody},
    {"/equinode.v1.NeedService/RecordNeedStep", kAll, kOperators, kNobody},
    {"/equinode.v1.NeedService/RecordScreening", kAll, kOperators, kNobody},
    {"/equinode.v1.NeedService/RestoreCodeTable", kAll, kOperators, kNobody},
    {"/equinode.v1.NeedService/UpdateCodeTable", kAll, kOperators, kNobody},
    {"/equinode.v1.RecordService/DeleteRecord", kAll, kOperators, kNobody},
    {"/equinode.v1.RecordService/GetImportCursor", kAll, kOperators, kNobody},
    {"/equinode.v1.RecordService/GetPerson", kAll, kOperators, kNobody},
    {"/equinode.v1.RecordService/ImportRecords", kAll, kOperators, kNobody},
    {"/equinode.v1.RecordService/ListCoverages", kAll, kOperators, kNobody},
    {"/equinode.v1.RecordService/ListPersons", kAll, kOperators, kNobody},
    {"/equinode.v1.ReferralService/ActOnReferral", kReferrers, kOperators, kNobody, kHosted},
    {"/equinode.v1.ReferralService/AskCapacity", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ReferralService/CreateReferral", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ReferralService/ExportReferral", kReferrers, kOperators, kNobody, kHosted},
    {"/equinode.v1.ReferralService/GetReferral", kReferrers, kOperators, kNobody, kHosted},
    {"/equinode.v1.ReferralService/GetSplitOrder", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ReferralService/HostOrganisation", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ReferralService/ListCapacity", kReferrers, kOperators, kNobody, kHosted},
    {"/equinode.v1.ReferralService/ListHostedOrganisations", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ReferralService/ListReferralChanges", kReferrers, kOperators, kNobody, kHosted},
    {"/equinode.v1.ReferralService/ListReferrals", kReferrers, kOperators, kNobody, kHosted},
    {"/equinode.v1.ReferralService/ListSplitOrders", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ReferralService/SetCapacity", kReferrers, kOperators, kNobody, kHosted},
    {"/equinode.v1.ReferralService/SplitOrder", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ReferralService/TakeInStatus", kReferrers, kOperators, kNobody, kHosted},
    {"/equinode.v1.ReferralService/UnhostOrganisation", kReferrers, kOperators, kNobody},
    {"/equinode.v1.ReferralService/WatchReferrals", kReferrers, kOperators, kNobody, kHosted},
    {"/grpc.health.v1.Health/Check", kAll, kOperators, kAll},
});

constexpr bool ByPath(const PolicyRow& a, const PolicyRow& b) { return a.path < b.path; }
static_assert(std::is_sorted(kTable.begin(), kTable.end(), ByPath));

}  // namespace

std::span<const PolicyRow> PolicyTable() { return kTable; }

const PolicyRow* FindPolicy(std::string_view path) {
  const auto at = std::lower_bound(kTable.begin(), kTable.end(), PolicyRow{.path = path}, ByPath);
  return at != kTable.end() && at->path == path ? &*at : nullptr;
}

Status Allowed(std::string_view path, const Identity& caller, const Identity& self, bool hosted) {
  const PolicyRow* row = FindPolicy(path);
  if (row == nullptr) {
    return Error{Code::kUnimplemented, "NO_SUCH_METHOD", "this node has no such method"};
  }
  const bool own_operator = caller.is_operator() && caller.node_uri() == self.uri;
  const bool may = own_operator ? row->own_operators
                   : caller.is_operator()
                       ? hosted && row->hosted_operators && self.role == Role::kQhio
                       : caller.uri != self.uri && row->nodes.has(caller.role);
  if (!may) {
    return Error{Code::kPermissionDenied, "METHOD_NOT_ALLOWED", "the caller may not do this here"};
  }
  if (!row->offered_by.has(self.role)) {
    return Error{Code::kPermissionDenied, "METHOD_NOT_OFFERED",
                 "a node of this role does not do this; ask the payer's node"};
  }
  return Ok();
}

}  // namespace equinode
