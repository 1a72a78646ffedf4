#include "client/convert/envelope.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include "base/random.h"
#include "client/convert/zstd.h"
#include "equinode/v1/envelope.pb.h"

namespace equinode {
namespace {

using exchange::Answer;
using exchange::Content;
using exchange::Header;
using exchange::Lane;
using exchange::PayloadKind;

Header SomeHeader() {
  SeededRandom random(3);
  const Instant now{std::chrono::hours{490'000}};
  return Header{Uuid::MakeV7(now, random),
                "spiffe://n/practice/a",
                "spiffe://n/payer/b",
                Lane::kHistory,
                7,
                now,
                now + std::chrono::days{30}};
}

Content SomeContent(std::string_view payload) {
  Content content{SomeHeader(),
                  Sha256(AsBytes("before")),
                  PayloadKind::kRecordBatch,
                  exchange::AuditPoint{9, Sha256(AsBytes("audit"))},
                  {}};
  content.payload.assign(payload.begin(), payload.end());
  return content;
}

TEST(EnvelopeBytes, ComeBackAsTheyWere) {
  const Header header = SomeHeader();
  const Bytes sealed{1, 2, 3};
  const auto back = EnvelopeFromDeliverRequest(DeliverRequestFrom(header, sealed));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back->header, header);
  EXPECT_EQ(back->sealed, sealed);
  const auto collected = EnvelopesFromCollectResponse(CollectResponseFrom(header, sealed));
  ASSERT_TRUE(collected.ok());
  ASSERT_EQ(collected->size(), 1u);
  EXPECT_EQ(collected->front().header, header);
}

TEST(EnvelopeBytes, ContentComesBackAsItWasPackedOrNot) {
  for (const std::string& payload : {std::string(), std::string("x"), std::string(50'000, 'y')}) {
    const Content content = SomeContent(payload);
    const auto bytes = BytesFromContent(content);
    ASSERT_TRUE(bytes.ok());
    EXPECT_LT(bytes->size(), 600u);
    const auto back = ContentFromBytes(*bytes);
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_EQ(back->header, content.header);
    EXPECT_EQ(back->previous_chain, content.previous_chain);
    EXPECT_EQ(back->kind, content.kind);
    EXPECT_EQ(back->audit, content.audit);
    EXPECT_EQ(back->payload, content.payload);
    EXPECT_EQ(BytesFromContent(*back).value(), *bytes) << "the same content is the same bytes";
  }
}

// A content whose payload claims something else than it is.
v1::SealedContent Message(const Content& content) {
  v1::SealedContent message;
  const Bytes bytes = BytesFromContent(content).value();
  EXPECT_TRUE(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  return message;
}
bool Reads(const v1::SealedContent& message) {
  return ContentFromBytes(AsBytes(message.SerializeAsString())).ok();
}

TEST(EnvelopeBytes, ABombIsRefusedBeforeItTakesMemory) {
  const std::string zeros(64 * 1024 * 1024, '\0');
  std::string frame(ZSTD_compressBound(zeros.size()), '\0');
  frame.resize(ZSTD_compress(frame.data(), frame.size(), zeros.data(), zeros.size(), 1));
  v1::SealedContent message = Message(SomeContent(std::string(1000, 'a')));
  message.set_payload(frame);
  EXPECT_FALSE(Reads(message)) << "the size is not the frame's";
  message.set_payload_size(zeros.size());
  EXPECT_FALSE(Reads(message)) << "the size is over the limit";
  message.set_payload_size(1000);
  EXPECT_FALSE(Reads(message)) << "the frame holds more than it may";
}

TEST(EnvelopeBytes, AFrameIsWholeAndAlone) {
  const v1::SealedContent good = Message(SomeContent(std::string(1000, 'a')));
  ASSERT_TRUE(Reads(good));
  ASSERT_EQ(good.compression(), v1::COMPRESSION_ZSTD);
  v1::SealedContent bad = good;
  bad.set_payload(good.payload() + good.payload());
  EXPECT_FALSE(Reads(bad));
  bad.set_payload(good.payload().substr(0, good.payload().size() - 1));
  EXPECT_FALSE(Reads(bad));
  bad = good;
  bad.set_compression(v1::COMPRESSION_NONE);
  EXPECT_FALSE(Reads(bad));
  bad.set_compression(v1::COMPRESSION_UNSPECIFIED);
  EXPECT_FALSE(Reads(bad));
}

TEST(EnvelopeBytes, RefusesWhatIsOutOfBounds) {
  v1::Envelope good;
  ASSERT_TRUE(good.ParseFromString(BytesFromEnvelope(SomeHeader(), Bytes{1})));
  ASSERT_TRUE(EnvelopeFromBytes(good.SerializeAsString()).ok());
  const auto refused = [&](auto change) {
    v1::Envelope bad = good;
    change(bad);
    const auto read = EnvelopeFromBytes(bad.SerializeAsString());
    return !read.ok() && read.error().code == Code::kInvalidArgument;
  };
  EXPECT_TRUE(refused([](auto& e) { e.clear_sealed(); }));
  EXPECT_TRUE(refused([](auto& e) { e.set_id("short"); }));
  EXPECT_TRUE(refused([](auto& e) { e.set_from(""); }));
  EXPECT_TRUE(refused([](auto& e) { e.set_to(std::string(257, 'a')); }));
  EXPECT_TRUE(refused([](auto& e) { e.set_to(std::string("a\0b", 3)); }));
  EXPECT_TRUE(refused([](auto& e) { e.set_link_seq(0); }));
  EXPECT_TRUE(refused([](auto& e) { e.set_lane(static_cast<v1::Lane>(77)); }));
  EXPECT_TRUE(refused([](auto& e) { e.mutable_created()->set_nanos(5); }));
  EXPECT_TRUE(refused([](auto& e) { e.mutable_created()->set_seconds(1ll << 60); }));
  EXPECT_TRUE(refused([](auto& e) { e.mutable_expires()->set_seconds(1ll << 33); }));
  EXPECT_TRUE(refused([](auto& e) { e.set_sealed(std::string(960 * 1024, 'x')); }));
}

TEST(EnvelopeBytes, AnswersComeBackAsTheyWere) {
  const Header header = SomeHeader();
  Answer answer;
  answer.acks.push_back({{header.from, header.to, header.lane}, 41});
  answer.refusals.push_back(
      {header.from, header.to, {header.id, header.lane, 43, "OUT_OF_SEQUENCE", 42, false}});
  const auto back = AnswerFromDeliverResponse(DeliverResponseFrom(answer));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->acks, answer.acks);
  EXPECT_EQ(back->refusals, answer.refusals);
  const auto collect = MessageFromCollectRequest(CollectRequestFrom({true, answer}));
  ASSERT_TRUE(collect.ok());
  EXPECT_TRUE(collect->hello);
  EXPECT_EQ(collect->answer.refusals, answer.refusals);
}

TEST(EnvelopeBytes, AReasonIsAWordAndNotASentence) {
  Answer answer;
  answer.refusals.push_back({"spiffe://n/payer/a",
                             "spiffe://n/payer/b",
                             {SomeHeader().id, Lane::kRecord, 1, "Mr Smith\nwas here", 0, false}});
  EXPECT_FALSE(AnswerFromDeliverResponse(DeliverResponseFrom(answer)).ok());
}

TEST(EnvelopeBytes, OwnPayloadsComeBackAsTheyWere) {
  exchange::Receipt receipt;
  receipt.positions.emplace_back(Lane::kRecord, exchange::LinkPosition{5, Sha256(AsBytes("five"))});
  receipt.refusals.push_back({SomeHeader().id, Lane::kRecord, 4, "BAD_PAYLOAD", 0, true});
  const auto receipt_back = ReceiptFromBytes(BytesFromReceipt(receipt));
  ASSERT_TRUE(receipt_back.ok());
  EXPECT_EQ(receipt_back->positions, receipt.positions);
  EXPECT_EQ(receipt_back->refusals, receipt.refusals);
  receipt.positions.push_back(receipt.positions.front());
  EXPECT_FALSE(ReceiptFromBytes(BytesFromReceipt(receipt)).ok()) << "two positions of one lane";

  const exchange::Void gone{{SomeHeader().id, Sha256(AsBytes("x"))}, "EXPIRED"};
  const auto void_back = VoidFromBytes(BytesFromVoid(gone));
  ASSERT_TRUE(void_back.ok());
  EXPECT_EQ(void_back->replaced, gone.replaced);
  EXPECT_EQ(void_back->reason, "EXPIRED");

  const exchange::CertificateNotice notice{Bytes{1, 2}, SomeHeader().created};
  const auto notice_back = NoticeFromBytes(BytesFromNotice(notice));
  ASSERT_TRUE(notice_back.ok());
  EXPECT_EQ(notice_back->certificate, notice.certificate);
  EXPECT_EQ(notice_back->in_use_from, notice.in_use_from);
}

}  // namespace
}  // namespace equinode
