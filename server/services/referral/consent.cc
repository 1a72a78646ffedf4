#include "client/convert/consent.h"

#include <charconv>
#include <memory>
#include <utility>

#include "client/convert/proto_parts.h"
#include "domain/zcodes/unknown_domain.h"
#include "server/audit/call_entry.h"
#include "server/referrals/consent_on_file.h"
#include "server/services/numbered_pages.h"
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

// Where a list that is ordered by moments goes on: "<ms>.<which>" of the last one.
struct Place {
  std::int64_t at = 0;
  std::string which{};
};
std::int64_t Ms(Instant at) { return at.time_since_epoch().count(); }
std::string TokenOf(const Place& place) { return std::to_string(place.at) + "." + place.which; }
Result<std::optional<Place>> PlaceFrom(std::string_view token) {
  if (token.empty()) return std::optional<Place>();
  Place place;
  const char* end = token.data() + token.size();
  const auto at = std::from_chars(token.data(), end, place.at);
  if (at.ec != std::errc() || at.ptr == end || *at.ptr != '.') return BadPageToken();
  place.which.assign(at.ptr + 1, end);
  return std::optional<Place>(std::move(place));
}
Result<std::optional<DisclosurePlace>> DisclosurePlaceFrom(std::string_view token) {
  EQN_TRY(const std::optional<Place> place, PlaceFrom(token));
  if (!place) return std::optional<DisclosurePlace>();
  EQN_TRY(const std::int64_t row, RowFromToken(place->which));
  return std::optional<DisclosurePlace>({Instant(Millis(place->at)), row});
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
  call.audit.touched.Add(consent.person);
  using Response = v1::RecordConsentResponse;
  return WriteAudited(
      deps.database, deps.audit, "record_consent", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_TRY(const ReferralDesk::Revoked ended, deps.desk.Record(tx, consent));
          if (revoked) EQN_CHECK(ConsentStore::Revoke(tx, {id, *revoked, consent.document}));
          call.audit.touched.Add(id.ToString());
          Response response;
          SetConsent(consent, revoked, response.mutable_consent());
          response.set_destroyed(ended.destroyed);
          for (const std::string& each : ended.told) response.add_told(each);
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
          EQN_TRY(const StoredConsent taken_back, ConsentStore::Get(tx, *id));
          call.audit.touched.Add(taken_back.consent.person);
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
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  EQN_TRY(const std::optional<Place> after, PlaceFrom(request.page_token()));
  call.audit.touched.Add(request.person());
  EQN_TRY(const auto all,
          deps.database.Read([&](ReadTx& tx) { return ConsentStore::Of(tx, request.person()); }));
  v1::ListConsentsResponse response;
  for (const StoredConsent& each : all) {
    const Place place{Ms(each.consent.signed_at), each.consent.id.ToString()};
    // Newest first; of one moment by id, rising.
    const bool comes_later =
        !after || place.at < after->at || (place.at == after->at && place.which > after->which);
    if (!comes_later) continue;
    if (static_cast<std::size_t>(response.consents_size()) == page) {
      const v1::Consent& last = response.consents(response.consents_size() - 1);
      EQN_TRY(const Instant at, wire::InstantFrom(last.signed_at(), "BAD_TIME"));
      response.set_next_page_token(TokenOf({Ms(at), last.id()}));
      break;
    }
    SetConsent(each.consent, each.revoked_at, response.add_consents());
    call.audit.touched.Add(place.which);
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
  for (const std::string& each : request.categories()) {
    // A mistyped one is nowhere on file, which would read as if nobody had asked.
    if (!consent::IsCategory(each)) return UnknownDomain(each);
    question.categories.push_back(each);
  }
  call.audit.touched.Add(request.person());
  EQN_TRY(const consent::Decision decision, deps.database.Read([&](ReadTx& tx) {
    return ConsentOnFile(tx, request.person(), question, call.now);
  }));
  v1::CheckConsentResponse response;
  response.set_answer(std::string(consent::Name(decision.answer)));
  response.set_category(decision.category);
  for (const Uuid& each : decision.because) {
    response.add_consent_ids(each.ToString());
    call.audit.touched.Add(each.ToString());
  }
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
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  EQN_TRY(const std::optional<DisclosurePlace> after, DisclosurePlaceFrom(request.page_token()));
  call.audit.touched.Add(request.person());
  EQN_TRY(auto all, deps.database.Read([&](ReadTx& tx) {
    return ConsentStore::Disclosures(tx, request.person(), since, after, page + 1);
  }));
  v1::ListDisclosuresResponse response;
  if (all.size() > page) {
    all.resize(page);
    response.set_next_page_token(
        TokenOf({Ms(all.back().disclosure.at), std::to_string(all.back().row)}));
  }
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
