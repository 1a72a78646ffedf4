// Made-up people for the benchmark of counts.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include "base/random.h"
#include "domain/people/facts.h"

namespace equinode::bench {

using std::chrono::sys_days;

inline const sys_days kDay = sys_days{std::chrono::year{2025} / 12 / 31};
inline constexpr int kPayers = 5;

// A person as small numbers, so that a million of them are quickly made and easily recounted.
struct Person {
  std::uint8_t race, ethnicity, race2024, sex, language, county, payer, line, denominator,
      numerator;
  bool known_race;
  std::uint8_t zip3, owner;
  std::int32_t birth, start, end;
};

// Skewed: low numbers are frequent.
inline std::uint8_t Skewed(SeededRandom& random, std::uint64_t values) {
  return static_cast<std::uint8_t>(
      std::min(random.Below(values), std::min(random.Below(values), random.Below(values))));
}

inline Person AnyPerson(SeededRandom& random) {
  Person person{};
  person.race = Skewed(random, 10);
  person.ethnicity = Skewed(random, 5);
  person.race2024 = Skewed(random, 12);
  person.sex = Skewed(random, 6);
  person.language = Skewed(random, 40);
  person.county = Skewed(random, 58);
  person.zip3 = Skewed(random, 120);
  person.owner = static_cast<std::uint8_t>(random.Below(200));
  person.payer = static_cast<std::uint8_t>(random.Below(kPayers));
  person.line = Skewed(random, 4);
  person.known_race = person.race < 7;
  person.denominator = static_cast<std::uint8_t>(random.Below(3) == 0);
  person.numerator = static_cast<std::uint8_t>(person.denominator != 0 && random.Below(2) == 0);
  const auto day = static_cast<std::int32_t>(kDay.time_since_epoch().count());
  person.birth = day - static_cast<std::int32_t>(random.Below(33'000));
  // Coverage begins on a first of a month; one in twelve has ended.
  person.start = day - 30 * static_cast<std::int32_t>(1 + random.Below(36));
  person.end = random.Below(12) == 0 ? day - 10 : day + 10'000;
  return person;
}

inline std::string PayerUri(int payer) {
  return "spiffe://net/payer/plan-" + std::to_string(payer);
}
inline std::string OwnerUri(int owner) {
  return "spiffe://net/practice/clinic-" + std::to_string(owner);
}

inline PersonFacts FactsOf(const Person& person) {
  PersonFacts facts;
  facts.race1997 = static_cast<Race1997>(person.race);
  facts.ethnicity1997 = static_cast<Ethnicity1997>(person.ethnicity);
  facts.race2024 = static_cast<RaceEthnicity2024>(person.race2024);
  facts.sex = static_cast<SexStratum>(person.sex);
  facts.language = "l" + std::to_string(person.language);
  facts.county = "CA/County " + std::to_string(person.county);
  facts.zip3 = std::to_string(900 + person.zip3);
  facts.birth_date = sys_days{std::chrono::days{person.birth}};
  facts.race.known = person.known_race;
  return facts;
}

inline CoverageFact CoverageOf(const Person& person) {
  return {PayerUri(person.payer), "line-" + std::to_string(person.line),
          sys_days{std::chrono::days{person.start}}, sys_days{std::chrono::days{person.end}}};
}

inline MeasureFact MeasureOf(const Person& person) {
  return {"M1", "2025", person.denominator != 0, person.numerator != 0};
}

}  // namespace equinode::bench
