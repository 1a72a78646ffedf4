// One referral as its chain tells it, for an export.
#include <algorithm>
#include <memory>
#include <utility>

#include "client/convert/consent.h"
#include "client/convert/proto_parts.h"
#include "server/services/referral/handlers.h"
#include "storage/consent_store.h"

namespace equinode {

namespace referral_service {
namespace {

constexpr std::size_t kMostPageBytes = 512 * 1024;
constexpr std::size_t kMostConsents = 64;

// Who it is about and what is asked for: as GetReferral and ListConsents show it.
Status SetHead(ReadTx& tx, const OpenReferral& open, v1::ExportReferralResponse* out) {
  const StoredReferral& stored = open.stored;
  out->set_ours(stored.ours);
  out->set_person(stored.person);
  if (!stored.asked.empty()) {
    EQN_TRY(const referral::TargetOrder order, referral::TargetOrderFrom(stored.asked));
    for (const auto& [field, text] : order.fields()) (*out->mutable_order())[field] = text;
  }
  if (!stored.ours) return Ok();  // What the other end keeps of its people is its own.
  for (std::size_t i = 0; i < std::min(stored.consents.size(), kMostConsents); ++i) {
    EQN_TRY(const StoredConsent consent, ConsentStore::Get(tx, stored.consents[i]));
    SetConsent(consent.consent, consent.revoked_at, out->add_consents());
  }
  return Ok();
}

Result<v1::ExportReferralResponse> ExportReferral(const Deps& deps, Call& call,
                                                  const v1::ExportReferralRequest& request) {
  EQN_TRY(const Uuid id, IdOf(request.referral_id(), "referral_id"));
  Touch(call, "referral exported", request.referral_id());
  call.audit.disclosure = true;
  const std::string scope = ScopeOf(deps, call);
  using Response = v1::ExportReferralResponse;
  return deps.database.Read([&](ReadTx& tx) -> Result<Response> {
    EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, id));
    EQN_TRY(const OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
    EQN_CHECK(CheckInScope(open, scope));
    if (IsUnclaimed(open, scope)) {
      return Error{Code::kFailedPrecondition, "NOT_CLAIMED",
                   "nobody has claimed it: an organisation exports what it has claimed"};
    }
    Response response;
    std::size_t bytes = 0;
    for (const referral::Link& link : open.links) {
      if (link.number <= request.after()) continue;
      bytes += link.event.size();
      if (bytes > kMostPageBytes && response.events_size() > 0) {
        response.set_more(true);
        break;
      }
      v1::ExportedEvent* event = response.add_events();
      event->set_event(link.event.data(), link.event.size());
      wire::SetTimestamp(link.linked_at, event->mutable_linked_at());
    }
    if (request.after() == 0) EQN_CHECK(SetHead(tx, open, &response));
    if (!open.stored.person.empty()) call.audit.touched.Add(open.stored.person);
    for (const v1::Consent& each : response.consents()) call.audit.touched.Add(each.id());
    return response;
  });
}

}  // namespace

void AddExportMethod(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods) {
  methods.push_back(Bind(deps, "ExportReferral", ExportReferral));
}

}  // namespace referral_service

}  // namespace equinode
