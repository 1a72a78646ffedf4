#include "domain/counts/population.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/random.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

const sys_days kDay = sys_days{std::chrono::year{2025} / 12 / 31};
const std::string kPayer = "spiffe://n/payer/plan";
const std::string kOwner = "spiffe://n/practice/a";

sys_days Date(int year, unsigned month, unsigned day) {
  return sys_days{std::chrono::year{year} / month / day};
}

CountScope Scope(std::string payer = kPayer) {
  return {.payer = std::move(payer), .day = kDay, .measure_period = "2025"};
}

PersonFacts Facts(std::string language = "en") {
  PersonFacts facts;
  facts.race1997 = Race1997::kAsian;
  facts.language = std::move(language);
  facts.race = {.known = true, .self_reported = false};
  return facts;
}

CoverageFact Covered(std::string line = "medicaid", std::string payer = kPayer) {
  return {.payer = std::move(payer), .line_of_business = std::move(line)};
}

RawTable One(const Population& population, const CountScope& scope, Stratifier stratifier,
             const std::string& measure = "population") {
  const auto tables = population.OneWay({scope, stratifier, {measure}});
  EXPECT_TRUE(tables.ok()) << tables.error().reason;
  return tables.ok() ? tables->front() : RawTable{};
}

std::uint64_t People(const RawTable& table, const std::string& stratum) {
  const auto found = std::ranges::find(table.cells, stratum, &RawCell::stratum);
  return found == table.cells.end() ? 0 : found->denominator;
}

TEST(Population, CountsAPersonOnceHoweverManyCoveragesOfThePayer) {
  Population population;
  population.PutPerson(1, kOwner, Facts());
  population.AddCoverage(1, Covered("medicaid"));
  population.AddCoverage(1, Covered("medicaid"));
  population.AddCoverage(1, Covered("medicare"));
  const RawTable table = One(population, Scope(), Stratifier::kLineOfBusiness);
  EXPECT_EQ(table.total.denominator, 1u);
  EXPECT_EQ(People(table, "SEVERAL"), 1u);
  population.RemoveCoverage(1, Covered("medicare"));
  EXPECT_EQ(People(One(population, Scope(), Stratifier::kLineOfBusiness), "medicaid"), 1u);
  population.RemoveCoverage(1, Covered("medicaid"));
  EXPECT_EQ(One(population, Scope(), Stratifier::kLineOfBusiness).total.denominator, 1u);
  population.RemoveCoverage(1, Covered("medicaid"));
  EXPECT_EQ(One(population, Scope(), Stratifier::kLineOfBusiness).total.denominator, 0u);
}

TEST(Population, AttributionIsCoverageOnThePeriodsLastDayBothEndsIncluded) {
  struct {
    const char* what;
    std::optional<sys_days> start, end;
    std::uint64_t people;
  } const cases[] = {{"always", {}, {}, 1},
                     {"begins that day", kDay, {}, 1},
                     {"begins the day after", kDay + std::chrono::days{1}, {}, 0},
                     {"ends that day", {}, kDay, 1},
                     {"ended the day before", {}, kDay - std::chrono::days{1}, 0}};
  for (const auto& one : cases) {
    Population population;
    population.PutPerson(1, kOwner, Facts());
    population.AddCoverage(1, {kPayer, "medicaid", one.start, one.end});
    EXPECT_EQ(One(population, Scope(), Stratifier::kSex).total.denominator, one.people) << one.what;
  }
}

TEST(Population, APersonCountsForEachPayerThatCoversThem) {
  Population population;
  population.PutPerson(1, kOwner, Facts());
  population.AddCoverage(1, Covered());
  population.AddCoverage(1, Covered("commercial", "spiffe://n/payer/other"));
  EXPECT_EQ(One(population, Scope(), Stratifier::kSex).total.denominator, 1u);
  EXPECT_EQ(One(population, Scope("spiffe://n/payer/other"), Stratifier::kSex).total.denominator,
            1u);
  EXPECT_EQ(One(population, Scope("spiffe://n/payer/third"), Stratifier::kSex).total.denominator,
            0u);
  EXPECT_EQ(One(population, Scope(""), Stratifier::kSex).total.denominator, 1u);
}

TEST(Population, FactsMayComeBeforeThePerson) {
  Population population;
  EXPECT_TRUE(population.RegisterPanel(Scope()).ok());
  population.AddMeasure(7, {"M", "2025", true, true});
  population.AddCoverage(7, Covered());
  EXPECT_EQ(One(population, Scope(), Stratifier::kSex, "M").total.denominator, 0u);
  population.PutPerson(7, kOwner, Facts());
  EXPECT_EQ(One(population, Scope(), Stratifier::kSex, "M").total.numerator, 1u);
  population.RemovePerson(7);
  EXPECT_EQ(One(population, Scope(), Stratifier::kSex, "M").total.denominator, 0u);
  population.PutPerson(7, kOwner, Facts());
  EXPECT_EQ(One(population, Scope(), Stratifier::kSex, "M").total.numerator, 1u);
}

TEST(Population, AgesAreCompletedYearsOnTheDay) {
  struct {
    const char* what;
    sys_days birth, day;
    const char* band;
  } const cases[] = {
      {"eighteen today", Date(2007, 12, 31), kDay, "18-44"},
      {"eighteen tomorrow", Date(2008, 1, 1), kDay, "0-17"},
      {"born on the day", kDay, kDay, "0-17"},
      {"born after the day", kDay + std::chrono::days{1}, kDay, "UNKNOWN"},
      {"a leap day's child on 28 February", Date(2004, 2, 29), Date(2022, 2, 28), "0-17"},
      {"and on 1 March", Date(2004, 2, 29), Date(2022, 3, 1), "18-44"},
      {"a leap day's evening", Date(2006, 2, 28), Date(2024, 2, 29), "18-44"},
      {"and the day after it", Date(2006, 3, 1), Date(2024, 2, 29), "0-17"},
      {"older than anybody", Date(1850, 1, 1), kDay, "65+"}};
  for (const auto& one : cases) {
    Population population;
    PersonFacts facts = Facts();
    facts.birth_date = one.birth;
    population.PutPerson(1, kOwner, facts);
    CountScope scope = Scope("");
    scope.day = one.day;
    EXPECT_EQ(People(One(population, scope, Stratifier::kAgeBand), one.band), 1u) << one.what;
  }
}

TEST(Population, ResultsOfTwoFeedsForOneMeasureCountOnce) {
  Population population;
  population.PutPerson(1, kOwner, Facts());
  population.AddMeasure(1, {"M", "2025", true, false});
  population.AddMeasure(1, {"M", "2025", true, true});
  EXPECT_EQ(One(population, Scope(""), Stratifier::kSex, "M").total, (RawCell{"", 1, 1}));
  population.RemoveMeasure(1, {"M", "2025", true, true});
  EXPECT_EQ(One(population, Scope(""), Stratifier::kSex, "M").total, (RawCell{"", 1, 0}));
  population.RemoveMeasure(1, {"M", "2025", true, false});
  EXPECT_EQ(One(population, Scope(""), Stratifier::kSex, "M").total, (RawCell{"", 0, 0}));
}

TEST(Population, CountsTheRecordsOfOneOwnerWhenAsked) {
  Population population;
  population.PutPerson(1, kOwner, Facts());
  population.PutPerson(2, "spiffe://n/practice/b", Facts());
  CountScope own = Scope("");
  own.owner = kOwner;
  EXPECT_EQ(One(population, own, Stratifier::kSex).total.denominator, 1u);
  EXPECT_EQ(People(One(population, Scope(""), Stratifier::kPractice), "spiffe://n/practice/b"), 1u);
}

TEST(Population, ValuesPastTheBoundAreTogetherAndTheTableSaysSo) {
  PopulationLimits limits;
  limits.languages = 6;  // Four words of its own, two of people.
  Population population(limits);
  const char* languages[] = {"en", "es", "zh", "vi"};
  for (PersonNo person = 1; person <= 4; ++person) {
    population.PutPerson(person, kOwner, Facts(languages[person - 1]));
  }
  RawTable table = One(population, Scope(""), Stratifier::kLanguage);
  EXPECT_TRUE(table.other_values);
  EXPECT_EQ(People(table, "OTHER_VALUES"), 2u);
  EXPECT_EQ(People(table, "es"), 1u);
  population.PutPerson(4, kOwner, Facts("en"));
  population.RemovePerson(3);
  table = One(population, Scope(""), Stratifier::kLanguage);
  EXPECT_EQ(People(table, "OTHER_VALUES"), 0u);
  EXPECT_EQ(People(table, "en"), 2u);
  EXPECT_FALSE(One(population, Scope(""), Stratifier::kSex).other_values);
}

TEST(Population, QuestionsAboutAPayerOrMeasurePastTheBoundFail) {
  PopulationLimits limits;
  limits.payers = 3;
  limits.measures = 1;
  Population population(limits);
  population.PutPerson(1, kOwner, Facts());
  population.AddCoverage(1, Covered());
  population.AddCoverage(1, Covered("x", "spiffe://n/payer/two"));
  population.AddMeasure(1, {"M", "2025", true, true});
  population.AddMeasure(1, {"N", "2025", true, true});
  population.RemoveMeasure(1, {"N", "2025", true, true});
  EXPECT_EQ(
      population.OneWay({Scope("spiffe://n/payer/two"), Stratifier::kSex, {"M"}}).error().reason,
      "TOO_MANY_PAYERS");
  EXPECT_EQ(population.OneWay({Scope(), Stratifier::kSex, {"N"}}).error().reason,
            "TOO_MANY_MEASURES");
  EXPECT_EQ(One(population, Scope(), Stratifier::kSex, "M").total.denominator, 1u);
}

TEST(Population, RemovingWhatWasNeverThereIsNoticed) {
  Population population;
  population.PutPerson(1, kOwner, Facts());
  population.RemoveCoverage(1, Covered());
  EXPECT_EQ(population.OneWay({Scope(), Stratifier::kSex, {"population"}}).error().reason,
            "COUNTS_OUT_OF_STEP");
  population.Clear();
  EXPECT_TRUE(population.OneWay({Scope(), Stratifier::kSex, {"population"}}).ok());
}

TEST(Population, ANumberPastTheBoundIsNoticed) {
  PopulationLimits limits;
  limits.max_person = 100;
  Population population(limits);
  population.PutPerson(101, kOwner, Facts());
  EXPECT_FALSE(population.OneWay({Scope(), Stratifier::kSex, {"population"}}).ok());
}

void Fill(Population& population, PersonNo people) {
  SeededRandom random(11);
  for (PersonNo person = 1; person <= people; ++person) {
    PersonFacts facts = Facts(random.Below(3) == 0 ? "es" : "en");
    facts.sex = static_cast<SexStratum>(random.Below(6));
    facts.county = "CA/" + std::to_string(random.Below(5));
    facts.birth_date = kDay - std::chrono::days{random.Below(36000)};
    population.PutPerson(person, kOwner, facts);
    for (std::uint64_t i = random.Below(3); i > 0; --i) {
      population.AddCoverage(person, Covered(random.Below(2) == 0 ? "medicaid" : "medicare"));
    }
    for (std::uint64_t i = random.Below(3); i > 0; --i) {
      population.AddMeasure(person, {"M", "2025", true, random.Below(2) == 0});
    }
  }
}

std::vector<RawTable> Everything(const Population& population) {
  std::vector<RawTable> all;
  for (const Stratifier stratifier : kAllStratifiers) {
    all.push_back(One(population, Scope(), stratifier, "M"));
    all.push_back(One(population, Scope(""), stratifier, "available.race"));
  }
  return all;
}

TEST(PopulationSnapshot, RestoresTheSameCountsAndGoesOnFromThere) {
  Population population;
  Fill(population, 20'000);
  const Bytes snapshot = population.Snapshot(4711);
  Population restored;
  ASSERT_TRUE(restored.RegisterPanel(Scope()).ok());
  const auto position = restored.Restore(snapshot);
  ASSERT_TRUE(position.ok());
  EXPECT_EQ(*position, 4711u);
  EXPECT_EQ(Everything(restored), Everything(population));
  EXPECT_EQ(restored.Memory().people, population.Memory().people);
  for (Population* one : {&population, &restored}) {
    one->PutPerson(5, kOwner, Facts("vi"));
    one->AddCoverage(5, Covered());
    one->RemoveCoverage(5, Covered());
    one->AddMeasure(6, {"N", "2025", true, true});
  }
  EXPECT_EQ(Everything(restored), Everything(population));
}

TEST(PopulationSnapshot, AnAlteredOneIsRefusedAndLeavesNobody) {
  Population population;
  Fill(population, 200);
  const Bytes snapshot = population.Snapshot(1);
  SeededRandom random(3);
  for (int i = 0; i < 200; ++i) {
    Bytes altered = snapshot;
    altered[random.Below(altered.size())] ^= static_cast<std::uint8_t>(1u << random.Below(8));
    EXPECT_EQ(population.Restore(altered).error().reason, "BAD_SNAPSHOT");
  }
  EXPECT_EQ(population.Memory().people, 0u);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, std::size_t{20}, snapshot.size() - 1}) {
    EXPECT_FALSE(population.Restore(ByteView(snapshot).first(size)).ok());
  }
  EXPECT_TRUE(population.Restore(snapshot).ok());
}

TEST(Population, KnowsWhetherAnybodyIsAnOwners) {
  Population population;
  EXPECT_FALSE(population.HasPeopleOf("spiffe://n/practice/a"));
  population.PutPerson(70'000, "spiffe://n/practice/a", {});
  population.PutPerson(2, "spiffe://n/practice/b", {});
  EXPECT_TRUE(population.HasPeopleOf("spiffe://n/practice/a"));
  EXPECT_FALSE(population.HasPeopleOf("spiffe://n/practice/c"));
  population.RemovePerson(70'000);
  EXPECT_FALSE(population.HasPeopleOf("spiffe://n/practice/a")) << "a removed person is nobody's";
}

TEST(Population, TellsWhatItsMemoryIsSpentOn) {
  Population population;
  Fill(population, 3 * 16'384 - 1);
  ASSERT_TRUE(population.RegisterPanel(Scope()).ok());
  const PopulationMemory memory = population.Memory();
  EXPECT_EQ(memory.people, 3u * 16'384 - 1);
  EXPECT_LE(memory.stratifier_bytes, 16 * (memory.people + 1));
  EXPECT_LE(memory.measure_bytes * 4, memory.people + 4'096);
  EXPECT_GT(memory.cells, 20u);
  EXPECT_LT(memory.cell_bytes, 40'000u);
}

TEST(Population, ReadersSeeWholeChanges) {
  Population population;
  ASSERT_TRUE(population.RegisterPanel(Scope("")).ok());
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int round = 0; round < 300; ++round) {
      population.PutPerson(1, kOwner, Facts(round % 2 == 0 ? "en" : "es"));
      population.PutPerson(static_cast<PersonNo>(2 + round), kOwner, Facts());
    }
    done = true;
  });
  while (!done) {
    const RawTable table = One(population, Scope(""), Stratifier::kLanguage);
    std::uint64_t sum = 0;
    for (const RawCell& cell : table.cells) sum += cell.denominator;
    EXPECT_EQ(sum, table.total.denominator);
  }
  writer.join();
  EXPECT_EQ(One(population, Scope(""), Stratifier::kLanguage).total.denominator, 301u);
}

}  // namespace
}  // namespace equinode
