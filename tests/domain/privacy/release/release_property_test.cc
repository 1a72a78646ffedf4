// Whatever the people and the tables: nothing small is shown, nothing hidden can be worked out, and
// zeros stay zeros.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <iostream>

#include "domain/privacy/release/family.h"
#include "domain/privacy/release/release.h"
#include "tests/domain/privacy/release/attacker.h"
#include "tests/domain/privacy/release/families.h"
#include "tests/domain/privacy/release/written_rule.h"

namespace equinode {
namespace {

using attacker::Search;
using families::Asked;
using families::Group;

std::string Pick(const std::vector<std::string>& words) { return *rc::gen::elementOf(words); }

std::vector<Group> AnyPeople() {
  std::vector<Group> groups;
  const int kinds = *rc::gen::inRange(1, 12);
  for (int i = 0; i < kinds; ++i) {
    Group group;
    group.race = Pick({"WHITE", "BLACK", "ASIAN", "NHPI", "OTHER", "UNKNOWN", "DECLINED"});
    group.ethnicity = Pick({"HISPANIC", "NOT_HISPANIC", "UNKNOWN"});
    group.language = Pick({"en", "es", "zh", "UNKNOWN"});
    group.self_reported = *rc::gen::arbitrary<bool>();
    group.in_denominator = *rc::gen::arbitrary<bool>();
    group.in_numerator = *rc::gen::arbitrary<bool>();
    group.people = *rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(1, 4),
                                   rc::gen::inRange<std::uint64_t>(1, 30),
                                   rc::gen::inRange<std::uint64_t>(20, 120));
    groups.push_back(group);
  }
  return groups;
}

std::vector<Asked> AnyTables() {
  std::vector<Asked> asked;
  for (const Stratifier stratifier :
       {Stratifier::kRaceOmb1997, Stratifier::kEthnicityOmb1997, Stratifier::kLanguage}) {
    Asked table{stratifier, {}};
    for (const char* measure : {"population", "available.race", "selfreported.race",
                                "available.ethnicity", "available.language", "M1"}) {
      if (*rc::gen::inRange(0, 3) == 0) table.measures.emplace_back(measure);
    }
    if (!table.measures.empty()) asked.push_back(table);
  }
  return asked;
}

const AnswerCell* CellOf(const AnswerTable& table, const std::string& stratum) {
  const auto found = std::ranges::find(table.cells, stratum, &AnswerCell::stratum);
  return found == table.cells.end() ? nullptr : &*found;
}

bool SmallCount(std::uint64_t count) { return count >= 1 && count <= 10; }

TEST(ReleaseProperty, NothingSmallIsShownAndZerosAre) {
  EXPECT_TRUE(rc::check([] {
    const RawFamily raw = families::Family(AnyPeople(), AnyTables());
    const auto released = Release(raw, {});
    RC_ASSERT(released.ok());
    RC_ASSERT(released->tables().size() == raw.tables.size());
    for (std::size_t i = 0; i < raw.tables.size(); ++i) {
      const RawTable& counts = raw.tables[i].counts;
      const AnswerTable& table = released->tables()[i];
      if (table.withheld) {
        RC_ASSERT(table.reason == "TOO_FEW");
        RC_ASSERT(table.cells.empty());
        continue;
      }
      std::vector<RawCell> cells = counts.cells;
      cells.push_back(counts.total);
      RC_ASSERT(table.cells.size() == cells.size());
      for (const RawCell& cell : cells) {
        const AnswerCell* shown = CellOf(table, cell.stratum);
        RC_ASSERT(shown != nullptr);
        const bool denominator = shown->denominator.kind == ShownKind::kCount;
        const bool numerator = shown->numerator.kind == ShownKind::kCount;
        if (denominator) RC_ASSERT(shown->denominator.count == cell.denominator);
        if (numerator) RC_ASSERT(shown->numerator.count == cell.numerator);
        RC_ASSERT(!(denominator && SmallCount(cell.denominator)));
        RC_ASSERT(!(numerator && SmallCount(cell.numerator)));
        RC_ASSERT(denominator || cell.denominator > 0);
        RC_ASSERT((shown->numerator.kind == ShownKind::kNone) == (counts.measure == "population"));
        RC_ASSERT(shown->numerator.kind != ShownKind::kHidden || cell.numerator > 0);
        RC_ASSERT(!(denominator && numerator && SmallCount(cell.denominator - cell.numerator)));
      }
    }
  }));
}

// What the answers show, as the attacker sees it: derived cells are never told.
CellStatuses Seen(const ReleaseFamily& family, const ReleasedFamily& released) {
  CellStatuses statuses(family.cells().values.size(), CellStatus::kHidden);
  for (std::size_t cell = 0; cell < statuses.size(); ++cell) {
    if (family.cells().values[cell] == 0) statuses[cell] = CellStatus::kShown;
  }
  for (std::size_t i = 0; i < released.tables().size(); ++i) {
    const AnswerTable& table = released.tables()[i];
    for (std::size_t c = 0; c < table.cells.size(); ++c) {
      const TableCells::Pair& pair = family.tables()[i].cells[c];
      if (table.cells[c].denominator.kind == ShownKind::kCount) {
        statuses[pair.denominator] = CellStatus::kShown;
      }
      if (table.cells[c].numerator.kind == ShownKind::kCount) {
        statuses[*pair.numerator] = CellStatus::kShown;
      }
    }
  }
  return statuses;
}

TEST(ReleaseProperty, TheWrittenRuleHoldsInEveryEquation) {
  std::size_t equations = 0;
  std::size_t withheld = 0;
  EXPECT_TRUE(rc::check([&] {
    const RawFamily raw = families::Family(AnyPeople(), AnyTables());
    const auto released = Release(raw, {});
    RC_ASSERT(released.ok());
    const written_rule::Book book = written_rule::Read(raw, *released);
    const std::vector<std::string> broken = written_rule::Broken(book);
    RC_ASSERT(broken == std::vector<std::string>{});
    equations += book.equations.size();
    for (const AnswerTable& table : released->tables()) withheld += table.withheld;
  }));
  std::cout << "equations: " << equations << ", tables withheld: " << withheld << "\n";
}

// Nothing is withheld that the rule lets pass: shown with every cell of 1 and more hidden, a table
// that was withheld breaks it, beside those that were released.
TEST(ReleaseProperty, WhatIsWithheldCouldNotBeHidden) {
  std::size_t withheld = 0;
  EXPECT_TRUE(rc::check([&] {
    const RawFamily raw = families::Family(AnyPeople(), AnyTables());
    const auto released = Release(raw, {});
    RC_ASSERT(released.ok());
    bool some = false;
    written_rule::Book book;
    std::vector<const RawTable*> tables;
    for (std::size_t i = 0; i < raw.tables.size(); ++i) {
      const RawTable& counts = raw.tables[i].counts;
      some = some || released->tables()[i].withheld;
      withheld += released->tables()[i].withheld;
      AnswerTable hidden;
      hidden.cells.resize(counts.cells.size() + 1);  // Of kNone: nothing is known.
      written_rule::Take(counts, hidden, book);
      tables.push_back(&counts);
    }
    written_rule::TakeTogether(tables, book);
    RC_ASSERT(some == !written_rule::Broken(book).empty());
  }));
  std::cout << "tables withheld: " << withheld << "\n";
  EXPECT_GT(withheld, 0u);
}

TEST(ReleaseProperty, NoSmallCellCanBeWorkedOut) {
  std::size_t attacked = 0;
  std::size_t given_up = 0;
  EXPECT_TRUE(rc::check([&] {
    RawFamily raw = families::Family(AnyPeople(), AnyTables());
    // Tables that are withheld whole tell nothing; what is left is a family of its own.
    const auto whole = Release(raw, {});
    RC_ASSERT(whole.ok());
    for (std::size_t i = raw.tables.size(); i-- > 0;) {
      if (whole->tables()[i].withheld) raw.tables.erase(raw.tables.begin() + static_cast<long>(i));
    }
    const auto family = ReleaseFamily::Build(raw);
    const auto released = Release(raw, {});
    RC_ASSERT(family.ok() && released.ok());
    const LinkedCells& cells = family->cells();
    const CellStatuses statuses = Seen(*family, *released);
    for (const CellIndex cell : attacker::DeterminedByElimination(cells, statuses)) {
      RC_ASSERT(!SmallCount(cells.values[cell]));
    }
    Search search(cells, statuses, 800, 300);
    for (CellIndex cell = 0; cell < statuses.size(); ++cell) {
      if (statuses[cell] == CellStatus::kShown || !SmallCount(cells.values[cell])) continue;
      const auto value = static_cast<std::int64_t>(cells.values[cell]);
      Search::Outcome outcome = search.Exists(cell, value + 1, 800);
      if (outcome != Search::Outcome::kYes) {
        const Search::Outcome below = search.Exists(cell, 1, value - 1);
        if (below != Search::Outcome::kNo) outcome = below;
      }
      ++attacked;
      given_up += outcome == Search::Outcome::kGaveUp;
      RC_ASSERT(outcome != Search::Outcome::kNo);
    }
  }));
  std::cout << "small cells attacked: " << attacked << ", undecided: " << given_up << "\n";
  EXPECT_LT(given_up * 20, attacked + 1);
}

TEST(ReleaseProperty, TheSameFamilyGivesTheSameReleaseInAnyOrderOfTables) {
  EXPECT_TRUE(rc::check([] {
    const RawFamily raw = families::Family(AnyPeople(), AnyTables());
    RawFamily reversed = raw;
    std::ranges::reverse(reversed.tables);
    const auto first = Release(raw, {});
    const auto second = Release(raw, {});
    const auto third = Release(reversed, {});
    RC_ASSERT(first->tables() == second->tables());
    std::vector<AnswerTable> back = third->tables();
    std::ranges::reverse(back);
    RC_ASSERT(first->tables() == back);
  }));
}

}  // namespace
}  // namespace equinode
