#include "client/convert/envelope.h"

#include <utility>

#include "client/convert/proto_parts.h"
#include "client/convert/refusal.h"
#include "client/convert/zstd.h"
#include "equinode/v1/envelope.pb.h"
#include "equinode/v1/exchange_service.pb.h"

namespace equinode {
namespace {

using exchange::Ack;
using exchange::Answer;
using exchange::Content;
using exchange::Header;
using exchange::HopRefusal;
using exchange::Refusal;
using wire::CheckUriBounds;
using wire::DigestFrom;
using wire::InstantFrom;
using wire::RefusalFrom;
using wire::SetRefusal;
using wire::SetTimestamp;

constexpr std::string_view kBad = exchange::reason::kBadEnvelope;
// More answers than this in one message are a mistake or an attack.
constexpr int kMaxAnswers = 1000;
constexpr std::size_t kMaxHopMessage = exchange::kMaxEnvelopeBytes + 1024;

Error Bad(std::string message) {
  return Error{Code::kInvalidArgument, std::string(kBad), std::move(message)};
}

template <typename Message>
Result<Message> Parse(std::string_view bytes, std::size_t limit) {
  if (bytes.size() > limit) return Bad("the message is larger than allowed");
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Bad("the message cannot be read");
  }
  return message;
}

// Envelope and SealedContent carry the same header fields under the same names.
template <typename Message>
void SetHeader(const Header& header, Message* out) {
  out->set_id(header.id.bytes().data(), header.id.bytes().size());
  out->set_from(header.from);
  out->set_to(header.to);
  out->set_link_seq(header.number);
  out->set_lane(static_cast<v1::Lane>(header.lane));
  SetTimestamp(header.created, out->mutable_created());
  SetTimestamp(header.expires, out->mutable_expires());
}

template <typename Message>
Result<Header> HeaderFrom(const Message& message) {
  Header header;
  EQN_TRY(header.id, Uuid::FromBytes(AsBytes(message.id())));
  EQN_CHECK(CheckUriBounds(message.from(), kBad));
  EQN_CHECK(CheckUriBounds(message.to(), kBad));
  header.from = message.from();
  header.to = message.to();
  header.number = message.link_seq();
  EQN_TRY(header.lane, exchange::LaneFrom(message.lane()));
  EQN_TRY(header.created, InstantFrom(message.created(), kBad));
  EQN_TRY(header.expires, InstantFrom(message.expires(), kBad));
  EQN_CHECK(exchange::CheckHeader(header));
  return header;
}

void SetEnvelope(const Header& header, ByteView sealed, v1::Envelope* out) {
  SetHeader(header, out);
  out->set_sealed(sealed.data(), sealed.size());
}

Result<WireEnvelope> EnvelopeFrom(const v1::Envelope& message) {
  if (message.sealed().empty()) return Bad("an envelope without content");
  WireEnvelope envelope;
  EQN_TRY(envelope.header, HeaderFrom(message));
  const ByteView sealed = AsBytes(message.sealed());
  envelope.sealed.assign(sealed.begin(), sealed.end());
  return envelope;
}

void SetAnswer(const Answer& answer, auto* out) {
  for (const Ack& ack : answer.acks) {
    v1::LinkAck* each = out->add_acks();
    each->set_from(ack.link.from);
    each->set_to(ack.link.to);
    each->set_lane(static_cast<v1::Lane>(ack.link.lane));
    each->set_through(ack.through);
  }
  for (const HopRefusal& refusal : answer.refusals) {
    v1::EnvelopeRefusal* each = out->add_refusals();
    SetRefusal(refusal.refusal, each);
    each->set_from(refusal.from);
    each->set_to(refusal.to);
  }
}

template <typename Message>
Result<Answer> AnswerFrom(const Message& message) {
  if (message.acks_size() > kMaxAnswers || message.refusals_size() > kMaxAnswers) {
    return Bad("too many answers in one message");
  }
  Answer answer;
  for (const v1::LinkAck& each : message.acks()) {
    Ack ack;
    EQN_CHECK(CheckUriBounds(each.from(), kBad));
    EQN_CHECK(CheckUriBounds(each.to(), kBad));
    EQN_TRY(const exchange::Lane lane, exchange::LaneFrom(each.lane()));
    answer.acks.push_back(Ack{{each.from(), each.to(), lane}, each.through()});
  }
  for (const v1::EnvelopeRefusal& each : message.refusals()) {
    EQN_CHECK(CheckUriBounds(each.from(), kBad));
    EQN_CHECK(CheckUriBounds(each.to(), kBad));
    EQN_TRY(Refusal refusal, RefusalFrom(each));
    answer.refusals.push_back(HopRefusal{each.from(), each.to(), std::move(refusal)});
  }
  return answer;
}

}  // namespace

Result<Bytes> BytesFromContent(const Content& content) {
  if (content.payload.size() > exchange::kMaxPayloadBytes) return Bad("the payload is too large");
  v1::SealedContent message;
  SetHeader(content.header, &message);
  message.set_previous_chain(content.previous_chain.data(), content.previous_chain.size());
  message.set_kind(static_cast<v1::PayloadKind>(content.kind));
  message.set_payload_size(content.payload.size());
  const Bytes packed = CompressZstd(content.payload);
  const Bytes& carried = packed.empty() ? content.payload : packed;
  message.set_compression(packed.empty() ? v1::COMPRESSION_NONE : v1::COMPRESSION_ZSTD);
  message.set_payload(carried.data(), carried.size());
  if (content.audit) {
    message.mutable_audit_head()->set_count(content.audit->count);
    message.mutable_audit_head()->set_hash(content.audit->hash.data(), content.audit->hash.size());
  }
  Bytes bytes(message.ByteSizeLong());
  message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

Result<Content> ContentFromBytes(ByteView bytes) {
  EQN_TRY(const v1::SealedContent message,
          Parse<v1::SealedContent>(AsText(bytes), exchange::kMaxEnvelopeBytes));
  Content content;
  EQN_TRY(content.header, HeaderFrom(message));
  EQN_TRY(content.previous_chain, DigestFrom(message.previous_chain(), kBad));
  EQN_TRY(content.kind, exchange::PayloadKindFrom(message.kind()));
  if (message.has_audit_head()) {
    EQN_TRY(const Digest hash, DigestFrom(message.audit_head().hash(), kBad));
    content.audit = exchange::AuditPoint{message.audit_head().count(), hash};
  }
  const ByteView payload = AsBytes(message.payload());
  switch (message.compression()) {
    case v1::COMPRESSION_NONE:
      if (message.payload_size() != payload.size()) return Bad("the payload has another size");
      content.payload.assign(payload.begin(), payload.end());
      break;
    case v1::COMPRESSION_ZSTD: {
      EQN_TRY(content.payload,
              DecompressZstd(payload, message.payload_size(), exchange::kMaxPayloadBytes));
      break;
    }
    default:
      return Bad("the compression is not known: update this node");
  }
  return content;
}

std::string BytesFromEnvelope(const Header& header, ByteView sealed) {
  v1::Envelope message;
  SetEnvelope(header, sealed, &message);
  return message.SerializeAsString();
}

Result<WireEnvelope> EnvelopeFromBytes(std::string_view bytes) {
  EQN_TRY(const v1::Envelope message, Parse<v1::Envelope>(bytes, exchange::kMaxEnvelopeBytes));
  return EnvelopeFrom(message);
}

std::string DeliverRequestFrom(const Header& header, ByteView sealed) {
  v1::DeliverRequest message;
  SetEnvelope(header, sealed, message.mutable_envelope());
  return message.SerializeAsString();
}

Result<WireEnvelope> EnvelopeFromDeliverRequest(std::string_view bytes) {
  EQN_TRY(const v1::DeliverRequest message, Parse<v1::DeliverRequest>(bytes, kMaxHopMessage));
  return EnvelopeFrom(message.envelope());
}

std::string DeliverResponseFrom(const Answer& answer) {
  v1::DeliverResponse message;
  SetAnswer(answer, &message);
  return message.SerializeAsString();
}

Result<Answer> AnswerFromDeliverResponse(std::string_view bytes) {
  EQN_TRY(const v1::DeliverResponse message, Parse<v1::DeliverResponse>(bytes, kMaxHopMessage));
  return AnswerFrom(message);
}

std::string CollectRequestFrom(const CollectMessage& value) {
  v1::CollectRequest message;
  message.set_hello(value.hello);
  SetAnswer(value.answer, &message);
  return message.SerializeAsString();
}

Result<CollectMessage> MessageFromCollectRequest(std::string_view bytes) {
  EQN_TRY(const v1::CollectRequest message, Parse<v1::CollectRequest>(bytes, kMaxHopMessage));
  CollectMessage value;
  value.hello = message.hello();
  EQN_TRY(value.answer, AnswerFrom(message));
  return value;
}

std::string CollectResponseFrom(const Header& header, ByteView sealed) {
  v1::CollectResponse message;
  SetEnvelope(header, sealed, message.add_envelopes());
  return message.SerializeAsString();
}

Result<std::vector<WireEnvelope>> EnvelopesFromCollectResponse(std::string_view bytes) {
  EQN_TRY(const v1::CollectResponse message, Parse<v1::CollectResponse>(bytes, kMaxHopMessage));
  std::vector<WireEnvelope> envelopes;
  for (const v1::Envelope& each : message.envelopes()) {
    EQN_TRY(WireEnvelope envelope, EnvelopeFrom(each));
    envelopes.push_back(std::move(envelope));
  }
  return envelopes;
}

}  // namespace equinode
