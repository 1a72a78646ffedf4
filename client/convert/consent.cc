#include "client/convert/consent.h"

#include <string>
#include <utility>

#include "client/convert/proto_parts.h"

namespace equinode {

Result<consent::Consent> ConsentFrom(const v1::Consent& message, const Uuid& id) {
  const auto bad = [](std::string text) {
    return Error{Code::kInvalidArgument, "BAD_CONSENT", std::move(text)};
  };
  consent::Consent out;
  out.id = id;
  out.person = message.person();
  out.given = message.given();
  const auto direction =
      consent::DirectionNamed(message.direction().empty() ? "to" : message.direction());
  if (!direction) return bad("direction is `to` or `back`");
  out.direction = *direction;
  out.recipient = message.recipient();
  for (const std::string& each : message.purposes()) {
    const auto purpose = consent::PurposeNamed(each);
    if (!purpose) {
      return bad("a purpose is referral, treatment, payment, operations or research");
    }
    out.purposes.push_back(*purpose);
  }
  out.categories.assign(message.categories().begin(), message.categories().end());
  if (!message.has_signed_at()) return bad("say when it was signed");
  EQN_TRY(out.signed_at, wire::InstantFrom(message.signed_at(), "BAD_CONSENT"));
  out.from = out.signed_at;
  if (message.has_from()) {
    EQN_TRY(out.from, wire::InstantFrom(message.from(), "BAD_CONSENT"));
  }
  if (message.has_until()) {
    EQN_TRY(const Instant until, wire::InstantFrom(message.until(), "BAD_CONSENT"));
    out.until = until;
  }
  EQN_TRY(out.document, wire::DigestFrom(message.document(), "BAD_CONSENT"));
  return out;
}

void SetConsent(const consent::Consent& each, std::optional<Instant> revoked_at, v1::Consent* out) {
  out->set_id(each.id.ToString());
  out->set_person(each.person);
  out->set_given(each.given);
  out->set_direction(std::string(consent::Name(each.direction)));
  out->set_recipient(each.recipient);
  for (const consent::Purpose purpose : each.purposes) {
    out->add_purposes(std::string(consent::Name(purpose)));
  }
  for (const std::string& category : each.categories) out->add_categories(category);
  wire::SetTimestamp(each.from, out->mutable_from());
  if (each.until) wire::SetTimestamp(*each.until, out->mutable_until());
  wire::SetTimestamp(each.signed_at, out->mutable_signed_at());
  out->set_document(each.document.data(), each.document.size());
  if (revoked_at) wire::SetTimestamp(*revoked_at, out->mutable_revoked_at());
}

}  // namespace equinode
