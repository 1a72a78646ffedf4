// Envelope and SealedContent, and the messages of ExchangeService: bytes <> domain. Everything read
// here comes from outside: sizes are bounded before memory is taken, words are checked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/exchange/payload.h"

namespace equinode {

// One envelope as a hop handles it.
struct WireEnvelope {
  exchange::Header header{};
  Bytes sealed{};
};

// Serialised SealedContent. Deterministic; the payload is zstd level 1 where that makes it smaller.
Result<Bytes> BytesFromContent(const exchange::Content& content);
// INVALID_ARGUMENT / BAD_ENVELOPE for anything out of bounds, a payload_size over 8 MiB, a zstd
// frame that does not hold exactly that, or bytes after it.
Result<exchange::Content> ContentFromBytes(ByteView bytes);

// Serialised Envelope, without the message around it.
std::string BytesFromEnvelope(const exchange::Header& header, ByteView sealed);
// INVALID_ARGUMENT / BAD_ENVELOPE when over 960 KiB, not an envelope, or its header cannot be.
Result<WireEnvelope> EnvelopeFromBytes(std::string_view bytes);

// The messages of Deliver and Collect.
std::string DeliverRequestFrom(const exchange::Header& header, ByteView sealed);
Result<WireEnvelope> EnvelopeFromDeliverRequest(std::string_view bytes);
std::string DeliverResponseFrom(const exchange::Answer& answer);
Result<exchange::Answer> AnswerFromDeliverResponse(std::string_view bytes);

struct CollectMessage {
  bool hello = false;
  exchange::Answer answer{};
};
std::string CollectRequestFrom(const CollectMessage& message);
Result<CollectMessage> MessageFromCollectRequest(std::string_view bytes);
std::string CollectResponseFrom(const exchange::Header& header, ByteView sealed);
Result<std::vector<WireEnvelope>> EnvelopesFromCollectResponse(std::string_view bytes);

// The exchange's own payloads.
Bytes BytesFromReceipt(const exchange::Receipt& receipt);
Result<exchange::Receipt> ReceiptFromBytes(ByteView bytes);
Bytes BytesFromVoid(const exchange::Void& value);
Result<exchange::Void> VoidFromBytes(ByteView bytes);
Bytes BytesFromNotice(const exchange::CertificateNotice& notice);
Result<exchange::CertificateNotice> NoticeFromBytes(ByteView bytes);

}  // namespace equinode
