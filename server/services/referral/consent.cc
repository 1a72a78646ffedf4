#include "client/convert/consent.h"

#include <memory>
#include <utility>

#include "client/convert/proto_parts.h"
#include "server/audit/call_entry.h"
#include "server/referrals/consent_on_file.h"
#include "server/services/referral/referral.h"
#include "storage/consent_store.h"

namespace equinode {
namespace {

using Deps = ReferralServiceDeps;

Error Bad(std::string_view reason, std::string message) {
  return Error{Code::kInvalidArgument, std::string(reason), std::move(message)};
}

Status CheckPerson(const Deps& deps, const std::string& person) {
  if (person.empty() || person.size() > 256) {
    return Bad("BAD_CONSENT", "person is the source_id of a person of this node");
  }
  return deps.check_person ? deps.check_person(person) : Ok();
}

// When a yes was taken back that comes here only now.
Result<std::optional<Instant>> RevokedBefore(const v1::RecordConsentRequest& request,
                                             const consent::Consent& consent, Instant now) {
  if (!request.has_revoked_at()) return std::optional<Instant>();
  EQN_TRY(const Instant at, wire::InstantFrom(request.revoked_at(), "BAD_CONSENT"));
  if (!consent.given) return Bad("BAD_CONSENT", "only a yes can be taken back");
  if (at < consent.signed_at || at > now) {
    return Bad("BAD_CONSENT", "a yes is taken back after it was signed, and not in the future");
  }
  return std::optional<Instant>(at);
}

Result<v1::RecordConsentResponse> RecordConsent(const Deps& deps, Call& call,
                                                const v1::RecordConsentRequest& request) {
  call.audit.subject = "consent";
  const Uuid id = Uuid::MakeV7(call.now, deps.random);
  EQN_TRY(const consent::Consent consent, ConsentFrom(request.consent(), id));
  EQN_CHECK(consent::CheckConsent(consent));
  if (consent.signed_at > call.now) {
    return Bad("BAD_CONSENT", "a consent is not signed in the future");
  }
  EQN_TRY(const std::optional<Instant> revoked, RevokedBefore(request, consent, call.now));
  EQN_CHECK(CheckPerson(deps, consent.person));
  using Response = v1::RecordConsentResponse;
  return WriteAudited(
      deps.database, deps.audit, "record_consent", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_CHECK(ConsentStore::Add(tx, consent));
          if (revoked) EQN_CHECK(ConsentStore::Revoke(tx, {id, *revoked, consent.document}));
          call.audit.touched.Add(id.ToString());
          Response response;
          SetConsent(consent, revoked, response.mutable_consent());
          return response;
        });
      });
}

Result<v1::RevokeConsentResponse> RevokeConsent(const Deps& deps, Call& call,
                                                const v1::RevokeConsentRequest& request) {
  call.audit.subject = "consent revoked";
  auto id = Uuid::Parse(request.consent_id());
  if (!id.ok()) return Bad("BAD_CONSENT", "consent_id is a UUID");
  Digest document{};
  if (!request.document().empty()) {
    EQN_TRY(document, wire::DigestFrom(request.document(), "BAD_CONSENT"));
  }
  using Response = v1::RevokeConsentResponse;
  return WriteAudited(
      deps.database, deps.audit, "revoke_consent", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_TRY(const ReferralDesk::Revoked revoked, deps.desk.Revoke(tx, *id, document));
          call.audit.touched.Add(request.consent_id());
          Response response;
          response.set_destroyed(revoked.destroyed);
          for (const std::string& each : revoked.told) response.add_told(each);
          return response;
        });
      });
}

Result<v1::ListConsentsResponse> ListConsents(const Deps& deps, Call& call,
                                              const v1::ListConsentsRequest& request) {
  call.audit.subject = "consents";
  call.audit.disclosure = true;
  EQN_CHECK(CheckPerson(deps, request.person()));
  EQN_TRY(const auto all,
          deps.database.Read([&](ReadTx& tx) { return ConsentStore::Of(tx, request.person()); }));
  v1::ListConsentsResponse response;
  for (std::size_t i = 0; i < std::min(all.size(), ConsentStore::kMostListed); ++i) {
    SetConsent(all[i].consent, all[i].revoked_at, response.add_consents());
  }
  return response;
}

Result<v1::CheckConsentResponse> CheckConsent(const Deps& deps, Call& call,
                                              const v1::CheckConsentRequest& request) {
  call.audit.subject = "consent";
  call.audit.disclosure = true;
  EQN_CHECK(CheckPerson(deps, request.person()));
  EQN_TRY(const Identity recipient, ParseIdentity(request.recipient()));
  consent::Question question;
  question.recipient = request.recipient();
  question.recipient_class = RoleName(recipient.role);
  const auto direction =
      consent::DirectionNamed(request.direction().empty() ? "to" : request.direction());
  const auto purpose =
      consent::PurposeNamed(request.purpose().empty() ? "referral" : request.purpose());
  if (!direction || !purpose) return Bad("BAD_CONSENT", "no such direction or purpose");
  question.direction = *direction;
  question.purpose = *purpose;
  if (request.categories_size() < 1 || request.categories_size() > 64) {
    return Bad("BAD_CONSENT", "ask for 1 to 64 categories");
  }
  for (const std::string& each : request.categories()) question.categories.push_back(each);
  EQN_TRY(const consent::Decision decision, deps.database.Read([&](ReadTx& tx) {
    return ConsentOnFile(tx, request.person(), question, call.now);
  }));
  v1::CheckConsentResponse response;
  response.set_answer(std::string(consent::Name(decision.answer)));
  response.set_category(decision.category);
  for (const Uuid& each : decision.because) response.add_consent_ids(each.ToString());
  for (const std::string_view each : decision.notices) response.add_notices(std::string(each));
  return response;
}

Result<v1::ListDisclosuresResponse> ListDisclosures(const Deps& deps, Call& call,
                                                    const v1::ListDisclosuresRequest& request) {
  call.audit.subject = "disclosures";
  call.audit.disclosure = true;
  EQN_CHECK(CheckPerson(deps, request.person()));
  Instant since = call.now - std::chrono::years(consent::kYearsKept);
  if (request.has_since()) {
    EQN_TRY(since, wire::InstantFrom(request.since(), "BAD_TIME"));
  }
  EQN_TRY(const auto all, deps.database.Read([&](ReadTx& tx) {
    return ConsentStore::Disclosures(tx, request.person(), since);
  }));
  v1::ListDisclosuresResponse response;
  for (const StoredDisclosure& each : all) {
    v1::Disclosure* out = response.add_disclosures();
    out->set_id(each.disclosure.id.ToString());
    out->set_recipient(each.disclosure.recipient);
    wire::SetTimestamp(each.disclosure.at, out->mutable_at());
    out->set_purpose(std::string(consent::Name(each.disclosure.purpose)));
    for (const std::string& category : each.disclosure.categories) out->add_categories(category);
    out->set_description(each.disclosure.description);
    out->set_notice(each.disclosure.notice);
    if (each.revoked_told) wire::SetTimestamp(*each.revoked_told, out->mutable_told_revoked());
    out->set_revocation_acknowledged(each.revoked_heard.has_value());
    if (each.revoked_lost) {
      wire::SetTimestamp(*each.revoked_lost, out->mutable_revocation_undelivered());
    }
  }
  return response;
}

template <typename Request, typename Response>
Method Bind(const std::shared_ptr<const Deps>& deps, const char* name,
            Result<Response> (*handler)(const Deps&, Call&, const Request&)) {
  Method method;
  method.path = std::string("/equinode.v1.ConsentService/") + name;
  method.unary = BindUnary<Request, Response>([deps, handler](Call& call, const Request& request) {
    return handler(*deps, call, request);
  });
  return method;
}

}  // namespace

std::vector<Method> ConsentMethods(ReferralServiceDeps deps) {
  const auto shared = std::make_shared<const Deps>(std::move(deps));
  return {
      Bind(shared, "RecordConsent", RecordConsent),
      Bind(shared, "RevokeConsent", RevokeConsent),
      Bind(shared, "ListConsents", ListConsents),
      Bind(shared, "CheckConsent", CheckConsent),
      Bind(shared, "ListDisclosures", ListDisclosures),
  };
}

}  // namespace equinode
