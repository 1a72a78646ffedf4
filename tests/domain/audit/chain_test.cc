#include "domain/audit/chain.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace equinode {
namespace {

// A log of `count` entries, some of them about records.
std::vector<StoredAuditEntry> Log(std::uint64_t count, const std::string& flavour = "") {
  std::vector<StoredAuditEntry> log;
  Digest hash{};
  for (std::uint64_t number = 1; number <= count; ++number) {
    StoredAuditEntry stored;
    stored.entry.number = number;
    stored.entry.at = Instant{Millis{1'800'000'000'000 + static_cast<std::int64_t>(number)}};
    stored.entry.actor = "node" + flavour;
    stored.entry.action = "ACTION_" + std::to_string(number);
    stored.entry.outcome = "OK";
    if (number % 3 == 0) {
      TouchedIds ids;
      ids.Add("r" + std::to_string(number));
      ids.Add("s");
      stored.entry.touched = ids.count();
      stored.entry.touched_digest = ids.digest();
      stored.touched.assign(ids.bytes().begin(), ids.bytes().end());
    }
    hash = NextAuditHash(hash, stored.entry);
    stored.hash = hash;
    log.push_back(std::move(stored));
  }
  return log;
}

// Writes all hashes from `from` on anew, as someone who knows the format would.
void Rehash(std::vector<StoredAuditEntry>& log, std::size_t from = 0) {
  Digest hash = from == 0 ? Digest{} : log[from - 1].hash;
  for (std::size_t i = from; i < log.size(); ++i) {
    log[i].hash = hash = NextAuditHash(hash, log[i].entry);
  }
}

AuditHead HeadOf(const std::vector<StoredAuditEntry>& log) {
  return {log.back().entry.number, log.back().hash};
}

AuditVerdict Verify(const std::vector<StoredAuditEntry>& log, std::vector<KnownHead> known = {}) {
  std::size_t at = 0;
  auto verdict = VerifyChain(
      [&]() -> Result<std::optional<StoredAuditEntry>> {
        if (at == log.size()) return std::optional<StoredAuditEntry>();
        return std::optional<StoredAuditEntry>(log[at++]);
      },
      std::move(known));
  EXPECT_TRUE(verdict.ok());
  return *std::move(verdict);
}

std::string FaultOf(const AuditVerdict& verdict) {
  if (!verdict.fault) return "none";
  return verdict.fault->reason + " " + std::to_string(verdict.fault->entry);
}

TEST(AuditChain, AGoodLogIsGood) {
  EXPECT_EQ(FaultOf(Verify({})), "none");
  const auto log = Log(20);
  const AuditVerdict verdict = Verify(log, {{"anchor", HeadOf(log)}, {"peer", HeadOf(Log(9))}});
  EXPECT_EQ(FaultOf(verdict), "none");
  EXPECT_EQ(verdict.head, HeadOf(log));
}

TEST(AuditChain, TL01_AChangedEntryIsNamed) {
  for (std::uint64_t changed = 1; changed <= 20; ++changed) {
    auto log = Log(20);
    log[changed - 1].entry.outcome = "NOT_FOUND";
    EXPECT_EQ(FaultOf(Verify(log)), "AUDIT_ALTERED " + std::to_string(changed));
  }
}

TEST(AuditChain, TL01_ARemovedEntryIsNamed) {
  for (std::size_t removed = 1; removed < 20; ++removed) {
    auto log = Log(20);
    log.erase(log.begin() + static_cast<std::ptrdiff_t>(removed - 1));
    EXPECT_EQ(FaultOf(Verify(log)), "AUDIT_GAP " + std::to_string(removed));
    // And when those after it were numbered anew.
    for (std::size_t i = removed - 1; i < log.size(); ++i) log[i].entry.number = i + 1;
    EXPECT_EQ(FaultOf(Verify(log)), "AUDIT_ALTERED " + std::to_string(removed));
  }
}

TEST(AuditChain, TL01_AnInsertedEntryIsNamed) {
  for (std::size_t at = 1; at <= 20; ++at) {
    auto log = Log(20);
    StoredAuditEntry extra = log[at - 1];
    extra.entry.action = "NEVER_WAS";
    extra.touched.clear();
    extra.entry.touched = 0;
    extra.entry.touched_digest = {};
    log.insert(log.begin() + static_cast<std::ptrdiff_t>(at - 1), extra);
    for (std::size_t i = at - 1; i < log.size(); ++i) log[i].entry.number = i + 1;
    EXPECT_EQ(FaultOf(Verify(log)), "AUDIT_ALTERED " + std::to_string(at));
    // Its own hash right, it is the next that does not follow.
    log[at - 1].hash = NextAuditHash(at == 1 ? Digest{} : log[at - 2].hash, log[at - 1].entry);
    EXPECT_EQ(FaultOf(Verify(log)), "AUDIT_ALTERED " + std::to_string(at + 1));
  }
}

TEST(AuditChain, TL01_TwoSwappedEntriesAreNamed) {
  for (std::size_t a = 0; a < 19; ++a) {
    auto log = Log(20);
    std::swap(log[a], log[a + 1]);
    EXPECT_EQ(FaultOf(Verify(log)), "AUDIT_GAP " + std::to_string(a + 1));
    std::swap(log[a].entry.number, log[a + 1].entry.number);
    EXPECT_EQ(FaultOf(Verify(log)), "AUDIT_ALTERED " + std::to_string(a + 1));
  }
}

TEST(AuditChain, TL01_ACutLogIsFoundAgainstAKeptHead) {
  const auto whole = Log(20);
  for (std::size_t left = 0; left < 20; ++left) {
    const std::vector<StoredAuditEntry> log(whole.begin(),
                                            whole.begin() + static_cast<std::ptrdiff_t>(left));
    EXPECT_EQ(FaultOf(Verify(log)), "none") << "the chain alone cannot tell";
    EXPECT_EQ(FaultOf(Verify(log, {{"anchor", HeadOf(whole)}})),
              "AUDIT_CUT " + std::to_string(left + 1));
  }
}

TEST(AuditChain, TL01_ALogWrittenAnewIsFoundAgainstAKeptHead) {
  const auto honest = Log(20);
  auto log = honest;
  log[11].entry.outcome = "OTHER";
  Rehash(log, 11);
  EXPECT_EQ(FaultOf(Verify(log)), "none") << "the chain alone cannot tell";
  EXPECT_EQ(FaultOf(Verify(log, {{"anchor", HeadOf(honest)}})), "AUDIT_REPLACED 1");
  // A peer that held an earlier head says more about where.
  const AuditVerdict verdict = Verify(log, {{"anchor", HeadOf(honest)}, {"peer", HeadOf(Log(10))}});
  EXPECT_EQ(FaultOf(verdict), "AUDIT_REPLACED 11");
  EXPECT_NE(verdict.fault->message.find("11 to 20"), std::string::npos) << verdict.fault->message;
}

TEST(AuditChain, TL01_OtherIdsBesideAnEntryAreNamed) {
  auto log = Log(20);
  log[8].touched.back() ^= 1;
  EXPECT_EQ(FaultOf(Verify(log)), "AUDIT_TOUCHED 9");
  log = Log(20);
  log[8].touched.clear();
  EXPECT_EQ(FaultOf(Verify(log)), "AUDIT_TOUCHED 9");
  log = Log(20);
  log[9].touched = log[8].touched;
  EXPECT_EQ(FaultOf(Verify(log)), "AUDIT_TOUCHED 10");
}

}  // namespace
}  // namespace equinode
