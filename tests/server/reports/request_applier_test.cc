#include "server/reports/request_applier.h"

#include "base/crypto/cms.h"
#include "tests/server/reports/report_town.h"

namespace equinode {
namespace {

class ReportRequests : public testing::ReportTown {
 protected:
  // A request for `definition` signed by `signer`, as `from` sends it to north.
  std::string Send(const ReportDefinition& definition, const testing::TestCert& signer,
                   std::string_view from) {
    const Bytes bytes = BytesFromDefinition(definition);
    return SendBytes(bytes, *SignDetached(bytes, signer.certificate(), signer.key()), from);
  }
  std::string SendBytes(const Bytes& definition, const Bytes& signature, std::string_view from) {
    id_ = Uuid::MakeV7(hub_.now(), hub_.random);
    return north_.Take(from, exchange::PayloadKind::kReportRequest,
                       BytesFromReportRequest({id_, definition, signature}));
  }
  std::optional<std::string> Outcome() {
    return *north_.store.db().Read(
        [&](ReadTx& tx) { return ReportStore::OutcomeOf(tx, hub_.uri, id_); });
  }
  Uuid id_{};
};

TEST_F(ReportRequests, AGoodOneIsKeptAndWakesTheAnswerer) {
  EXPECT_EQ(Send(Definition(), hub_.cert, hub_.uri), "OK");
  EXPECT_EQ(Outcome(), "");
  EXPECT_EQ(north_.woken, 1);
  EXPECT_EQ(north_.note.subject, hub_.uri);
}

TEST_F(ReportRequests, OnlyThePayerItselfAsks) {
  testing::ReportNode other(pki_, "payer", "other");
  north_.Enrol(other);
  EXPECT_EQ(Send(Definition(), other.cert, other.uri), "WRONG_PAYER");
  EXPECT_EQ(Send(Definition(), other.cert, hub_.uri), "UNKNOWN_SIGNER");
  EXPECT_EQ(Send(Definition(), pki_.Node("payer", "plan"), hub_.uri), "UNKNOWN_SIGNER")
      << "a certificate of the network that is not enrolled";
  const testing::TestPki elsewhere("test.example", testing::kNewYear);
  EXPECT_EQ(Send(Definition(), elsewhere.Node("payer", "plan"), hub_.uri), "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(Outcome(), std::nullopt);
}

TEST_F(ReportRequests, AlteredBytesAreNotTheSignedOnes) {
  const Bytes bytes = BytesFromDefinition(Definition());
  const Bytes signature = *SignDetached(bytes, hub_.cert.certificate(), hub_.cert.key());
  ReportDefinition altered = Definition();
  altered.tables[1].stratifiers = {Stratifier::kZip3};
  EXPECT_EQ(SendBytes(BytesFromDefinition(altered), signature, hub_.uri), "BAD_SIGNATURE");
  EXPECT_EQ(SendBytes(bytes, {1, 2, 3}, hub_.uri), "SIGNATURE_SHAPE");
}

TEST_F(ReportRequests, WhatADefinitionMayNotAskIsRefusedThoughItIsSigned) {
  ReportDefinition two_ways = Definition();
  two_ways.tables[0].stratifiers.push_back(Stratifier::kSex);
  EXPECT_EQ(Send(two_ways, hub_.cert, hub_.uri), "TOO_MANY_WAYS");
  // TA05: counts below the minimum.
  ReportDefinition low = Definition();
  low.suppress_to = 4;
  EXPECT_EQ(Send(low, hub_.cert, hub_.uri), "THRESHOLD_TOO_LOW");
}

TEST_F(ReportRequests, GarbageIsRefused) {
  EXPECT_EQ(north_.Take(hub_.uri, exchange::PayloadKind::kReportRequest, AsBytes("garbage")),
            "BAD_REPORT_REQUEST");
}

TEST_F(ReportRequests, AVersionThatChangedIsRefusedToItsPayer) {
  ASSERT_EQ(Send(Definition(), hub_.cert, hub_.uri), "OK");
  ReportDefinition changed = Definition();
  changed.title = "changed";
  ASSERT_EQ(Send(changed, hub_.cert, hub_.uri), "OK");
  EXPECT_EQ(Outcome(), std::nullopt);
  const ReceivedAnswer answer = AnswerOf(north_);
  EXPECT_EQ(answer.refused_reason, "DEFINITION_CHANGED");
  EXPECT_EQ(answer.head.collect_id, id_);
}

}  // namespace
}  // namespace equinode
