#include "domain/privacy/budget/peer_ledger.h"

#include <gtest/gtest.h>

#include "tests/domain/privacy/budget/requests.h"

namespace equinode::budget {
namespace {

// One of two parties: its ledger, the entries it keeps, and its copy of the other's.
struct Party {
  Ledger own{};
  std::vector<LedgerEntry> entries{};
  Ledger other{};

  void Append(const LedgerEntry& entry) {
    ASSERT_TRUE(own.Append(entry).ok());
    entries.push_back(entry);
  }
  void Charge(const std::string& table) {
    Append(*own.Judge(Canonical(Ask(table, {"a"})), other.head()).value().entry);
  }
  // Hears of the other's ledger.
  std::string Hear(const Party& from) {
    const std::vector<LedgerEntry> since(
        from.entries.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(
                                   other.head().count, from.entries.size())),
        from.entries.end());
    auto followed = Follow(own, other, from.own.head(), since);
    if (!followed.ok()) return followed.error().reason;
    other = *std::move(followed);
    return "OK";
  }
};

class TwoLedgers : public ::testing::Test {
 protected:
  void SetUp() override {
    for (Party* party : {&leader_, &helper_}) {
      party->Append(party->own.BudgetEntry(2026, Rho(500'000'000), {}));
    }
    for (int i = 0; i < 4; ++i) Release("t" + std::to_string(i));
  }
  void Release(const std::string& table) {
    helper_.Charge(table);
    ASSERT_EQ(leader_.Hear(helper_), "OK");
    leader_.Charge(table);
    ASSERT_EQ(helper_.Hear(leader_), "OK");
  }
  Party leader_{};
  Party helper_{};
};

TEST_F(TwoLedgers, FollowEachOther) {
  EXPECT_EQ(leader_.other.head(), helper_.own.head());
  EXPECT_EQ(helper_.other.head(), leader_.own.head());
  EXPECT_EQ(leader_.other.Spent(2026), Rho(50'000'000));
  EXPECT_EQ(leader_.Hear(helper_), "OK") << "and nothing new is well too";
}

TEST_F(TwoLedgers, AnOldFilePutBackIsNoticedAtOnce) {
  for (std::size_t kept = 0; kept < helper_.entries.size(); ++kept) {
    Party restored;
    for (std::size_t i = 0; i < kept; ++i) restored.Append(helper_.entries[i]);
    EXPECT_EQ(leader_.Hear(restored), "LEDGER_ROLLED_BACK") << kept;
    EXPECT_EQ(Reason(CheckContains(restored.own, leader_.other.head())), "LEDGER_ROLLED_BACK");
  }
}

TEST_F(TwoLedgers, AnOldFileThatHasGoneOnIsNoticedToo) {
  for (std::size_t kept = 1; kept < helper_.entries.size(); ++kept) {
    Party restored;
    for (std::size_t i = 0; i < kept; ++i) restored.Append(helper_.entries[i]);
    for (int i = 0; restored.entries.size() < helper_.entries.size() + 2; ++i) {
      restored.Append(
          *restored.own
               .Judge(Canonical(Ask("x" + std::to_string(i), {"a"})), restored.entries.back().peer)
               .value()
               .entry);
    }
    EXPECT_EQ(leader_.Hear(restored), "LEDGER_FORKED") << kept;
    EXPECT_EQ(Reason(CheckContains(restored.own, leader_.other.head())), "LEDGER_FORKED") << kept;
  }
}

TEST_F(TwoLedgers, TheRestoredPartyItselfNoticesFromWhatTheOtherKnows) {
  Party restored;  // The helper's machine after the restore; it remembers nothing of later.
  for (std::size_t i = 0; i + 2 < helper_.entries.size(); ++i) restored.Append(helper_.entries[i]);
  EXPECT_EQ(restored.Hear(leader_), "OWN_LEDGER_ROLLED_BACK");
}

TEST_F(TwoLedgers, AClaimThatTheEntriesDoNotLeadToIsRefused) {
  const Ledger known = leader_.other;
  helper_.Charge("new");
  const std::vector<LedgerEntry> since = {helper_.entries.back()};
  LedgerHead other = helper_.own.head();
  other.hash[0] ^= 1;
  EXPECT_EQ(Reason(Follow(leader_.own, known, other, since)), "LEDGER_FORKED");
  EXPECT_EQ(Reason(Follow(leader_.own, known, helper_.own.head(), {})), "LEDGER_FORKED");
  LedgerEntry changed = since[0];
  std::get<Charged>(changed.what).rho = Rho(1);
  EXPECT_EQ(Reason(Follow(leader_.own, known, helper_.own.head(), {{changed}})), "LEDGER_FORKED");
  EXPECT_EQ(Reason(Follow(leader_.own, known, helper_.own.head(), since)), "OK");
}

TEST_F(TwoLedgers, APartyThatOverspendsIsNotFollowed) {
  LedgerEntry lavish{helper_.own.head().count + 1,
                     Charged{Sha256(AsBytes("x")), Quarter(2026, 1), {}, {"a"}, Rho(600'000'000)},
                     helper_.other.head()};
  const LedgerHead head{lavish.number, NextLedgerHash(helper_.own.head().hash, lavish)};
  EXPECT_EQ(Reason(Follow(leader_.own, leader_.other, head, {{lavish}})), "LEDGER_FORKED");
}

TEST_F(TwoLedgers, AnEntryCannotKnowLessOfThePeerThanTheOneBefore) {
  LedgerEntry entry = leader_.own.BudgetEntry(2026, Rho(1), leader_.other.head());
  ASSERT_GT(entry.peer.count, 0u);
  EXPECT_EQ(Reason(leader_.own.Append({entry.number, entry.what, LedgerHead{}})), "PEER_WENT_BACK");
  entry.peer = leader_.entries.back().peer;
  entry.peer.hash[5] ^= 1;
  EXPECT_EQ(Reason(leader_.own.Append(entry)), "PEER_WENT_BACK");
}

}  // namespace
}  // namespace equinode::budget
