// Any mix of inserts, changes and deletes, facts before their people included, against a recount.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "domain/counts/population.h"
#include "tests/domain/counts/recount.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

constexpr PersonNo kPeople[] = {1, 2, 3, 4, 5, 6, 7, 8, 16383, 16384, 50000};
const std::vector<std::string> kPayers = {"spiffe://n/payer/a", "spiffe://n/payer/b", ""};
const std::vector<std::string> kOwners = {"spiffe://n/practice/x", "spiffe://n/practice/y"};
const std::vector<std::string> kMeasures = {"M1", "M2", "M3", "M4", "M5", "M6"};
const sys_days kCountDay = sys_days{std::chrono::year{2025} / 12 / 31};

template <typename Enum>
rc::Gen<Enum> AnyOf(int count) {
  return rc::gen::map(rc::gen::inRange(0, count), [](int i) { return static_cast<Enum>(i); });
}

std::string Pick(const std::vector<std::string>& words) { return *rc::gen::elementOf(words); }

Availability AnyAvailability() {
  const int i = *rc::gen::inRange(0, 3);
  return {.known = i > 0, .self_reported = i > 1};
}

PersonFacts AnyFacts() {
  PersonFacts facts;
  facts.race1997 = *AnyOf<Race1997>(10);
  facts.ethnicity1997 = *AnyOf<Ethnicity1997>(5);
  facts.race2024 = *AnyOf<RaceEthnicity2024>(12);
  facts.sex = *AnyOf<SexStratum>(6);
  facts.language = Pick({"en", "es", "zh", "DECLINED", "UNKNOWN", "NOT_ASKED"});
  facts.county = Pick({"CA/Alameda", "CA/Kern", "UNKNOWN"});
  facts.zip3 = Pick({"940", "941", "UNKNOWN"});
  if (*rc::gen::inRange(0, 6) > 0) {
    facts.birth_date = kCountDay - std::chrono::days{*rc::gen::inRange(-40, 38000)};
  }
  facts.race = AnyAvailability();
  facts.ethnicity = AnyAvailability();
  facts.language_known = AnyAvailability();
  return facts;
}

CoverageFact AnyCoverage() {
  CoverageFact coverage{.payer = Pick(kPayers),
                        .line_of_business = Pick({"", "medicaid", "medicare"})};
  if (*rc::gen::inRange(0, 3) > 0)
    coverage.start = kCountDay + std::chrono::days{*rc::gen::inRange(-3, 2)};
  if (*rc::gen::inRange(0, 3) > 0)
    coverage.end = kCountDay + std::chrono::days{*rc::gen::inRange(-1, 3)};
  return coverage;
}

MeasureFact AnyMeasure() {
  MeasureFact fact{.measure = Pick(kMeasures), .period = Pick({"2025", "2024"})};
  fact.in_denominator = *rc::gen::inRange(0, 4) > 0;
  fact.in_numerator = fact.in_denominator && *rc::gen::inRange(0, 2) > 0;
  return fact;
}

template <typename Fact>
Fact TakeOne(std::vector<Fact>& facts) {
  const auto at = *rc::gen::inRange<std::size_t>(0, facts.size());
  const Fact fact = facts[at];
  facts.erase(facts.begin() + static_cast<std::ptrdiff_t>(at));
  return fact;
}

void OneChange(Population& population, recount::People& people) {
  const PersonNo number =
      *rc::gen::elementOf(std::vector<PersonNo>(std::begin(kPeople), std::end(kPeople)));
  recount::Known& person = people[number];
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
    case 1:
    case 2:
      person.present = true;
      person.owner = Pick(kOwners);
      person.facts = AnyFacts();
      return population.PutPerson(number, person.owner, person.facts);
    case 3:
      person.present = false;
      return population.RemovePerson(number);
    case 4:
      person.coverages.push_back(AnyCoverage());
      return population.AddCoverage(number, person.coverages.back());
    case 5:
      person.measures.push_back(AnyMeasure());
      return population.AddMeasure(number, person.measures.back());
    case 6:
      if (!person.coverages.empty()) population.RemoveCoverage(number, TakeOne(person.coverages));
      return;
    default:
      if (!person.measures.empty()) population.RemoveMeasure(number, TakeOne(person.measures));
  }
}

CountScope AnyScope() {
  CountScope scope{
      .payer = Pick(kPayers), .day = kCountDay, .measure_period = Pick({"2025", "2024"})};
  if (*rc::gen::inRange(0, 2) > 0) scope.age_band_starts = {0, 5, 18, 40, 65, 85};
  if (*rc::gen::inRange(0, 3) == 0) scope.owner = Pick(kOwners);
  return scope;
}

void ExpectRecount(const Population& population, const recount::People& people,
                   const CountScope& scope) {
  std::vector<std::string> measures = kMeasures;
  measures.insert(measures.begin(), "population");
  for (const std::string_view measure : kAvailabilityMeasures) measures.emplace_back(measure);
  for (const Stratifier stratifier : kAllStratifiers) {
    const auto tables = population.OneWay({scope, stratifier, measures});
    RC_ASSERT(tables.ok());
    RC_ASSERT(tables->size() == measures.size());
    for (std::size_t i = 0; i < measures.size(); ++i) {
      RawTable expected = recount::Table(people, scope, stratifier, measures[i]);
      // Open lists name whoever is in the population, also in tables where nobody of them counts.
      RC_ASSERT((*tables)[i].cells == expected.cells);
      RC_ASSERT((*tables)[i].total == expected.total);
    }
  }
}

void RunMix(std::size_t shared_coverages) {
  PopulationLimits limits;
  limits.shared_coverages = shared_coverages;
  Population population(limits);
  recount::People people;
  std::vector<CountScope> panels;
  const int rounds = *rc::gen::inRange(1, 6);
  for (int round = 0; round < rounds; ++round) {
    const int changes = *rc::gen::inRange(0, 25);
    for (int i = 0; i < changes; ++i) OneChange(population, people);
    if (*rc::gen::inRange(0, 3) == 0) {
      RC_ASSERT(population.Restore(population.Snapshot(1)).ok());
    }
    panels.push_back(AnyScope());
    RC_ASSERT(population.RegisterPanel(panels.back()).ok());
  }
  for (const CountScope& scope : panels) ExpectRecount(population, people, scope);
  ExpectRecount(population, people, AnyScope());
}

TEST(PopulationProperty, EqualsARecountAfterAnyMixOfChanges) {
  EXPECT_TRUE(rc::check([] { RunMix(65534); }));
}

TEST(PopulationProperty, EqualsARecountWhenSharedCoveragesAreFull) {
  EXPECT_TRUE(rc::check([] { RunMix(2); }));
}

}  // namespace
}  // namespace equinode
