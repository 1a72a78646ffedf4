#include "client/convert/referral.h"

#include <utility>

#include "client/convert/proto_parts.h"
#include "equinode/v1/referral.pb.h"

namespace equinode {
namespace {

constexpr std::size_t kMaxOrderBytes = 32 * 1024;
constexpr std::size_t kMaxEventBytes = 64 * 1024;
constexpr std::size_t kMaxSignatureBytes = 16 * 1024;
constexpr std::size_t kMaxConsents = 64;
constexpr std::string_view kBadReferral = "BAD_REFERRAL";
constexpr std::string_view kBadCapacity = "BAD_CAPACITY";
constexpr std::string_view kBadRevocation = "BAD_REVOCATION";

Error Bad(std::string_view reason, std::string message) {
  return Error{Code::kInvalidArgument, std::string(reason), std::move(message)};
}

Bytes BytesOf(const std::string& text) { return {text.begin(), text.end()}; }
void Set(std::string* out, ByteView bytes) { out->assign(AsText(bytes)); }

template <typename Message>
Bytes Serialised(const Message& message) {
  Bytes bytes(message.ByteSizeLong());
  message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

Result<referral::Link> LinkFrom(const v1::ReferralLink& message) {
  if (message.event().size() > kMaxEventBytes ||
      message.actor_signature().size() > kMaxSignatureBytes ||
      message.home_signature().size() > kMaxSignatureBytes) {
    return Bad(kBadReferral, "a link of a referral is too large");
  }
  referral::Link link;
  link.number = message.number();
  EQN_TRY(link.before, wire::DigestFrom(message.before(), kBadReferral));
  link.event = BytesOf(message.event());
  link.actor_signature = BytesOf(message.actor_signature());
  EQN_CHECK(wire::CheckUriBounds(message.home(), kBadReferral));
  link.home = message.home();
  EQN_TRY(link.linked_at, wire::InstantFrom(message.linked_at(), kBadReferral));
  link.home_signature = BytesOf(message.home_signature());
  return link;
}

}  // namespace

Bytes BytesFromReferralNews(const ReferralNews& news) {
  v1::ReferralPayload message;
  message.set_referral_id(news.referral.ToString());
  Set(message.mutable_order(), news.order);
  for (const referral::Link& link : news.links) {
    v1::ReferralLink* out = message.add_links();
    out->set_number(link.number);
    Set(out->mutable_before(), link.before);
    Set(out->mutable_event(), link.event);
    Set(out->mutable_actor_signature(), link.actor_signature);
    out->set_home(link.home);
    wire::SetTimestamp(link.linked_at, out->mutable_linked_at());
    Set(out->mutable_home_signature(), link.home_signature);
  }
  if (news.proposal) {
    Set(message.mutable_proposal()->mutable_event(), news.proposal->event);
    Set(message.mutable_proposal()->mutable_actor_signature(), news.proposal->actor_signature);
  }
  if (news.refusal) {
    message.mutable_refusal()->set_event_id(news.refusal->event.ToString());
    message.mutable_refusal()->set_reason(news.refusal->reason);
  }
  for (const Uuid& consent : news.consents) message.add_consent_ids(consent.ToString());
  message.set_notice(news.notice);
  message.set_status_only(news.status_only);
  return Serialised(message);
}

Result<ReferralNews> ReferralNewsFromBytes(ByteView bytes) {
  v1::ReferralPayload message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Bad(kBadReferral, "these bytes are no news of a referral");
  }
  ReferralNews news;
  const auto id = [](const std::string& text) -> Result<Uuid> {
    auto parsed = Uuid::Parse(text);
    if (parsed.ok() && !parsed->nil()) return parsed;
    return Bad(kBadReferral, "an id of a referral is a UUID");
  };
  EQN_TRY(news.referral, id(message.referral_id()));
  const int about = (message.links_size() > 0 ? 1 : 0) + (message.has_proposal() ? 1 : 0) +
                    (message.has_refusal() ? 1 : 0) + (message.status_only() ? 1 : 0);
  if (about != 1) {
    return Bad(kBadReferral,
               "news of a referral is links, a proposal, a refusal or a limit: one of them");
  }
  if (message.order().size() > kMaxOrderBytes ||
      static_cast<std::size_t>(message.links_size()) > kMaxPayloadLinks ||
      static_cast<std::size_t>(message.consent_ids_size()) > kMaxConsents ||
      message.notice().size() > 4096) {
    return Bad(kBadReferral, "news of a referral is too large");
  }
  news.order = BytesOf(message.order());
  for (const v1::ReferralLink& each : message.links()) {
    EQN_TRY(referral::Link link, LinkFrom(each));
    news.links.push_back(std::move(link));
  }
  if (message.has_proposal()) {
    if (message.proposal().event().size() > kMaxEventBytes ||
        message.proposal().actor_signature().size() > kMaxSignatureBytes) {
      return Bad(kBadReferral, "a proposal is too large");
    }
    news.proposal = ReferralNews::Proposal{BytesOf(message.proposal().event()),
                                           BytesOf(message.proposal().actor_signature())};
  }
  if (message.has_refusal()) {
    EQN_TRY(const Uuid event, id(message.refusal().event_id()));
    const std::string& reason = message.refusal().reason();
    if (reason.empty() || reason.size() > 64 ||
        reason.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") != std::string::npos) {
      return Bad(kBadReferral, "a refusal has a reason");
    }
    news.refusal = ReferralNews::Refusal{event, reason};
  }
  for (const std::string& each : message.consent_ids()) {
    EQN_TRY(const Uuid consent, id(each));
    news.consents.push_back(consent);
  }
  news.notice = message.notice();
  news.status_only = message.status_only();
  return news;
}

Bytes BytesFromRevocationNews(const RevocationNews& news) {
  v1::ConsentRevocation message;
  message.set_consent_id(news.consent.ToString());
  wire::SetTimestamp(news.at, message.mutable_revoked_at());
  message.set_acknowledged(news.acknowledged);
  if (news.referral) message.set_referral_id(news.referral->ToString());
  return Serialised(message);
}

Result<RevocationNews> RevocationNewsFromBytes(ByteView bytes) {
  v1::ConsentRevocation message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Bad(kBadRevocation, "these bytes are no revocation");
  }
  RevocationNews news;
  auto id = Uuid::Parse(message.consent_id());
  if (!id.ok() || id->nil()) return Bad(kBadRevocation, "a consent's id is a UUID");
  news.consent = *id;
  EQN_TRY(news.at, wire::InstantFrom(message.revoked_at(), kBadRevocation));
  news.acknowledged = message.acknowledged();
  if (!message.referral_id().empty()) {
    auto referral = Uuid::Parse(message.referral_id());
    if (!referral.ok() || referral->nil()) {
      return Bad(kBadRevocation, "a referral's id is a UUID");
    }
    news.referral = *referral;
  }
  return news;
}

Bytes BytesFromCapacityNews(const CapacityNews& news) {
  v1::CapacityPayload message;
  message.set_organisation(news.organisation);
  message.set_domain(news.domain);
  message.set_asked(news.asked);
  if (!news.asked) {
    message.set_status(std::string(
        referral::Name(news.said ? news.said->status : referral::CapacityStatus::kUnknown)));
  }
  if (!news.asked && news.said) {
    message.set_said_by(news.said->said_by);
    wire::SetTimestamp(news.said->said_at, message.mutable_said_at());
    wire::SetTimestamp(news.said->until, message.mutable_until());
  }
  return Serialised(message);
}

Result<CapacityNews> CapacityNewsFromBytes(ByteView bytes) {
  v1::CapacityPayload message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Bad(kBadCapacity, "these bytes are no word about capacity");
  }
  CapacityNews news;
  EQN_CHECK(wire::CheckUriBounds(message.organisation(), kBadCapacity));
  news.organisation = message.organisation();
  if (!referral::IsDomainWord(message.domain())) {
    return Bad(kBadCapacity, "capacity is of one domain");
  }
  news.domain = message.domain();
  news.asked = message.asked();
  if (news.asked) return news;
  const auto status = referral::CapacityNamed(message.status());
  if (!status) return Bad(kBadCapacity, "no such status of capacity: update this node");
  if (*status == referral::CapacityStatus::kUnknown) return news;
  referral::Capacity said;
  said.organisation = news.organisation;
  said.domain = news.domain;
  said.status = *status;
  EQN_CHECK(wire::CheckUriBounds(message.said_by(), kBadCapacity));
  said.said_by = message.said_by();
  EQN_TRY(said.said_at, wire::InstantFrom(message.said_at(), kBadCapacity));
  EQN_TRY(said.until, wire::InstantFrom(message.until(), kBadCapacity));
  EQN_CHECK(referral::CheckCapacity(said));
  news.said = std::move(said);
  return news;
}

}  // namespace equinode
