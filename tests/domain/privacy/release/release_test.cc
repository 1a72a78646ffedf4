#include "domain/privacy/release/release.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <type_traits>

#include "domain/privacy/release/family.h"
#include "domain/privacy/release/proof.h"
#include "tests/domain/privacy/release/attacker.h"
#include "tests/domain/privacy/release/families.h"

namespace equinode {
namespace {

// No door but the gate.
static_assert(!std::is_default_constructible_v<ReleasedFamily>);
static_assert(!std::is_constructible_v<ReleasedFamily, std::vector<AnswerTable>>);
static_assert(!std::is_constructible_v<ReleasedFamily, RawFamily>);
static_assert(!std::is_convertible_v<RawCounts, ReleasedFamily>);

RawTable Table(const std::string& measure, Stratifier stratifier, std::vector<RawCell> cells) {
  RawTable table{.measure = measure, .stratifier = stratifier, .cells = std::move(cells)};
  for (const RawCell& cell : table.cells) {
    table.total.denominator += cell.denominator;
    table.total.numerator += cell.numerator;
  }
  return table;
}

RawFamily Of(std::vector<RawTable> tables) {
  RawFamily family;
  for (RawTable& table : tables) family.tables.push_back({"t", std::move(table)});
  return family;
}

// One letter a value, in the order of the cells, the total last: '#' shown, '.' hidden.
std::string Denominators(const AnswerTable& table) {
  std::string text;
  for (const AnswerCell& cell : table.cells)
    text += cell.denominator.kind == ShownKind::kCount ? '#' : '.';
  return text;
}
std::string Numerators(const AnswerTable& table) {
  std::string text;
  for (const AnswerCell& cell : table.cells)
    text += cell.numerator.kind == ShownKind::kCount ? '#' : '.';
  return text;
}

// The reason, where the table is withheld.
std::string PopulationOf(const std::vector<std::uint64_t>& counts,
                         const SuppressionRule& rule = {}) {
  std::vector<RawCell> cells;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    cells.push_back({std::string(1, static_cast<char>('a' + i)), counts[i], 0});
  }
  const auto released = Release(Of({Table("population", Stratifier::kLanguage, cells)}), rule);
  if (!released.ok()) return released.error().reason;
  const AnswerTable& table = released->tables()[0];
  return table.withheld ? table.reason : Denominators(table);
}

TEST(Release, ShowsEverythingWhereNothingIsSmall) {
  EXPECT_EQ(PopulationOf({11, 200, 0, 40}), "#####");
}

TEST(Release, ALoneSmallCellTakesTheSmallestOtherWithIt) {
  EXPECT_EQ(PopulationOf({7, 64, 23, 210}), ".#.##");
}

TEST(Release, AZeroIsShownAndHidesNobody) { EXPECT_EQ(PopulationOf({7, 0, 23, 210}), ".#.##"); }

TEST(Release, TwoHiddenCellsThatAddUpToTooLittleTakeAThird) {
  EXPECT_EQ(PopulationOf({1, 1, 63, 110}), "...##");  // 1 + 1 could only be 1 and 1.
  EXPECT_EQ(PopulationOf({4, 6, 63, 110}), "...##");  // 10 < 9 + 2: neither could be 10.
  EXPECT_EQ(PopulationOf({5, 6, 63, 110}), "..###");  // 11 = 9 + 2.
}

TEST(Release, ASmallTotalIsHiddenWithAllItsCells) { EXPECT_EQ(PopulationOf({3, 0, 4}), ".#.."); }

TEST(Release, WithOneStratumTheTotalIsTheOtherCell) { EXPECT_EQ(PopulationOf({6}), ".."); }

TEST(Release, AHiddenTotalCountsAmongTheHiddenOrTheTableIsWithheld) {
  EXPECT_EQ(PopulationOf({5}), "TOO_FEW");        // 5 + 5 < 9 + 2.
  EXPECT_EQ(PopulationOf({0, 5, 0}), "TOO_FEW");  // Else: all of a practice's people are "b".
  EXPECT_EQ(PopulationOf({1, 2, 3}), "TOO_FEW");  // 12 < 9 + 4.
  EXPECT_EQ(PopulationOf({3, 3}), "...");         // 12 = 9 + 3.
  EXPECT_EQ(PopulationOf({14}, {.from = 1, .to = 29}), "TOO_FEW");
  EXPECT_EQ(PopulationOf({15}, {.from = 1, .to = 29}), "..");
  EXPECT_EQ(PopulationOf({0, 0}), "###");
}

TEST(Release, OnlyTablesOfTooFewAreWithheld) {
  // Of 300 people 3 are in the measure: its tables go, those of the population stay.
  const auto released =
      Release(Of({Table("population", Stratifier::kSex, {{"F", 160, 0}, {"M", 140, 0}}),
                  Table("M", Stratifier::kSex, {{"F", 2, 1}, {"M", 1, 1}}),
                  Table("M", Stratifier::kLanguage, {{"en", 3, 2}}),
                  Table("W", Stratifier::kSex, {{"F", 100, 40}, {"M", 90, 50}})}),
              {});
  std::string reasons;
  for (const AnswerTable& table : released->tables()) reasons += table.reason + ";";
  EXPECT_EQ(reasons, ";TOO_FEW;TOO_FEW;;");
  EXPECT_EQ(Denominators(released->tables()[0]), "###");
  EXPECT_EQ(Numerators(released->tables()[3]), "###");
}

TEST(Release, AStratumOfFewTakesNoTableWithIt) {
  // Within "c" everything is hidden, so that no number of it is printed.
  const auto released =
      Release(Of({Table("M", Stratifier::kSex, {{"a", 100, 40}, {"b", 80, 40}, {"c", 3, 1}})}), {});
  EXPECT_EQ(Denominators(released->tables()[0]), "#..#");
  EXPECT_EQ(Numerators(released->tables()[0])[2], '.');
}

TEST(Release, EqualCellsAreChosenByTheirOrder) {
  EXPECT_EQ(PopulationOf({3, 40, 40, 40}), "..###");
}

TEST(Release, AHigherThresholdHidesMore) {
  EXPECT_EQ(PopulationOf({25, 64, 33, 210}, {.from = 1, .to = 29}), ".#.##");
}

TEST(Release, AWeakerRuleIsRefused) {
  EXPECT_EQ(PopulationOf({7, 64}, {.from = 1, .to = 9}), "THRESHOLD_TOO_LOW");
  EXPECT_EQ(PopulationOf({7, 64}, {.from = 2, .to = 10}), "THRESHOLD_TOO_LOW");
}

TEST(Release, ASmallComplementHidesItsNumerator) {
  // 5 of 100 are not in the numerator of "a": 95 would tell.
  const auto released = Release(
      Of({Table("M", Stratifier::kSex, {{"a", 100, 95}, {"b", 80, 40}, {"c", 90, 50}})}), {});
  EXPECT_EQ(Denominators(released->tables()[0]), "####");
  EXPECT_EQ(Numerators(released->tables()[0]),
            "..##");  // And "b", so that the total tells nothing.
}

TEST(Release, PeopleOutsideADenominatorAreACellToo) {
  // Of "a" all but 6 are in the denominator, and nobody else is left out: 6 are small.
  const auto released =
      Release(Of({Table("population", Stratifier::kSex, {{"a", 106, 0}, {"b", 100, 0}}),
                  Table("M", Stratifier::kSex, {{"a", 100, 50}, {"b", 100, 50}})}),
              {});
  EXPECT_EQ(Denominators(released->tables()[0]), "###");
  EXPECT_EQ(Denominators(released->tables()[1])[0], '.');
  EXPECT_EQ(Denominators(released->tables()[1])[2], '.');
  // Four are too few to be hidden among themselves: the measure goes.
  const auto fewer =
      Release(Of({Table("population", Stratifier::kSex, {{"a", 104, 0}, {"b", 100, 0}}),
                  Table("M", Stratifier::kSex, {{"a", 100, 50}, {"b", 100, 50}})}),
              {});
  EXPECT_EQ(Denominators(fewer->tables()[0]), "###");
  EXPECT_EQ(fewer->tables()[1].reason, "TOO_FEW");
}

TEST(Release, KnownButNotSelfReportedIsACellToo) {
  const auto released = Release(
      Of({Table("available.race", Stratifier::kSex, {{"a", 300, 250}, {"b", 300, 200}}),
          Table("selfreported.race", Stratifier::kSex, {{"a", 300, 245}, {"b", 300, 100}})}),
      {});
  const std::string available = Numerators(released->tables()[0]);
  const std::string self = Numerators(released->tables()[1]);
  EXPECT_TRUE(available[0] == '.' || self[0] == '.') << available << " " << self;
}

TEST(Release, AvailabilityIsASumOfRaceCells) {
  // By race: 6 unknown, hidden with the 30. By sex: 94 of 100 known would give the 6 back.
  std::vector<families::Group> groups = {{.race = "WHITE", .ethnicity = "HISPANIC", .people = 64},
                                         {.race = "BLACK", .ethnicity = "UNKNOWN", .people = 30},
                                         {.race = "UNKNOWN", .ethnicity = "HISPANIC", .people = 6}};
  const RawFamily raw =
      families::Family(groups, {{Stratifier::kRaceOmb1997, {"population"}},
                                {Stratifier::kEthnicityOmb1997, {"available.race"}}});
  const auto released = Release(raw, {});
  const AnswerTable& by_ethnicity = released->tables()[1];
  EXPECT_EQ(by_ethnicity.cells.back().numerator.kind, ShownKind::kHidden);
  EXPECT_EQ(by_ethnicity.cells.back().denominator, (ShownValue{ShownKind::kCount, 100}));
}

TEST(Release, NoneOfTheseIsAnAnswerInTheAvailabilityToo) {
  // 7 say that they are of no race listed: OTHER, and known. Without the two equations 93 known
  // people by language would give the 7 unknown ones back.
  std::vector<families::Group> groups = {{.race = "WHITE", .language = "en", .people = 56},
                                         {.race = "BLACK", .language = "en", .people = 30},
                                         {.race = "OTHER", .language = "es", .people = 7},
                                         {.race = "UNKNOWN", .language = "en", .people = 7}};
  const RawFamily raw = families::Family(groups, {{Stratifier::kRaceOmb1997, {"population"}},
                                                  {Stratifier::kLanguage, {"available.race"}}});
  const auto family = ReleaseFamily::Build(raw);
  const CellIndex known =
      family->keys().at({CellRole::kNumerator, "available.race", std::nullopt, ""});
  const CellIndex other =
      family->keys().at({CellRole::kPopulation, "", Stratifier::kRaceOmb1997, "OTHER"});
  EXPECT_TRUE(std::ranges::any_of(family->cells().equations, [&](const CellEquation& equation) {
    return equation.total == known && std::ranges::count(equation.parts, other) == 1;
  }));
}

TEST(Release, TablesOfOneFamilyShareTheirTotals) {
  // By sex nothing is small; by language the 12 are everybody and must go with the 2 and 3.
  const auto released = Release(
      Of({Table("population", Stratifier::kSex, {{"F", 60, 0}, {"M", 40, 0}}),
          Table("population", Stratifier::kLanguage, {{"en", 95, 0}, {"es", 2, 0}, {"zh", 3, 0}})}),
      {});
  EXPECT_EQ(Denominators(released->tables()[0]), "###");
  EXPECT_EQ(Denominators(released->tables()[1]), "...#");
}

TEST(Release, WholeNumbersDoNotGiveAwayWhatEquationsDoNot) {
  // "a" 1 of 2 people, "b" 202 of 203: hiding 2 and 203 leaves each equation two hidden cells, but
  // b - shown at least 202 + 1 - would leave 2 for "a", so both denominators would be known.
  const auto family =
      Of({Table("population", Stratifier::kSex, {{"a", 2, 0}, {"b", 203, 0}, {"c", 400, 0}}),
          Table("M", Stratifier::kSex, {{"a", 1, 0}, {"b", 202, 101}, {"c", 200, 100}})});
  const auto released = Release(family, {});
  const auto linked = ReleaseFamily::Build(family);
  CellStatuses statuses(linked->cells().values.size(), CellStatus::kHidden);
  for (std::size_t cell = 0; cell < statuses.size(); ++cell) {
    if (linked->cells().values[cell] == 0) statuses[cell] = CellStatus::kShown;
  }
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t c = 0; c < 4; ++c) {
      const auto& cells = linked->tables()[i].cells[c];
      const AnswerCell& shown = released->tables()[i].cells[c];
      if (shown.denominator.kind == ShownKind::kCount)
        statuses[cells.denominator] = CellStatus::kShown;
      if (shown.numerator.kind == ShownKind::kCount)
        statuses[*cells.numerator] = CellStatus::kShown;
    }
  }
  attacker::Search search(linked->cells(), statuses, 1000, 5000);
  const CellIndex small = linked->tables()[0].cells[0].denominator;
  EXPECT_TRUE(search.Exists(small, 3, 1000) == attacker::Search::Outcome::kYes ||
              search.Exists(small, 1, 1) == attacker::Search::Outcome::kYes);
}

// In one table every further hidden cell is needed: shown again, the small ones have one value, or
// none of them may be 10 any more.
TEST(Release, UnhidingAnyFurtherCellOfATableBreaksIt) {
  for (const std::vector<std::uint64_t>& counts : {std::vector<std::uint64_t>{7, 64, 23, 210},
                                                   {1, 1, 63, 110},
                                                   {4, 6, 63, 110},
                                                   {2, 90, 12}}) {
    const std::string shown = PopulationOf(counts);
    std::size_t further = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (shown[i] == '#' || counts[i] <= 10) continue;
      ++further;
      std::uint64_t sum = 0;
      std::uint64_t left = 0;
      for (std::size_t j = 0; j < counts.size(); ++j) {
        if (shown[j] == '#' || j == i) continue;
        sum += counts[j];
        ++left;
      }
      EXPECT_TRUE(left < 2 || sum - (left - 1) < 10);
    }
    EXPECT_EQ(further, 1u);
  }
}

// Three cells, of which the sums two by two are shown to be 2: each is 1.
TEST(Proof, IsNotFoundWhereThereIsOneTableOnly) {
  const LinkedCells cells{{1, 1, 1, 2, 2, 2}, {{3, {0, 1}}, {4, {1, 2}}, {5, {0, 2}}}};
  CellStatuses statuses(6, CellStatus::kShown);
  for (CellIndex cell = 0; cell < 3; ++cell) statuses[cell] = CellStatus::kHidden;
  const auto without = WithoutProof(cells, statuses, 1, 10, 1'000'000);
  ASSERT_TRUE(without.has_value());
  // The three, and the three sums that are small and shown.
  EXPECT_EQ(*without, (std::vector<CellIndex>{0, 1, 2, 3, 4, 5}));
  // Without work nothing is proven of what search must find.
  CellStatuses all(6, CellStatus::kHidden);
  EXPECT_TRUE(WithoutProof(cells, all, 1, 10, 1'000'000)->empty());
  EXPECT_FALSE(WithoutProof(cells, all, 1, 10, 0)->empty());
}

TEST(Release, WithoutAnyWorkEveryTableIsWithheld) {
  const auto released = Release(
      Of({Table("population", Stratifier::kSex, {{"F", 6, 0}, {"M", 40, 0}})}), {.max_work = 0});
  ASSERT_TRUE(released.ok());
  const AnswerTable& table = released->tables()[0];
  EXPECT_TRUE(table.withheld);
  EXPECT_EQ(table.reason, "NOT_DECIDED");
  EXPECT_TRUE(table.cells.empty());
}

TEST(Release, AWithheldTableIsNotGivenAwayByTheOthers) {
  std::vector<families::Group> groups;
  for (const char* language : {"en", "es", "zh", "vi", "tl", "ko"}) {
    for (const char* race : {"WHITE", "BLACK", "UNKNOWN"}) {
      groups.push_back({.race = race,
                        .ethnicity = "HISPANIC",
                        .language = language,
                        .people = groups.size() % 5 + 4});
    }
  }
  const RawFamily raw = families::Family(
      groups, {{Stratifier::kRaceOmb1997, {"population", "available.race"}},
               {Stratifier::kLanguage, {"population", "available.race", "available.language"}}});
  bool some = false;
  for (std::uint64_t work = 0; work < 40'000; work += 200) {
    const auto released = Release(raw, {.max_work = work});
    const auto family = ReleaseFamily::Build(raw);
    std::vector<bool> withheld;
    for (const AnswerTable& table : released->tables()) withheld.push_back(table.withheld);
    const auto gone = static_cast<std::size_t>(std::ranges::count(withheld, true));
    if (gone == 0 || gone == withheld.size()) continue;
    some = true;
    // The outsider still knows every equation of the withheld tables, and none of their values.
    CellStatuses statuses(family->cells().values.size(), CellStatus::kHidden);
    for (std::size_t i = 0; i < withheld.size(); ++i) {
      for (std::size_t c = 0; c < released->tables()[i].cells.size(); ++c) {
        const auto& cells = family->tables()[i].cells[c];
        const AnswerCell& cell = released->tables()[i].cells[c];
        if (cell.denominator.kind == ShownKind::kCount)
          statuses[cells.denominator] = CellStatus::kShown;
        if (cell.numerator.kind == ShownKind::kCount)
          statuses[*cells.numerator] = CellStatus::kShown;
      }
    }
    for (const CellIndex cell : attacker::DeterminedByElimination(family->cells(), statuses)) {
      const std::uint64_t value = family->cells().values[cell];
      EXPECT_TRUE(value == 0 || value > 10) << "work " << work;
    }
  }
  EXPECT_TRUE(some);
}

TEST(Release, CountsThatContradictEachOtherAreNotReleased) {
  RawTable wrong = Table("population", Stratifier::kSex, {{"F", 60, 0}, {"M", 40, 0}});
  wrong.total.denominator = 101;
  EXPECT_EQ(Release(Of({wrong}), {}).error().reason, "COUNTS_INCONSISTENT");
  const RawTable more = Table("M", Stratifier::kSex, {{"F", 60, 61}});
  EXPECT_EQ(Release(Of({more}), {}).error().reason, "COUNTS_INCONSISTENT");
  const RawTable one = Table("population", Stratifier::kSex, {{"F", 60, 0}});
  const RawTable other = Table("population", Stratifier::kLanguage, {{"en", 61, 0}});
  EXPECT_EQ(Release(Of({one, other}), {}).error().reason, "COUNTS_INCONSISTENT");
}

TEST(Release, NothingAskedIsNothingReleased) {
  EXPECT_TRUE(Release(RawFamily{}, {})->tables().empty());
}

}  // namespace
}  // namespace equinode
