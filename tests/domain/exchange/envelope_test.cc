#include "domain/exchange/envelope.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace equinode::exchange {
namespace {

Header GoodHeader() {
  SeededRandom random(3);
  const Instant now{std::chrono::hours{490'000}};
  return Header{Uuid::MakeV7(now, random),
                "spiffe://n/practice/a",
                "spiffe://n/payer/b",
                Lane::kRecord,
                1,
                now,
                now + std::chrono::days{30}};
}

TEST(EnvelopeHeader, StandsForItself) { EXPECT_TRUE(CheckHeader(GoodHeader()).ok()); }

TEST(EnvelopeHeader, RefusesWhatCannotBe) {
  Header header = GoodHeader();
  header.number = 0;
  EXPECT_FALSE(CheckHeader(header).ok());
  header = GoodHeader();
  header.id = Uuid{};
  EXPECT_FALSE(CheckHeader(header).ok());
  header = GoodHeader();
  header.expires = header.created;
  EXPECT_FALSE(CheckHeader(header).ok());
  header.expires = header.created + kMaxLife + Millis{1};
  EXPECT_FALSE(CheckHeader(header).ok());
}

TEST(EnvelopeHeader, RefusesAnIdThatWasMadeAtAnotherTime) {
  Header header = GoodHeader();
  header.created += Millis{1};
  EXPECT_FALSE(CheckHeader(header).ok());
}

TEST(EnvelopeWords, AreReadFromNumbersAndRefusedOtherwise) {
  for (const Lane lane : kLanes) {
    EXPECT_EQ(LaneFrom(static_cast<int>(lane)).value(), lane);
    EXPECT_LE(DefaultLife(lane), kMaxLife);
  }
  EXPECT_FALSE(LaneFrom(0).ok());
  EXPECT_FALSE(LaneFrom(5).ok());
  EXPECT_FALSE(PayloadKindFrom(0).ok());
  EXPECT_FALSE(PayloadKindFrom(10).ok());
  EXPECT_EQ(LaneOf(PayloadKind::kCapacity), Lane::kReferral);
  EXPECT_EQ(LaneOf(PayloadKind::kReceipt), Lane::kControl);
  EXPECT_EQ(LaneOf(PayloadKind::kReportAnswer), Lane::kReferral);
  EXPECT_EQ(LaneOf(PayloadKind::kRecordBatch), Lane::kRecord);
  EXPECT_EQ(LaneOf(PayloadKind::kReferral), Lane::kReferral);
  EXPECT_EQ(LaneOf(PayloadKind::kConsentRevocation), Lane::kControl);
}

TEST(Chain, DependsOnEveryContentAndTheirOrder) {
  const Digest a = Sha256(AsBytes("a"));
  const Digest b = Sha256(AsBytes("b"));
  EXPECT_NE(NextChain(NextChain({}, a), b), NextChain(NextChain({}, b), a));
  EXPECT_EQ(ToHex(NextChain({}, {})),
            "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
}

}  // namespace
}  // namespace equinode::exchange
