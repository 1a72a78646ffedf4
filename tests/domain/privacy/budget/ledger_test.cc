#include "domain/privacy/budget/ledger.h"

#include <gtest/gtest.h>

#include "tests/domain/privacy/budget/requests.h"

namespace equinode::budget {
namespace {

const Bytes kAnswer = {1, 2, 3};

TEST(Ledger, ChargesUntilTheBudgetIsSpentAndNotABillionthMore) {
  Ledger ledger = WithBudget(25'000'001);
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t1", {"a"}))), "CHARGED");
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t2", {"a"}))), "CHARGED");
  EXPECT_EQ(ledger.Spent(2026), Rho(25'000'000));
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t3", {"a"}, "500000000"))), "BUDGET_SPENT");  // 2.
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t3", {"a"}, "1000000000"))), "CHARGED");      // 1.
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t4", {"a"}, "1000000000"))), "BUDGET_SPENT");
  EXPECT_EQ(ledger.Spent(2026), ledger.Budget(2026));
}

TEST(Ledger, D3_ARepeatIsAnsweredFromTheStoreAndCostsNothing) {
  Ledger ledger = WithBudget(500'000'000);
  const CanonicalRequest request = Canonical(Ask("t", {"a", "b"}));
  EXPECT_EQ(Spend(ledger, request), "CHARGED");
  EXPECT_EQ(Spend(ledger, request), "DRAW") << "charged, and the node fell over";
  EXPECT_TRUE(ledger.Append(ledger.AnswerEntry(request.hash(), kAnswer, {})).ok());
  const NanoRho spent = ledger.Spent(2026);
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t", {"b", "a"}))), "STORED");
  EXPECT_EQ(ledger.Judge(request, {}).value().answer, Sha256(kAnswer));
  EXPECT_EQ(ledger.Spent(2026), spent);
  // Also once everything is spent.
  EXPECT_TRUE(ledger.Append(ledger.BudgetEntry(2026, Rho(1), {})).ok());
  EXPECT_EQ(Spend(ledger, Canonical(Ask("new", {"a"}))), "BUDGET_SPENT");
  EXPECT_EQ(Spend(ledger, request), "STORED");
}

TEST(Ledger, DisjointPartsOfOnePeriodChargeTheirMaximum) {
  Ledger ledger = WithBudget(500'000'000);
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t", {"a"}))), "CHARGED");
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t", {"b"}))), "CHARGED");
  EXPECT_EQ(ledger.Spent(2026), Rho(12'500'000)) << "nobody is in both";
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t", {"a", "b"}))), "CHARGED");
  EXPECT_EQ(ledger.Spent(2026), Rho(25'000'000));
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t", {"c"}, "40"))), "CHARGED");
  EXPECT_EQ(ledger.Spent(2026), Rho(25'000'000)) << "c has lost as much as a";
}

TEST(Ledger, EverythingElseAdds) {
  Ledger ledger = WithBudget(500'000'000);
  NoisyRequest request = Ask("t", {"a"});
  EXPECT_EQ(Spend(ledger, Canonical(request)), "CHARGED");
  request.parts = {"b"};
  request.period = Quarter(2026, 2);  // Somebody may have gone from b to a.
  EXPECT_EQ(Spend(ledger, Canonical(request)), "CHARGED");
  EXPECT_EQ(ledger.Spent(2026), Rho(25'000'000));
  request.parts = {"c"};
  request.partition[0] ^= 1;  // Another division of the same people.
  EXPECT_EQ(Spend(ledger, Canonical(request)), "CHARGED");
  EXPECT_EQ(ledger.Spent(2026), Rho(37'500'000));
  request.task = "other";  // Another task, same period and division, same part.
  EXPECT_EQ(Spend(ledger, Canonical(request)), "CHARGED");
  EXPECT_EQ(ledger.Spent(2026), Rho(50'000'000));
}

TEST(Ledger, AYearHasItsOwnBudget) {
  Ledger ledger = WithBudget(12'500'000, 2026);
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t", {"a"}, "80", Quarter(2027, 1)))), "NO_BUDGET");
  EXPECT_TRUE(ledger.Append(ledger.BudgetEntry(2027, Rho(12'500'000), {})).ok());
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t", {"a"}, "80", Quarter(2027, 1)))), "CHARGED");
  EXPECT_EQ(ledger.Spent(2026), NanoRho());
  EXPECT_EQ(Spend(ledger, Canonical(Ask("t", {"a"}))), "CHARGED");
}

TEST(Ledger, ABudgetIsNeverRaised) {
  Ledger ledger = WithBudget(100);
  EXPECT_EQ(Reason(ledger.Append(ledger.BudgetEntry(2026, Rho(101), {}))), "BUDGET_RAISED");
  EXPECT_EQ(Reason(ledger.Append(ledger.BudgetEntry(2026, Rho(50), {}))), "OK");
  EXPECT_EQ(Reason(ledger.Append(ledger.BudgetEntry(2026, Rho(100), {}))), "BUDGET_RAISED");
  EXPECT_EQ(Reason(ledger.Append(ledger.BudgetEntry(2026, NanoRho(), {}))), "BAD_LEDGER_ENTRY");
  EXPECT_EQ(Reason(ledger.Append(ledger.BudgetEntry(1, Rho(1), {}))), "BAD_LEDGER_ENTRY");
  EXPECT_EQ(ledger.Budget(2026), Rho(50));
}

// Entries from a hand that knows the format, not from Judge.
TEST(Ledger, D4_NoEntryOfAnyMakingBreaksARule) {
  const Ledger before = WithBudget(100);
  const Digest request = Sha256(AsBytes("request"));
  const auto append = [&](std::vector<std::string> parts, NanoRho rho) {
    Ledger ledger = before;
    const LedgerEntry entry{2, Charged{request, Quarter(2026, 1), {}, std::move(parts), rho},
                            LedgerHead{}};
    const std::string reason = Reason(ledger.Append(entry));
    if (reason != "OK") {
      EXPECT_EQ(ledger.head(), before.head());
      EXPECT_EQ(ledger.Spent(2026), NanoRho());
      EXPECT_FALSE(ledger.ChargeFor(request));
    }
    return reason;
  };
  EXPECT_EQ(append({"a"}, Rho(100)), "OK");
  EXPECT_EQ(append({"a"}, Rho(101)), "BUDGET_SPENT");
  EXPECT_EQ(append({"a"}, NanoRho()), "BAD_LEDGER_ENTRY");
  EXPECT_FALSE(NanoRho::Make(-1).ok()) << "and less than nothing cannot be said";
  EXPECT_FALSE(NanoRho::Make(INT64_MIN).ok());
  EXPECT_EQ(append({}, Rho(1)), "BAD_LEDGER_ENTRY");
  EXPECT_EQ(append({"b", "a"}, Rho(1)), "BAD_LEDGER_ENTRY");
  EXPECT_EQ(append({"a", "a"}, Rho(1)), "BAD_LEDGER_ENTRY") << "charged twice, or once?";
}

TEST(Ledger, D4_SumsDoNotWrapRound) {
  Ledger ledger = WithBudget(NanoRho::kMost);
  const auto charge = [&](const std::string& name, const std::string& part, std::int64_t nano) {
    return Reason(ledger.Append(
        {ledger.head().count + 1,
         Charged{Sha256(AsBytes(name)), Quarter(2026, 1), {}, {part}, Rho(nano)}, LedgerHead{}}));
  };
  EXPECT_EQ(charge("1", "a", NanoRho::kMost), "OK");
  EXPECT_EQ(charge("2", "a", 1), "RHO_OVERFLOW");
  EXPECT_EQ(charge("3", "a", NanoRho::kMost), "RHO_OVERFLOW");
  EXPECT_EQ(charge("4", "b", NanoRho::kMost), "OK") << "other people";
  EXPECT_EQ(ledger.Spent(2026), Rho(NanoRho::kMost));
}

TEST(Ledger, AnAnswerIsGivenOnceAndOnlyForACharge) {
  Ledger ledger = WithBudget(500'000'000);
  const CanonicalRequest request = Canonical(Ask("t", {"a"}));
  EXPECT_EQ(Reason(ledger.Append(ledger.AnswerEntry(request.hash(), kAnswer, {}))), "NOT_CHARGED");
  const LedgerEntry charge = *ledger.Judge(request, {}).value().entry;
  EXPECT_TRUE(ledger.Append(charge).ok());
  EXPECT_EQ(Reason(ledger.Append(charge)), "LEDGER_MOVED");
  LedgerEntry again = charge;
  again.number = 3;
  EXPECT_EQ(Reason(ledger.Append(again)), "ALREADY_CHARGED");
  EXPECT_TRUE(ledger.Append(ledger.AnswerEntry(request.hash(), kAnswer, {})).ok());
  EXPECT_EQ(Reason(ledger.Append(ledger.AnswerEntry(request.hash(), Bytes{9}, {}))),
            "ALREADY_ANSWERED");
}

std::vector<StoredLedgerEntry> Stored(std::size_t requests) {
  Ledger ledger;
  std::vector<StoredLedgerEntry> stored;
  const auto append = [&](const LedgerEntry& entry) {
    EXPECT_TRUE(ledger.Append(entry).ok());
    stored.push_back({entry, ledger.head().hash});
  };
  append(ledger.BudgetEntry(2026, Rho(500'000'000), {}));
  for (std::size_t i = 0; i < requests; ++i) {
    const CanonicalRequest request = Canonical(Ask("t" + std::to_string(i), {"a"}));
    append(*ledger.Judge(request, {}).value().entry);
    append(ledger.AnswerEntry(request.hash(), kAnswer, {}));
  }
  return stored;
}

TEST(Ledger, AKeptLedgerIsTheSameAgain) {
  const auto stored = Stored(5);
  const auto ledger = Ledger::FromStored(stored);
  ASSERT_TRUE(ledger.ok());
  EXPECT_EQ(ledger->head(), (LedgerHead{11, stored.back().hash}));
  EXPECT_EQ(ledger->Spent(2026), Rho(62'500'000));
  EXPECT_EQ(ledger->AnswerTo(Canonical(Ask("t3", {"a"})).hash()), Sha256(kAnswer));
}

TEST(Ledger, AChangedMissingOrMovedEntryIsNoticed) {
  const auto whole = Stored(5);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    changed[i].entry.peer.count += 1;
    EXPECT_EQ(Reason(Ledger::FromStored(changed)), "LEDGER_ALTERED") << i;
    changed = whole;
    changed[i].hash[0] ^= 1;
    EXPECT_EQ(Reason(Ledger::FromStored(changed)), "LEDGER_ALTERED") << i;
    if (i + 1 == whole.size()) continue;
    changed = whole;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(Reason(Ledger::FromStored(changed)), "LEDGER_ALTERED") << i;
    for (std::size_t n = i; n < changed.size(); ++n) changed[n].entry.number = n + 1;
    EXPECT_EQ(Reason(Ledger::FromStored(changed)), "LEDGER_ALTERED") << i;
    changed = whole;
    std::swap(changed[i], changed[i + 1]);
    EXPECT_EQ(Reason(Ledger::FromStored(changed)), "LEDGER_ALTERED") << i;
  }
  auto cheaper = whole;
  std::get<Charged>(cheaper[1].entry.what).rho = Rho(1);
  const auto read = Ledger::FromStored(cheaper);
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().message.find("entry 2 "), std::string::npos) << read.error().message;
}

}  // namespace
}  // namespace equinode::budget
