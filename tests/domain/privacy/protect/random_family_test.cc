// Thousands of random families, attacked by somebody else's solver: no small count is narrowed
// below what was promised, and hardly anything is hidden that need not be.
#include "tests/domain/privacy/protect/random_family.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <set>

#include "domain/privacy/protect/protect.h"
#include "tests/domain/privacy/protect/glpk_attacker.h"

namespace equinode::privacy {
namespace {

std::uint64_t Rounds(std::uint64_t short_form, std::uint64_t long_form) {
  return std::getenv("EQUINODE_LONG") != nullptr ? long_form : short_form;
}

// Half of the cells were released by themselves, before.
Family AfterAnEarlierRelease(SeededRandom& random, Family family, const ProtectOptions& options) {
  Family earlier = family;
  for (FamilyCell& cell : earlier.cells) {
    cell.kind = random.Below(2) == 0 ? CellKind::kUnprinted : CellKind::kFree;
  }
  for (Rate& rate : earlier.rates) rate.published = false;
  const auto released = Protect(earlier, options);
  EXPECT_TRUE(released.ok() && released->safe);
  for (std::size_t i = 0; i < family.cells.size(); ++i) {
    FamilyCell& cell = family.cells[i];
    cell.kind = CellKind::kFree;
    if (earlier.cells[i].kind == CellKind::kUnprinted) continue;
    if (released->pattern.cells[i] == CellState::kShown) cell.kind = CellKind::kPublished;
    if (released->pattern.cells[i] == CellState::kHidden) cell.kind = CellKind::kHiddenBefore;
  }
  for (std::size_t i = 0; i < family.rates.size(); ++i) {
    family.rates[i].published = released->pattern.rates_shown[i] != 0;
  }
  return family;
}

// Could the attacker tell more of a small count than the level allows? Nothing when undecided.
std::optional<bool> Narrowed(Attacker& attacker, Cell cell, std::int64_t count, Level level,
                             const SmallCounts& small) {
  const bool exact = level == Level::kExact;
  const auto up = attacker.CanReach(cell, exact ? count + 1 : small.to);
  if (exact && up == true) return false;
  if (!exact && up == false) return true;
  const auto down = attacker.CanFallTo(cell, exact ? count - 1 : small.from);
  if (exact && down == true) return false;
  if (!exact && down == false) return true;
  if (!up || !down) return std::nullopt;
  return exact;  // Neither way; or both, at level label.
}

struct Tally {
  std::uint64_t cells = 0, small = 0, beside = 0, needless = 0, unknown = 0, withheld = 0,
                too_soon = 0, attacks = 0, unfinished = 0;
};

void AttackAll(const Family& family, const Protected& outcome, const ProtectOptions& options,
               Tally* tally) {
  Attacker attacker(family, outcome.pattern);
  for (Cell cell = 0; cell < family.cells.size(); ++cell) {
    const std::int64_t count = family.cells[cell].count;
    if (!options.rules.small.Has(count)) continue;
    ++tally->small;
    ASSERT_FALSE(ReaderHas(family, outcome.pattern, cell)) << family.cells[cell].name;
    ++tally->attacks;
    const auto narrowed = Narrowed(attacker, cell, count, options.rules.level, options.rules.small);
    tally->unfinished += !narrowed;
    EXPECT_NE(narrowed, true) << family.cells[cell].name << " is " << count
                              << " and can be told from others";
  }
}

// Hiding more narrows nothing, so where not even hiding all that may be hidden is safe, no pattern
// is: then something must be given up, and only then.
bool SomePatternIsSafe(const Family& family, const ProtectOptions& options) {
  Pattern all = EverythingShown(family);
  for (Cell cell = 0; cell < family.cells.size(); ++cell) {
    const FamilyCell& each = family.cells[cell];
    const bool may = each.kind == CellKind::kFree || options.rules.small.Has(each.count);
    if (may && each.count != 0 && each.kind != CellKind::kPublished) {
      all.cells[cell] = CellState::kHidden;
    }
  }
  all.rates_shown.assign(family.rates.size(), 0);
  AuditOptions audit;
  audit.small = options.rules.small;
  audit.level = options.rules.level;
  const auto report = Audit(family, all, audit);
  return report.ok() && report->verdict == Verdict::kSafe;
}

// Each cell hidden for another's sake: is it needed?
void ShowEach(const Family& family, const Protected& outcome, const ProtectOptions& options,
              Tally* tally) {
  for (Cell cell = 0; cell < family.cells.size(); ++cell) {
    if (outcome.pattern.cells[cell] != CellState::kHidden ||
        options.rules.small.Has(family.cells[cell].count)) {
      continue;
    }
    ++tally->beside;
    Pattern shown = outcome.pattern;
    shown.cells[cell] = CellState::kShown;
    AuditOptions audit;
    audit.small = options.rules.small;
    audit.level = options.rules.level;
    const auto report = Audit(family, shown, audit);
    ASSERT_TRUE(report.ok());
    tally->needless += report->verdict == Verdict::kSafe;
    tally->unknown += report->verdict == Verdict::kUndecided;
  }
}

// EQUINODE_SEEDS=2001-4000 is a part of the long form, so that several can run side by side.
std::pair<std::uint64_t, std::uint64_t> Seeds(std::uint64_t rounds) {
  const char* given = std::getenv("EQUINODE_SEEDS");
  std::pair<std::uint64_t, std::uint64_t> seeds = {1, rounds};
  if (given != nullptr) std::sscanf(given, "%" SCNu64 "-%" SCNu64, &seeds.first, &seeds.second);
  return seeds;
}

TEST(RandomFamilies, NoSmallCountIsNarrowed) {
  const auto [first, last] = Seeds(Rounds(120, 10'000));
  const std::uint64_t rounds = last - first + 1;
  Tally tally;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SeededRandom random(seed);
    // Most are small, where there is least to hide behind; every hundredth is large.
    RandomShape shape;
    shape.most_cells = seed % 100 == 0 ? 250 : seed % 10 == 0 ? 120 : 60;
    std::string what;
    Family family = RandomFamily(random, shape, &what);
    tally.cells += family.cells.size();
    ProtectOptions options;
    options.rules.level = random.Below(4) == 0 ? Level::kExact : Level::kLabel;
    if (random.Below(5) == 0) {
      what += ", an earlier release";
      family = AfterAnEarlierRelease(random, std::move(family), options);
    }
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + what);
    ASSERT_TRUE(Check(family).ok()) << Check(family).error().message;
    const auto outcome = Protect(family, options);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    // All that was printed before was safe, so something safe is left always.
    EXPECT_TRUE(outcome->safe);
    if (outcome->detail_withheld || outcome->block_withheld || !outcome->withheld.empty()) {
      ++tally.withheld;
      tally.too_soon += SomePatternIsSafe(family, options);
    }
    AttackAll(family, *outcome, options, &tally);
    ShowEach(family, *outcome, options, &tally);
    if (::testing::Test::HasFailure()) break;
    if (seed % 500 == 0 && seed != last) {
      std::cout << "until seed " << seed << ": " << tally.beside
                << " cells hidden beside, of which " << tally.needless << " were not needed\n"
                << std::flush;
    }
  }
  std::cout << rounds << " families of " << tally.cells << " cells, " << tally.small
            << " small counts attacked (" << tally.unfinished << " attacks without an end), "
            << tally.beside << " cells hidden beside them, of which " << tally.needless
            << " were not needed (of " << tally.unknown
            << " the audit cannot say); something withheld in " << tally.withheld
            << " families, of which " << tally.too_soon << " needed nothing of the kind\n";
  EXPECT_LT(tally.too_soon * 20, tally.withheld + 20);
  EXPECT_LT(tally.needless * 20, tally.beside + 1);
  EXPECT_LT(tally.unfinished * 100, tally.attacks);
}

// The audit itself, of patterns chosen by nobody: its intervals are those of the other solver.
TEST(RandomFamilies, TheAuditFindsWhatTheAttackerFinds) {
  const std::uint64_t rounds = Rounds(60, 2'000);
  std::uint64_t compared = 0, unproven = 0;
  for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
    SeededRandom random(seed * 7919);
    std::string what;
    RandomShape shape;
    shape.most_cells = 50;
    const Family family = RandomFamily(random, shape, &what);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + what);
    Pattern pattern = EverythingShown(family);
    const std::uint64_t share = 20 + random.Below(60);
    for (Cell cell = 0; cell < family.cells.size(); ++cell) {
      if (random.Below(100) >= share) continue;
      pattern.cells[cell] = random.Below(5) == 0 || family.cells[cell].count == 0
                                ? CellState::kDropped
                                : CellState::kHidden;
    }
    for (std::uint8_t& rate : pattern.rates_shown) rate = random.Below(2) == 0;
    AuditOptions options;
    options.intervals = true;
    const auto report = Audit(family, pattern, options);
    ASSERT_TRUE(report.ok()) << report.error().message;
    Attacker attacker(family, pattern);
    for (const Finding& finding : report->findings) {
      if (ReaderHas(family, pattern, finding.cell)) continue;
      if (!finding.low_proven || !finding.high_proven) ++unproven;
      const auto attack = attacker.Interval(finding.cell);
      if (!attack) continue;
      ++compared;
      const std::string& name = family.cells[finding.cell].name;
      if (finding.low_proven) {
        EXPECT_EQ(finding.low, attack->low) << name;
      }
      EXPECT_GE(finding.low, attack->low) << name;
      if (finding.high_proven) {
        EXPECT_EQ(finding.open, attack->open) << name;
        if (!attack->open) {
          EXPECT_EQ(finding.high, attack->high) << name;
        }
      }
    }
    if (::testing::Test::HasFailure()) break;
  }
  std::cout << rounds << " families, " << compared << " intervals compared, " << unproven
            << " not proven by the audit\n";
  EXPECT_GT(compared, rounds);
  EXPECT_LT(unproven * 100, compared);
}

// By name, so that the order does not matter.
std::set<std::string> HiddenNames(const Family& family, const Protected& outcome) {
  std::set<std::string> names;
  for (Cell cell = 0; cell < family.cells.size(); ++cell) {
    if (outcome.pattern.cells[cell] != CellState::kShown) names.insert(family.cells[cell].name);
  }
  return names;
}

Family Shuffled(SeededRandom& random, const Family& family) {
  std::vector<Cell> to(family.cells.size());
  for (Cell i = 0; i < to.size(); ++i) to[i] = i;
  for (std::size_t i = to.size(); i > 1; --i) std::swap(to[i - 1], to[random.Below(i)]);
  Family out = family;
  for (Cell i = 0; i < to.size(); ++i) out.cells[to[i]] = family.cells[i];
  for (Equation& equation : out.equations) {
    equation.total = to[equation.total];
    for (Cell& part : equation.parts) part = to[part];
    std::reverse(equation.parts.begin(), equation.parts.end());
  }
  std::reverse(out.equations.begin(), out.equations.end());
  for (Rate& rate : out.rates) {
    rate.numerator = to[rate.numerator];
    rate.denominator = to[rate.denominator];
  }
  return out;
}

TEST(RandomFamilies, TheSamePatternInWhateverOrderItIsListed) {
  for (std::uint64_t seed = 1; seed <= Rounds(15, 500); ++seed) {
    SeededRandom random(seed * 104729);
    std::string what;
    const Family family = RandomFamily(random, {70}, &what);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + what);
    const auto once = Protect(family, {}), again = Protect(family, {});
    ASSERT_TRUE(once.ok() && again.ok());
    EXPECT_EQ(once->pattern, again->pattern);
    const Family other = Shuffled(random, family);
    const auto shuffled = Protect(other, {});
    ASSERT_TRUE(shuffled.ok());
    EXPECT_EQ(HiddenNames(family, *once), HiddenNames(other, *shuffled));
  }
}

TEST(RandomFamilies, WhatSharesNoEquationChangesNothing) {
  for (std::uint64_t seed = 1; seed <= Rounds(15, 500); ++seed) {
    SeededRandom random(seed * 15485863);
    std::string what;
    Family family = RandomFamily(random, {60}, &what);
    Family other = RandomFamily(random, {60}, &what);
    other.zeros_printed = family.zeros_printed;
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto alone = Protect(family, {});
    ASSERT_TRUE(alone.ok());
    const std::set<std::string> names = HiddenNames(family, *alone);
    const Cell shift = static_cast<Cell>(family.cells.size());
    for (FamilyCell cell : other.cells) {
      cell.name = "other " + cell.name;
      family.cells.push_back(cell);
    }
    for (Equation equation : other.equations) {
      equation.total += shift;
      for (Cell& part : equation.parts) part += shift;
      family.equations.push_back(equation);
    }
    const auto together = Protect(family, {});
    ASSERT_TRUE(together.ok());
    std::set<std::string> here;
    for (const std::string& name : HiddenNames(family, *together)) {
      if (name.rfind("other ", 0) != 0) here.insert(name);
    }
    EXPECT_EQ(here, names);
  }
}

}  // namespace
}  // namespace equinode::privacy
