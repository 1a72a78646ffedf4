// The payloads of the exchange itself: receipt, void, certificate notice.
#include <set>
#include <utility>

#include "client/convert/envelope.h"
#include "client/convert/proto_parts.h"
#include "client/convert/refusal.h"
#include "equinode/v1/envelope.pb.h"

namespace equinode {
namespace {

using exchange::CertificateNotice;
using exchange::LinkPosition;
using exchange::Receipt;
using exchange::Refusal;
using exchange::Void;
using wire::DigestFrom;
using wire::InstantFrom;
using wire::RefusalFrom;
using wire::SetRefusal;
using wire::SetTimestamp;

constexpr std::string_view kBad = "BAD_PAYLOAD";
constexpr std::size_t kMaxCertificate = 64 * 1024;

Error Bad(std::string message) {
  return Error{Code::kInvalidArgument, std::string(kBad), std::move(message)};
}

template <typename Message>
Bytes Serialise(const Message& message) {
  Bytes bytes(message.ByteSizeLong());
  message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

template <typename Message>
Result<Message> Parse(ByteView bytes) {
  Message message;
  if (bytes.size() > exchange::kMaxPayloadBytes ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Bad("the payload cannot be read");
  }
  return message;
}

bool IsWord(std::string_view reason) {
  if (reason.empty() || reason.size() > 64) return false;
  for (const char c : reason) {
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

}  // namespace

namespace wire {

void SetRefusal(const Refusal& refusal, v1::EnvelopeRefusal* out) {
  out->set_id(refusal.id.bytes().data(), refusal.id.bytes().size());
  out->set_lane(static_cast<v1::Lane>(refusal.lane));
  out->set_link_seq(refusal.number);
  out->set_reason(refusal.reason);
  out->set_expected_link_seq(refusal.expected);
  out->set_permanent(refusal.permanent);
}

Result<Refusal> RefusalFrom(const v1::EnvelopeRefusal& message) {
  Refusal refusal;
  EQN_TRY(refusal.id, Uuid::FromBytes(AsBytes(message.id())));
  EQN_TRY(refusal.lane, exchange::LaneFrom(message.lane()));
  refusal.number = message.link_seq();
  if (!IsWord(message.reason())) return Bad("a refusal's reason is one word in capitals");
  refusal.reason = message.reason();
  refusal.expected = message.expected_link_seq();
  refusal.permanent = message.permanent();
  return refusal;
}

}  // namespace wire

Bytes BytesFromReceipt(const Receipt& receipt) {
  v1::Receipt message;
  for (const auto& [lane, position] : receipt.positions) {
    v1::LinkPosition* each = message.add_positions();
    each->set_lane(static_cast<v1::Lane>(lane));
    each->set_through(position.through);
    each->set_chain(position.chain.data(), position.chain.size());
  }
  for (const Refusal& refusal : receipt.refusals) SetRefusal(refusal, message.add_refusals());
  return Serialise(message);
}

Result<Receipt> ReceiptFromBytes(ByteView bytes) {
  EQN_TRY(const v1::Receipt message, Parse<v1::Receipt>(bytes));
  if (message.refusals_size() > static_cast<int>(Receipt::kMaxRefusals)) {
    return Bad("a receipt holds at most 100 refusals");
  }
  Receipt receipt;
  std::set<exchange::Lane> lanes;
  for (const v1::LinkPosition& each : message.positions()) {
    EQN_TRY(const exchange::Lane lane, exchange::LaneFrom(each.lane()));
    EQN_TRY(const Digest chain, DigestFrom(each.chain(), kBad));
    if (!lanes.insert(lane).second) return Bad("a receipt holds one position a lane");
    receipt.positions.emplace_back(lane, LinkPosition{each.through(), chain});
  }
  for (const v1::EnvelopeRefusal& each : message.refusals()) {
    EQN_TRY(Refusal refusal, RefusalFrom(each));
    receipt.refusals.push_back(std::move(refusal));
  }
  return receipt;
}

Bytes BytesFromVoid(const Void& value) {
  v1::Void message;
  message.set_replaced_id(value.replaced.id.bytes().data(), value.replaced.id.bytes().size());
  message.set_replaced_digest(value.replaced.digest.data(), value.replaced.digest.size());
  message.set_reason(value.reason);
  return Serialise(message);
}

Result<Void> VoidFromBytes(ByteView bytes) {
  EQN_TRY(const v1::Void message, Parse<v1::Void>(bytes));
  Void value;
  EQN_TRY(value.replaced.id, Uuid::FromBytes(AsBytes(message.replaced_id())));
  EQN_TRY(value.replaced.digest, DigestFrom(message.replaced_digest(), kBad));
  if (!IsWord(message.reason())) return Bad("a void says why in one word");
  value.reason = message.reason();
  return value;
}

Bytes BytesFromNotice(const CertificateNotice& notice) {
  v1::CertificateNotice message;
  message.set_certificate_der(notice.certificate.data(), notice.certificate.size());
  SetTimestamp(notice.in_use_from, message.mutable_in_use_from());
  return Serialise(message);
}

Result<CertificateNotice> NoticeFromBytes(ByteView bytes) {
  EQN_TRY(const v1::CertificateNotice message, Parse<v1::CertificateNotice>(bytes));
  if (message.certificate_der().empty() || message.certificate_der().size() > kMaxCertificate) {
    return Bad("a certificate has at most 64 KiB");
  }
  CertificateNotice notice;
  const ByteView der = AsBytes(message.certificate_der());
  notice.certificate.assign(der.begin(), der.end());
  EQN_TRY(notice.in_use_from, InstantFrom(message.in_use_from(), kBad));
  return notice;
}

}  // namespace equinode
