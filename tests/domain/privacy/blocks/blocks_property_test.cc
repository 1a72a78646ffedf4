// The promise of blocks, attacked: whatever is asked for, in whatever order, no linear combination
// of what was released speaks of fewer than five practices. The attacker knows nothing of blocks: a
// release is a row over practices and quarters, and rows are eliminated.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>

#include "base/random.h"
#include "domain/privacy/blocks/block_union.h"
#include "domain/privacy/blocks/partition_book.h"

namespace equinode::blocks {
namespace {

constexpr std::size_t kQuarters = 3;

// Rows of 0 and 1 modulo a prime. Minors of up to 20 rows are below 2^27 (Hadamard), so a rank
// modulo this prime is the rank over the rationals.
constexpr std::int64_t kPrime = 2'147'483'647;
using Row = std::vector<std::int64_t>;

std::int64_t Inverse(std::int64_t value) {
  std::int64_t result = 1;
  for (std::int64_t power = kPrime - 2, base = value; power > 0; power >>= 1) {
    if ((power & 1) != 0) result = result * base % kPrime;
    base = base * base % kPrime;
  }
  return result;
}

std::size_t Rank(std::vector<Row> rows) {
  std::size_t rank = 0;
  const std::size_t columns = rows.empty() ? 0 : rows[0].size();
  for (std::size_t column = 0; column < columns && rank < rows.size(); ++column) {
    std::size_t pivot = rank;
    while (pivot < rows.size() && rows[pivot][column] == 0) ++pivot;
    if (pivot == rows.size()) continue;
    std::swap(rows[rank], rows[pivot]);
    const std::int64_t inverse = Inverse(rows[rank][column]);
    for (std::size_t row = rank + 1; row < rows.size(); ++row) {
      const std::int64_t factor = rows[row][column] * inverse % kPrime;
      if (factor == 0) continue;
      for (std::size_t i = column; i < columns; ++i) {
        rows[row][i] = ((rows[row][i] - factor * rows[rank][i]) % kPrime + kPrime) % kPrime;
      }
    }
    ++rank;
  }
  return rank;
}

// Whether some combination that is not zero is zero outside of `few` practices.
bool Isolates(const std::vector<Row>& basis, std::size_t practices,
              const std::set<std::size_t>& few) {
  std::vector<Row> outside;
  for (const Row& row : basis) {
    Row rest;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!few.contains(i % practices)) rest.push_back(row[i]);
    }
    outside.push_back(std::move(rest));
  }
  return Rank(outside) < basis.size();
}

// Whether any four practices (and so any fewer) can be told about without the others.
bool SpeaksOfFewerThanFive(const std::vector<Row>& released, std::size_t practices) {
  std::vector<Row> basis;
  for (const Row& row : released) {
    basis.push_back(row);
    if (Rank(basis) < basis.size()) basis.pop_back();
  }
  if (basis.empty()) return false;
  EXPECT_LE(basis.size(), 20u);
  for (std::size_t a = 0; a < practices; ++a) {
    for (std::size_t b = a + 1; b < practices; ++b) {
      for (std::size_t c = b + 1; c < practices; ++c) {
        for (std::size_t d = c + 1; d < practices; ++d) {
          if (Isolates(basis, practices, {a, b, c, d})) return true;
        }
      }
    }
  }
  return false;
}

struct Network {
  std::vector<std::string> practices{};
  std::vector<DeclaredBlock> declared{};
  std::vector<Panel> panels{};
};

Network AnyNetwork(Random& random) {
  Network network;
  const std::size_t size = 8 + random.Below(7);
  const std::size_t blocks = 1 + random.Below(4);
  for (std::size_t i = 0; i < blocks; ++i) {
    const std::uint64_t neighbour = random.Below(blocks + 1);
    network.declared.push_back(
        {"b" + std::to_string(i),
         {},
         neighbour == i || neighbour == blocks ? "" : "b" + std::to_string(neighbour)});
  }
  for (std::size_t i = 0; i < size; ++i) {
    network.practices.push_back("p" + std::to_string(10 + i));
    network.declared[random.Below(blocks)].practices.push_back(network.practices.back());
    if (random.Below(10) == 0) continue;  // Did not report.
    network.panels.push_back({network.practices.back(),
                              random.Below(5) == 0 ? random.Below(3) : 1 + random.Below(1000)});
  }
  return network;
}

Row RowOf(const Network& network, const std::vector<std::string>& asked, std::size_t from,
          std::size_t to) {
  Row row(network.practices.size() * kQuarters, 0);
  for (std::size_t quarter = from; quarter <= to; ++quarter) {
    for (std::size_t i = 0; i < network.practices.size(); ++i) {
      // Who has no people adds nothing to a sum, and hides nobody in it.
      const auto panel = std::ranges::find(network.panels, network.practices[i], &Panel::practice);
      if (panel == network.panels.end() || panel->people == 0) continue;
      if (std::ranges::find(asked, network.practices[i]) != asked.end()) {
        row[quarter * network.practices.size() + i] = 1;
      }
    }
  }
  return row;
}

// A request for practices: at random, or near what is allowed, as a clever one would be.
std::vector<std::string> AnyRequest(Random& random, const Network& network,
                                    const Partition& partition) {
  std::vector<std::string> asked;
  if (random.Below(3) == 0) {
    for (const std::string& practice : network.practices) {
      if (random.Below(2) == 0) asked.push_back(practice);
    }
    return asked;
  }
  for (const Block& block : partition.blocks()) {
    if (random.Below(2) == 0) {
      asked.insert(asked.end(), block.practices.begin(), block.practices.end());
    }
  }
  if (!asked.empty() && random.Below(3) == 0) {
    asked.erase(asked.begin() + static_cast<std::ptrdiff_t>(random.Below(asked.size())));
  }
  if (random.Below(4) == 0) {
    asked.push_back(network.practices[random.Below(network.practices.size())]);
  }
  return asked;
}

Period Quarters(std::size_t from, std::size_t to) {
  using std::chrono::days, std::chrono::sys_days;
  return {sys_days{days{from * 90}}, sys_days{days{to * 90 + 89}}};
}

struct Tally {
  std::size_t released = 0;
  std::size_t refused = 0;
  std::size_t isolated = 0;  // Sequences that would have told too much.
};

// Tasks with blocks of their own ask for tables of the same practices. With `rule_held` only what
// the room allows is released; without, the same requests are all answered.
void Attack(std::uint64_t seed, bool rule_held, Tally* tally) {
  SeededRandom random(seed);
  Network network = AnyNetwork(random);
  PartitionBook book;
  std::vector<Row> released;
  for (int task = 0; task < 3; ++task) {
    if (task > 0 && random.Below(2) == 0) {  // The same practices, otherwise arranged.
      for (DeclaredBlock& block : network.declared) block.practices.clear();
      for (const std::string& practice : network.practices) {
        network.declared[random.Below(network.declared.size())].practices.push_back(practice);
      }
    }
    const Partition partition = Partition::Form(network.declared, network.panels, {}).value();
    for (int i = 0; i < 6; ++i) {
      const std::size_t from = random.Below(kQuarters);
      const std::size_t to = from + random.Below(kQuarters - from);
      const auto asked = AnyRequest(random, network, partition);
      if (rule_held) {
        const auto chosen = BlockUnion::OfPractices(partition, asked);
        if (!chosen.ok() || !book.Fix(Quarters(from, to), chosen->partition()).ok()) {
          ++tally->refused;
          continue;
        }
        released.push_back(RowOf(network, chosen->practices(), from, to));
      } else {
        released.push_back(RowOf(network, asked, from, to));
      }
      ++tally->released;
    }
  }
  if (SpeaksOfFewerThanFive(released, network.practices.size())) ++tally->isolated;
}

TEST(Blocks, A4_NoCombinationOfReleasesSpeaksOfFewerThanFivePractices) {
  const std::uint64_t sequences = std::getenv("EQUINODE_LONG") != nullptr ? 5'000 : 250;
  Tally tally;
  for (std::uint64_t seed = 1; seed <= sequences; ++seed) {
    Attack(seed, true, &tally);
    ASSERT_EQ(tally.isolated, 0u) << "seed " << seed;
  }
  std::cout << sequences << " sequences: " << tally.released << " releases, " << tally.refused
            << " refused\n";
  EXPECT_GT(tally.released, sequences);
  EXPECT_GT(tally.refused, sequences);
}

// The test of the test: with every request answered the attacker wins nearly always.
TEST(Blocks, WithoutTheRuleTheAttackerFindsFewPractices) {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) Attack(seed, false, &tally);
  std::cout << tally.isolated << " of 60 sequences told about fewer than five\n";
  EXPECT_GT(tally.isolated, 45u);
}

TEST(Blocks, EveryBlockKeepsTheRuleAndNobodyIsLost) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    SeededRandom random(seed);
    Network network = AnyNetwork(random);
    const BlockRule rule{5 + static_cast<std::uint32_t>(random.Below(3)),
                         30 + static_cast<std::uint32_t>(random.Below(21))};
    const Partition partition = Partition::Form(network.declared, network.panels, rule).value();
    std::map<std::string, std::uint64_t> people;
    for (const Panel& panel : network.panels) people[panel.practice] = panel.people;
    std::set<std::string> placed;
    for (const Block& block : partition.blocks()) {
      std::uint64_t sum = 0;
      std::uint64_t largest = 0;
      std::uint32_t with_people = 0;
      for (const std::string& practice : block.practices) {
        RC_ASSERT(placed.insert(practice).second);
        sum += people.at(practice);
        largest = std::max(largest, people.at(practice));
        with_people += people.at(practice) > 0 ? 1 : 0;
      }
      RC_ASSERT(sum == block.people);
      RC_ASSERT(with_people >= rule.least_practices);
      RC_ASSERT(largest * 100 <= sum * rule.most_percent);
    }
    for (const WithheldBlock& one : partition.withheld()) {
      for (const std::string& practice : one.block.practices) {
        RC_ASSERT(placed.insert(practice).second);
      }
    }
    RC_ASSERT(placed.size() == network.panels.size());
    // In whatever order things are listed.
    std::ranges::reverse(network.declared);
    for (DeclaredBlock& block : network.declared) std::ranges::reverse(block.practices);
    std::ranges::reverse(network.panels);
    RC_ASSERT(Partition::Form(network.declared, network.panels, rule).value() == partition);
  }));
}

}  // namespace
}  // namespace equinode::blocks
