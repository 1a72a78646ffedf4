// What a hop and a recipient read from outside: the envelope, the content in its seal, each
// payload.
#include <google/protobuf/stubs/logging.h>

#include <cstdint>
#include <cstdlib>

#include "client/convert/envelope.h"
#include "client/convert/record_batch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode;
  static const auto quiet = google::protobuf::SetLogHandler(nullptr);
  (void)quiet;
  const ByteView bytes(data, size);
  const auto text = AsText(bytes);
  // What is read is written as bytes that read as the same.
  if (const auto envelope = EnvelopeFromBytes(text); envelope.ok()) {
    const auto again = EnvelopeFromBytes(BytesFromEnvelope(envelope->header, envelope->sealed));
    if (!again.ok() || again->header != envelope->header) std::abort();
  }
  if (const auto content = ContentFromBytes(bytes); content.ok()) {
    if (content->payload.size() > exchange::kMaxPayloadBytes) std::abort();
    const auto again = BytesFromContent(*content);
    if (again.ok() && again->size() < exchange::kMaxEnvelopeBytes &&
        !ContentFromBytes(*again).ok()) {
      std::abort();
    }
  }
  (void)EnvelopeFromDeliverRequest(text);
  (void)EnvelopesFromCollectResponse(text);
  if (const auto answer = AnswerFromDeliverResponse(text); answer.ok()) {
    if (!AnswerFromDeliverResponse(DeliverResponseFrom(*answer)).ok()) std::abort();
  }
  (void)MessageFromCollectRequest(text);
  (void)ReceiptFromBytes(bytes);
  (void)VoidFromBytes(bytes);
  (void)NoticeFromBytes(bytes);
  std::size_t records = 0;
  RecordBatchWriter writer;
  const auto read = ReadRecordBatch(bytes, [&](const RecordView& record) -> Status {
    ++records;
    writer.Add(record);
    return Ok();
  });
  if (read.ok()) {
    const Bytes again = writer.Take();
    std::size_t seen = 0;
    const auto reread = ReadRecordBatch(again, [&](const RecordView&) -> Status {
      ++seen;
      return Ok();
    });
    if (!reread.ok() || seen != records) std::abort();
  }
  return 0;
}
