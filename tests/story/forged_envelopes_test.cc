// Envelopes that lie: about their sender, their recipient, their bytes, their past.
#include <gtest/gtest.h>

#include "base/crypto/cms.h"
#include "client/convert/envelope.h"
#include "client/convert/record_batch.h"
#include "tests/story/town.h"

namespace equinode::testing {
namespace {

using exchange::Lane;
using exchange::PayloadKind;

// A practice, a payer that takes, and another practice that is enrolled too.
class Forged : public ::testing::Test {
 protected:
  Forged() {
    other_.Enrol(payer(), "plan:1", "");
    payer().Enrol(other_, "", "");
  }
  Resident& practice() { return direct_.practice; }
  Resident& payer() { return direct_.payer; }

  exchange::Header NewHeader(std::uint64_t number = 1) {
    exchange::Header header;
    header.id = Uuid::MakeV7(town_.now(), town_.random());
    header.from = practice().uri();
    header.to = payer().uri();
    header.lane = Lane::kRecord;
    header.number = number;
    header.created = town_.now();
    header.expires = town_.now() + std::chrono::days{1};
    return header;
  }
  Bytes BatchOf(std::string_view origin, std::string_view id = "Patient/1") {
    RecordView view;
    view.origin = origin;
    view.kind = static_cast<std::uint32_t>(RecordKind::kPerson);
    view.source_id = id;
    view.version = 1;
    view.recorded_at = town_.now();
    view.body = AsBytes("body");
    RecordBatchWriter batch;
    batch.Add(view);
    return batch.Take();
  }
  exchange::Content ContentOf(const exchange::Header& header, Bytes payload) {
    exchange::Content content;
    content.header = header;
    content.kind = PayloadKind::kRecordBatch;
    content.payload = std::move(payload);
    return content;
  }
  WireEnvelope Sealed(const exchange::Header& outside, const exchange::Content& content,
                      Resident& signer, Resident& recipient) {
    const auto ring = signer.keys().Get();
    auto sealed = SealCms(*BytesFromContent(content), ring->current.certificate, ring->current.key,
                          recipient.certificate());
    EXPECT_TRUE(sealed.ok());
    return {outside, *sealed};
  }
  // As `by` hands it over. "" for an ack.
  std::string Offer(const WireEnvelope& envelope, Resident& by) {
    const auto take = payer().engine().OpenTake(by.uri(), [] {});
    take->Offer(envelope);
    const exchange::Answer answer = take->TakeAnswers();
    return answer.refusals.empty() ? "" : answer.refusals.front().refusal.reason;
  }
  std::string Offer(const WireEnvelope& envelope) { return Offer(envelope, practice()); }
  std::string Good(std::uint64_t number = 1) {
    const auto header = NewHeader(number);
    return Offer(Sealed(header, ContentOf(header, BatchOf(practice().uri())), practice(), payer()));
  }

  Town town_{};
  Town::Direct direct_ = town_.MakeDirect();
  Resident& other_ = town_.Add("practice", "other");
};

TEST_F(Forged, AGoodOneIsTaken) {
  EXPECT_EQ(Good(), "");
  EXPECT_EQ(payer().RowsFrom(practice()), 1u);
}

TEST_F(Forged, TA08_SignedByAnotherEnrolledNodeIsWrongSenderAndOnRecord) {
  const auto header = NewHeader();
  EXPECT_EQ(Offer(Sealed(header, ContentOf(header, BatchOf(practice().uri())), other_, payer())),
            "WRONG_SENDER");
  EXPECT_EQ(payer().RowsFrom(practice()), 0u);
  EXPECT_EQ(payer().Audited("ENVELOPE_DENIED"), 1u);
  const auto again = NewHeader(2);
  EXPECT_EQ(Offer(Sealed(again, ContentOf(again, BatchOf(practice().uri())), other_, payer())),
            "WRONG_SENDER");
  EXPECT_EQ(payer().Audited("ENVELOPE_DENIED"), 1u) << "who tries all the time fills no log";
}

TEST_F(Forged, TA08_HandedOverByAnotherPracticeIsWrongSenderHoweverGoodItIs) {
  const auto header = NewHeader();
  const auto good =
      Sealed(header, ContentOf(header, BatchOf(practice().uri())), practice(), payer());
  EXPECT_EQ(Offer(good, other_), "WRONG_SENDER");
  EXPECT_EQ(payer().RowsFrom(practice()), 0u);
  EXPECT_EQ(Offer(good), "") << "and nothing of it was remembered";
}

TEST_F(Forged, SignedByAnUnknownCertificateOfTheSenderIsUnknownSigner) {
  // The network's authority issued it, for the right name; nobody enrolled it.
  const TestCert unknown = town_.pki().Node("practice", "a");
  const auto header = NewHeader();
  const auto sealed = SealCms(*BytesFromContent(ContentOf(header, BatchOf(practice().uri()))),
                              unknown.certificate(), unknown.key(), payer().certificate());
  EXPECT_EQ(Offer({header, *sealed}), "UNKNOWN_SIGNER");
}

TEST_F(Forged, ARevokedSignerIsRefusedFromTheNextEnvelopeOn) {
  ASSERT_EQ(Good(1), "");
  payer().Revoke(practice());
  EXPECT_EQ(Good(2), "REVOKED");
  EXPECT_EQ(payer().RowsFrom(practice()), 1u);
}

TEST_F(Forged, ForAnotherNodeIsWrongRecipient) {
  auto header = NewHeader();
  header.to = other_.uri();
  EXPECT_EQ(Offer(Sealed(header, ContentOf(header, BatchOf(practice().uri())), practice(), other_)),
            "WRONG_RECIPIENT");
}

TEST_F(Forged, ReaddressedByWhoCarriesItCannotBeOpened) {
  auto inside = NewHeader();
  inside.to = other_.uri();
  auto outside = inside;
  outside.to = payer().uri();
  EXPECT_EQ(
      Offer(Sealed(outside, ContentOf(inside, BatchOf(practice().uri())), practice(), other_)),
      "SEALED_TO_OTHER_KEY");
  // Sealed anew for us by one that opened it: not with the first one's name.
  EXPECT_EQ(Offer(Sealed(outside, ContentOf(inside, BatchOf(practice().uri())), other_, payer())),
            "WRONG_SENDER");
  EXPECT_EQ(
      Offer(Sealed(outside, ContentOf(inside, BatchOf(practice().uri())), practice(), payer())),
      "HEADER_DIFFERS");
  EXPECT_EQ(payer().RowsFrom(practice()), 0u);
}

TEST_F(Forged, EveryFieldOutsideTheSealIsCompared) {
  const auto inside = NewHeader();
  const auto good =
      Sealed(inside, ContentOf(inside, BatchOf(practice().uri())), practice(), payer());
  const auto with = [&](auto change) {
    WireEnvelope envelope = good;
    change(envelope.header);
    return Offer(envelope);
  };
  EXPECT_EQ(with([](auto& h) { h.number = 2; }), "HEADER_DIFFERS");
  EXPECT_EQ(with([](auto& h) { h.lane = Lane::kHistory; }), "HEADER_DIFFERS");
  EXPECT_EQ(with([](auto& h) { h.expires += std::chrono::days{1}; }), "HEADER_DIFFERS");
  EXPECT_EQ(with([&](auto& h) { h.id = Uuid::MakeV7(h.created, town_.random()); }),
            "HEADER_DIFFERS");
  EXPECT_EQ(payer().RowsFrom(practice()), 0u);
  EXPECT_EQ(Offer(good), "");
}

TEST_F(Forged, AlteredBytesAreBadSealWhereverTheyAreAltered) {
  const auto header = NewHeader();
  const auto good =
      Sealed(header, ContentOf(header, BatchOf(practice().uri())), practice(), payer());
  for (std::size_t at = 0; at < good.sealed.size(); at += 7) {
    WireEnvelope bad = good;
    bad.sealed[at] ^= 0x20;
    const std::string why = Offer(bad);
    EXPECT_TRUE(why == "BAD_SEAL" || why == "SEALED_TO_OTHER_KEY") << at << " " << why;
  }
  EXPECT_EQ(payer().RowsFrom(practice()), 0u);
  EXPECT_EQ(Offer(good), "");
}

TEST_F(Forged, TI11_OtherBytesUnderTheSameIdAreQuarantinedAndNeverApplied) {
  const auto header = NewHeader();
  ASSERT_EQ(
      Offer(Sealed(header, ContentOf(header, BatchOf(practice().uri())), practice(), payer())), "");
  const auto other_body = ContentOf(header, BatchOf(practice().uri(), "Patient/2"));
  EXPECT_EQ(Offer(Sealed(header, other_body, practice(), payer())), "ID_REUSED");
  EXPECT_EQ(Offer(Sealed(header, other_body, practice(), payer())), "ID_REUSED");
  EXPECT_EQ(payer().RowsFrom(practice()), 1u);
  const auto letters = payer().DeadLetters();
  ASSERT_EQ(letters.size(), 1u) << "the same lie is kept once";
  EXPECT_TRUE(letters[0].quarantined);
  EXPECT_EQ(letters[0].reason, "ID_REUSED");
  const Status retried = payer().db().Write("t", [&](Tx& tx) {
    return payer().engine().ResolveDeadLetter(tx, header.id, true, town_.now());
  });
  EXPECT_EQ(retried.error().reason, "QUARANTINED");
  EXPECT_EQ(payer().AuditFaultReason(), "");
}

TEST_F(Forged, AnotherIdUnderATakenNumberIsQuarantined) {
  ASSERT_EQ(Good(1), "");
  const auto again = NewHeader(1);
  EXPECT_EQ(Offer(Sealed(again, ContentOf(again, BatchOf(practice().uri(), "Patient/2")),
                         practice(), payer())),
            "NUMBER_REUSED");
  EXPECT_EQ(payer().RowsFrom(practice()), 1u);
}

TEST_F(Forged, AnotherPastIsQuarantined) {
  ASSERT_EQ(Good(1), "");
  EXPECT_EQ(Good(2), "CHAIN_DIFFERS") << "its chain begins with zeros, ours does not any more";
  EXPECT_EQ(payer().RowsFrom(practice()), 1u);
}

TEST_F(Forged, TI11_AReplayIsADuplicateAtOnceAfterARestartAndAfterAYear) {
  const auto header = NewHeader();
  const auto good =
      Sealed(header, ContentOf(header, BatchOf(practice().uri())), practice(), payer());
  ASSERT_EQ(Offer(good), "");
  EXPECT_EQ(Offer(good), "") << "acknowledged again";
  EXPECT_EQ(Offer(good, other_), "WRONG_SENDER");
  payer().Restart();
  EXPECT_EQ(Offer(good), "");
  town_.clock().Advance(std::chrono::days{300});
  ASSERT_TRUE(payer().engine().Step(town_.now()).ok());
  EXPECT_EQ(Offer(good), "");
  EXPECT_EQ(payer().RowsFrom(practice()), 1u);
}

TEST_F(Forged, AnotherNodesRecordsMakeADeadLetterAndTheLinkGoesOn) {
  const auto header = NewHeader();
  EXPECT_EQ(Offer(Sealed(header, ContentOf(header, BatchOf(other_.uri())), practice(), payer())),
            "FOREIGN_RECORD");
  EXPECT_EQ(payer().RowsFrom(practice()) + payer().RowsFrom(other_), 0u);
  const auto state = payer().State();
  ASSERT_EQ(state.incoming.size(), 1u);
  EXPECT_EQ(state.incoming[0].state.applied.through, 1u);
  EXPECT_EQ(state.dead_letters, 1u);
}

TEST_F(Forged, AnUnenrolledSenderIsNotOpenedAtAll) {
  Resident& stranger = town_.Add("practice", "stranger");
  auto header = NewHeader();
  header.from = stranger.uri();
  EXPECT_EQ(Offer(Sealed(header, ContentOf(header, BatchOf(stranger.uri())), stranger, payer()),
                  stranger),
            "UNKNOWN_SIGNER");
}

TEST_F(Forged, FromTheFutureAndTooOld) {
  auto header = NewHeader();
  header.created = town_.now() + std::chrono::hours{49};
  header.id = Uuid::MakeV7(header.created, town_.random());
  header.expires = header.created + std::chrono::days{1};
  const auto future =
      Sealed(header, ContentOf(header, BatchOf(practice().uri())), practice(), payer());
  EXPECT_EQ(Offer(future), "FROM_THE_FUTURE");
  town_.clock().Advance(std::chrono::hours{1});
  EXPECT_EQ(Offer(future), "");
  const auto old = NewHeader(2);
  exchange::Content content = ContentOf(old, BatchOf(practice().uri(), "Patient/2"));
  content.previous_chain = payer().State().incoming[0].state.applied.chain;
  const auto late = Sealed(old, content, practice(), payer());
  town_.clock().Advance(std::chrono::days{2});
  EXPECT_EQ(Offer(late), "EXPIRED");
}

}  // namespace
}  // namespace equinode::testing
