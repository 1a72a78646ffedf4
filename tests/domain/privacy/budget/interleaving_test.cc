// The budget under any order of things: spenders that judge what has long changed, machines that
// fall over between any two steps, and a person who is where it hurts most.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "base/random.h"
#include "domain/privacy/budget/answer.h"
#include "tests/domain/privacy/budget/requests.h"

namespace equinode::budget {
namespace {

CanonicalRequest AnyRequest(Random& random) {
  NoisyRequest request =
      Ask("t" + std::to_string(random.Below(6)), {}, std::to_string(10 + 10 * random.Below(12)),
          Quarter(2026 + static_cast<int>(random.Below(2)),
                  1 + static_cast<unsigned>(random.Below(3))));
  request.partition = Sha256(AsBytes(std::to_string(random.Below(2))));
  for (const char* part : {"a", "b", "c"}) {
    if (random.Below(2) == 0) request.parts.push_back(part);
  }
  if (request.parts.empty()) request.parts.push_back("a");
  return Canonical(request);
}

// From first principles: a person is in one part of each division of each period. The loss is what
// all charges to these parts add up to; the worst choice of parts, over all of them.
std::int64_t WorstLoss(const std::vector<StoredLedgerEntry>& entries, int year) {
  std::vector<const Charged*> charges;
  std::map<std::pair<Period, Digest>, std::size_t> divisions;
  for (const StoredLedgerEntry& one : entries) {
    const auto* charged = std::get_if<Charged>(&one.entry.what);
    if (charged == nullptr || YearOf(charged->period).value() != year) continue;
    charges.push_back(charged);
    divisions.emplace(std::pair(charged->period, charged->partition), divisions.size());
  }
  std::size_t people = 1;
  for (std::size_t i = 0; i < divisions.size(); ++i) people *= 3;
  std::int64_t worst = 0;
  for (std::size_t person = 0; person < people; ++person) {
    std::int64_t loss = 0;
    for (const Charged* charged : charges) {
      std::size_t where = person;
      for (std::size_t i = 0; i < divisions.at({charged->period, charged->partition}); ++i)
        where /= 3;
      const std::string part(1, static_cast<char>('a' + where % 3));
      if (std::ranges::find(charged->parts, part) != charged->parts.end()) {
        loss += charged->rho.value();
      }
    }
    worst = std::max(worst, loss);
  }
  return worst;
}

// A node's disk and what its spenders have in their hands.
class Node {
 public:
  explicit Node(std::uint64_t seed) : random_(seed), coins_(random_) {
    for (const int year : {2026, 2027}) {
      budget_[year] = 20'000'000 + static_cast<std::int64_t>(random_.Below(400'000'000));
      Append(ledger_.BudgetEntry(year, Rho(budget_[year]), {}));
    }
  }

  void Step() {
    Spender& spender = spenders_[random_.Below(spenders_.size())];
    switch (random_.Below(300)) {
      case 0:  // The machine falls over: all hands are empty, the disk is read again.
        spenders_ = {};
        ledger_ = Ledger::FromStored(disk_).value();
        return;
      case 1:
        spender = {};
        return;
      default:
        break;
    }
    if (!spender.request) {
      spender.request = AnyRequest(random_);
    } else if (spender.entry) {  // Perhaps judged long ago.
      const Status appended = ledger_.Append(*spender.entry);
      if (appended.ok()) disk_.push_back({*spender.entry, ledger_.head().hash});
      moved_ += appended.ok() ? 0 : 1;
      spender.entry.reset();
    } else if (spender.answer) {
      const LedgerEntry entry =
          ledger_.AnswerEntry(spender.request->hash(), *spender.answer, LedgerHead{});
      if (ledger_.Append(entry).ok()) {  // Stored; now, and only now, it leaves.
        disk_.push_back({entry, ledger_.head().hash});
        Receive(spender.request->hash(), Sha256(*spender.answer));
      }
      spender = {};
    } else {
      Judge(spender);
    }
  }

  void Check() const {
    for (const auto& [year, budget] : budget_) {
      const std::int64_t worst = WorstLoss(disk_, year);
      RC_ASSERT(worst <= budget);
      RC_ASSERT(ledger_.Spent(year) == Rho(worst));
    }
  }
  std::size_t moved() const { return moved_; }
  std::size_t received() const { return received_.size(); }
  std::size_t refused() const { return refused_; }

 private:
  struct Spender {
    std::optional<CanonicalRequest> request{};
    std::optional<LedgerEntry> entry{};
    std::optional<Bytes> answer{};
  };

  void Append(const LedgerEntry& entry) {
    RC_ASSERT(ledger_.Append(entry).ok());
    disk_.push_back({entry, ledger_.head().hash});
  }

  void Judge(Spender& spender) {
    const auto judged = ledger_.Judge(*spender.request, {});
    if (!judged.ok()) {
      RC_ASSERT(judged.error().reason == "BUDGET_SPENT");
      ++refused_;
      spender = {};
    } else if (judged->next == Next::kCharge) {
      spender.entry = judged->entry;
    } else if (judged->next == Next::kStored) {
      Receive(spender.request->hash(), *judged->answer);
      spender = {};
    } else {
      const std::vector<std::int64_t> counts = {5, 80};
      spender.answer =
          NoisyAnswer::Draw(Permit::Alone(ledger_, *spender.request).value(), counts, coins_)
              .value()
              .bytes();
    }
  }

  // Whoever asks the same gets the same, for ever.
  void Receive(const Digest& request, const Digest& answer) {
    const auto [first, is_new] = received_.emplace(request, answer);
    RC_ASSERT(is_new || first->second == answer);
  }

  SeededRandom random_;
  noise::Coins coins_;
  std::map<int, std::int64_t> budget_{};
  Ledger ledger_{};
  std::vector<StoredLedgerEntry> disk_{};
  std::array<Spender, 64> spenders_{};
  std::map<Digest, Digest> received_{};
  std::size_t moved_ = 0;
  std::size_t refused_ = 0;
};

TEST(LedgerInterleavings, D2_D4_NobodyEverLosesMoreThanTheBudget) {
  const int steps = std::getenv("EQUINODE_LONG") != nullptr ? 20'000 : 1'000;
  std::size_t moved = 0;
  std::size_t received = 0;
  std::size_t refused = 0;
  EXPECT_TRUE(rc::check([&](std::uint64_t seed) {
    Node node(seed);
    for (int i = 0; i < steps; ++i) {
      node.Step();
      if (i % 200 == 0) node.Check();
    }
    node.Check();
    moved += node.moved();
    received += node.received();
    refused += node.refused();
  }));
  // That these runs had something to get wrong.
  EXPECT_GT(moved, 1000u) << "no spender was too late";
  EXPECT_GT(received, 500u);
  EXPECT_GT(refused, 500u);
}

TEST(LedgerInterleavings, D4_SixtyFourThreadsSpendOneBudgetOnce) {
  std::mutex mutex;
  Ledger ledger = WithBudget(1'000'000'000);  // For 80 of the 640.
  std::vector<std::jthread> threads;
  std::atomic<int> charged = 0;
  for (int thread = 0; thread < 64; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 10; ++i) {
        const CanonicalRequest request =
            Canonical(Ask("t" + std::to_string(thread) + "." + std::to_string(i), {"a"}));
        for (;;) {  // Judged without the lock, as if on another machine.
          Ledger seen;
          {
            const std::lock_guard lock(mutex);
            seen = ledger;
          }
          const auto judged = seen.Judge(request, {});
          if (!judged.ok()) {
            EXPECT_EQ(judged.error().reason, "BUDGET_SPENT");
            break;
          }
          const std::lock_guard lock(mutex);
          const Status appended = ledger.Append(*judged->entry);
          if (appended.ok()) {
            ++charged;
            break;
          }
          EXPECT_EQ(appended.error().reason, "LEDGER_MOVED");
        }
      }
    });
  }
  threads.clear();
  EXPECT_EQ(charged, 80);
  EXPECT_EQ(ledger.Spent(2026), ledger.Budget(2026));
}

}  // namespace
}  // namespace equinode::budget
