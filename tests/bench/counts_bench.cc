// Counts over a million people: one-way tables from cells and from columns against SQL GROUP BY on
// a narrow table of the same columns in an encrypted file; changes; memory; snapshots; and that all
// of them count the same. Arguments: [people, default 1000000].
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "domain/counts/population.h"
#include "tests/bench/counts_narrow.h"
#include "tests/bench/counts_people.h"

namespace equinode {
namespace {

using Steady = std::chrono::steady_clock;
using bench::AnyPerson;
using bench::CoverageOf;
using bench::FactsOf;
using bench::kDay;
using bench::kPayers;
using bench::MeasureOf;
using bench::Narrow;
using bench::OwnerUri;
using bench::PayerUri;
using bench::Person;
using std::chrono::sys_days;

const std::vector<std::uint32_t> kStarts = {0, 18, 45, 65};
constexpr int kRepeats = 5;

double Ms(Steady::time_point from) {
  return std::chrono::duration<double, std::milli>(Steady::now() - from).count();
}

// The best of some runs, in milliseconds: the machine is shared.
double Best(const std::function<void()>& run, int repeats = kRepeats) {
  double best = 1e300;
  for (int i = 0; i < repeats; ++i) {
    const auto from = Steady::now();
    run();
    best = std::min(best, Ms(from));
  }
  return best;
}

CountScope Scope(int payer) {
  return {
      .payer = PayerUri(payer), .day = kDay, .measure_period = "2025", .age_band_starts = kStarts};
}

// What SQL groups by, and the stratum's word for a group.
struct Grouping {
  Stratifier stratifier;
  std::string column;
  std::function<std::string(int)> word;
};

std::vector<Grouping> Groupings() {
  const auto closed = [](Stratifier stratifier) {
    return [stratifier](int i) {
      return std::string(ClosedStrata(stratifier)[static_cast<std::size_t>(i)]);
    };
  };
  const auto numbered = [](std::string before, int from = 0) {
    return [before, from](int i) { return before + std::to_string(from + i); };
  };
  const int day = static_cast<int>(kDay.time_since_epoch().count());
  std::string age = "(birth <= " + std::to_string(day) + ")";
  for (std::size_t i = 1; i < kStarts.size(); ++i) {
    const std::chrono::year_month_day last{std::chrono::year{2025 - static_cast<int>(kStarts[i])} /
                                           12 / 31};
    age += " + (birth <= " + std::to_string(sys_days{last}.time_since_epoch().count()) + ")";
  }
  return {
      {Stratifier::kRaceOmb1997, "race", closed(Stratifier::kRaceOmb1997)},
      {Stratifier::kEthnicityOmb1997, "ethnicity", closed(Stratifier::kEthnicityOmb1997)},
      {Stratifier::kRaceEthnicityOmb2024, "race2024", closed(Stratifier::kRaceEthnicityOmb2024)},
      {Stratifier::kLanguage, "language", numbered("l")},
      {Stratifier::kAgeBand, age,
       [](int i) {
         return std::vector<std::string>{"UNKNOWN", "0-17", "18-44", "45-64",
                                         "65+"}[static_cast<std::size_t>(i)];
       }},
      {Stratifier::kSex, "sex", closed(Stratifier::kSex)},
      {Stratifier::kLineOfBusiness, "line", numbered("line-")},
      {Stratifier::kCounty, "county", numbered("CA/County ")},
      {Stratifier::kZip3, "zip3", numbered("", 900)},
      {Stratifier::kPractice, "owner", numbered("spiffe://net/practice/clinic-")}};
}

bool Same(const RawCounts& tables, const std::map<int, Narrow::Counted>& groups,
          const Grouping& grouping) {
  std::map<std::string, Narrow::Counted> expected;
  for (const auto& [group, counted] : groups) expected[grouping.word(group)] = counted;
  std::size_t found = 0;
  for (std::size_t i = 0; i < tables[0].cells.size(); ++i) {
    const Narrow::Counted counted = expected.contains(tables[0].cells[i].stratum)
                                        ? expected[tables[0].cells[i].stratum]
                                        : Narrow::Counted{};
    found += counted.people > 0;
    if (tables[0].cells[i].denominator != counted.people ||
        tables[1].cells[i].numerator != counted.known ||
        tables[2].cells[i].denominator != counted.denominator ||
        tables[2].cells[i].numerator != counted.numerator) {
      return false;
    }
  }
  return found == expected.size();
}

TableQuery Query(int payer, Stratifier stratifier) {
  return {Scope(payer), stratifier, {"population", "available.race", "M1"}};
}

void Line(const std::string& what, double value, const std::string& unit,
          const std::string& more = "") {
  std::cout << what << std::string(what.size() < 46 ? 46 - what.size() : 1, ' ') << value << " "
            << unit << "  " << more << "\n";
}

struct Verdict {
  bool good = true;
  void Hold(bool condition, const std::string& what) {
    if (!condition) std::cout << "  NOT HELD: " << what << "\n";
    good = good && condition;
  }
};

void Tables(Population& population, const std::vector<Person>& people, Verdict& verdict) {
  Narrow narrow(people);
  std::cout << "one-way table, payer filter, three measures, best of " << kRepeats << " (ms)\n"
            << "  stratifier              cells     scan      SQL   SQL/cells   SQL/scan\n";
  double worst_ratio = 1e300;
  double worst_ms = 0;
  double worst_scan_ratio = 1e300;
  double worst_scan_ms = 0;
  for (const Grouping& grouping : Groupings()) {
    std::map<int, Narrow::Counted> groups;
    const double sql = Best([&] { groups = narrow.Group(grouping.column, 0); }, 3);
    RawCounts cells, scan;
    const TableQuery query = Query(0, grouping.stratifier);
    const double from_scan = Best([&] { scan = *population.OneWay(query); });
    static_cast<void>(population.RegisterPanel(Scope(0)).ok());
    const double from_cells = Best([&] { cells = *population.OneWay(query); });
    population.UnregisterPanel(Scope(0));
    verdict.Hold(Same(cells, groups, grouping), "cells equal SQL by " + grouping.column);
    verdict.Hold(Same(scan, groups, grouping), "scan equals SQL by " + grouping.column);
    worst_ratio = std::min(worst_ratio, sql / from_cells);
    worst_ms = std::max(worst_ms, from_cells);
    worst_scan_ratio = std::min(worst_scan_ratio, sql / from_scan);
    worst_scan_ms = std::max(worst_scan_ms, from_scan);
    std::printf("  %-22s %7.4f %8.3f %8.1f %11.0f %10.0f\n",
                std::string(StratifierName(grouping.stratifier)).c_str(), from_cells, from_scan,
                sql, sql / from_cells, sql / from_scan);
  }
  std::fflush(stdout);
  Line("least ratio SQL / cells", worst_ratio, "x", "(bar 50)");
  Line("slowest table from cells", worst_ms, "ms", "(bar 5)");
  Line("least ratio SQL / scan, no panel", worst_scan_ratio, "x");
  Line("slowest table from a scan, no panel", worst_scan_ms, "ms", "(bar 5)");
  verdict.Hold(worst_ratio >= 50 && worst_ms < 5, "one-way tables");
}

void Changes(Population& population, std::vector<Person>& people, Verdict& verdict) {
  SeededRandom random(99);
  constexpr std::size_t kChanges = 200'000;
  struct Change {
    std::size_t at;
    Person person;
    PersonFacts facts;
    std::string owner;
    CoverageFact old_coverage, new_coverage;
    MeasureFact old_measure, new_measure;
  };
  std::vector<Change> changes;
  for (std::size_t i = 0; i < kChanges; ++i) {
    const std::size_t at = random.Below(people.size());
    Person next = AnyPerson(random);
    next.owner = people[at].owner;
    changes.push_back({at, next, FactsOf(next), OwnerUri(next.owner), CoverageOf(people[at]),
                       CoverageOf(next), MeasureOf(people[at]), MeasureOf(next)});
    people[at] = next;
  }
  const auto each = [&](const std::string& what,
                        const std::function<void(const Change&, PersonNo)>& apply, int bar) {
    const auto from = Steady::now();
    for (const Change& change : changes) apply(change, static_cast<PersonNo>(change.at + 1));
    const double ns = Ms(from) * 1e6 / static_cast<double>(kChanges);
    Line(what, ns, "ns", "(bar " + std::to_string(bar) + ")");
    verdict.Hold(ns <= bar, what);
  };
  each(
      "change of a person",
      [&](const Change& c, PersonNo n) { population.PutPerson(n, c.owner, c.facts); }, 1000);
  each(
      "change of a coverage (remove + add)",
      [&](const Change& c, PersonNo n) {
        population.RemoveCoverage(n, c.old_coverage);
        population.AddCoverage(n, c.new_coverage);
      },
      1000);
  each(
      "change of a measure result (remove + add)",
      [&](const Change& c, PersonNo n) {
        population.RemoveMeasure(n, c.old_measure);
        population.AddMeasure(n, c.new_measure);
      },
      1000);
}

// The plain way: a map of words.
void Recount(const Population& population, const std::vector<Person>& people, Verdict& verdict) {
  const auto day = static_cast<std::int32_t>(kDay.time_since_epoch().count());
  for (int payer = 0; payer < kPayers; ++payer) {
    std::map<std::string, RawCell> expected;
    for (const Person& person : people) {
      if (person.payer != payer || person.start > day || person.end < day) continue;
      RawCell& cell = expected["CA/County " + std::to_string(person.county)];
      cell.denominator += person.denominator;
      cell.numerator += person.numerator;
    }
    const RawCounts tables = *population.OneWay(Query(payer, Stratifier::kCounty));
    bool same = tables[2].cells.size() == expected.size();
    for (const RawCell& cell : tables[2].cells) {
      same = same && expected[cell.stratum].denominator == cell.denominator &&
             expected[cell.stratum].numerator == cell.numerator;
    }
    verdict.Hold(same, "recount of payer " + std::to_string(payer) + " after the changes");
  }
}

void Sizes(const Population& population, Verdict& verdict) {
  const PopulationMemory memory = population.Memory();
  const auto people = static_cast<double>(memory.people);
  Line("memory: stratifiers", static_cast<double>(memory.stratifier_bytes) / people, "bytes/person",
       "(bar 16)");
  Line("memory: a measure", static_cast<double>(memory.measure_bytes) * 8 / people, "bits/person",
       "(bar 2, one measure)");
  Line("memory: an occupied cell",
       static_cast<double>(memory.cell_bytes) / static_cast<double>(memory.cells), "bytes",
       "(bar 72; room to grow included)");
  Line("memory: occupied cells, two panels", static_cast<double>(memory.cells), "cells");
  Line("memory: dictionaries", static_cast<double>(memory.dictionary_bytes) / 1024, "KiB");
  Line("memory: coverages shared", static_cast<double>(memory.coverage_bytes) / 1024, "KiB");
  Line("memory: people aside", static_cast<double>(memory.aside_bytes) / 1024, "KiB");
  Line("memory: all", static_cast<double>(memory.total()) / 1024 / 1024, "MiB");
  verdict.Hold(static_cast<double>(memory.stratifier_bytes) / people <= 16, "16 bytes a person");
}

void Snapshots(Population& population, Verdict& verdict) {
  Bytes snapshot;
  Line("snapshot", Best([&] { snapshot = population.Snapshot(1); }, 3), "ms",
       std::to_string(snapshot.size() / 1024 / 1024) + " MiB");
  Population restored;
  Line("restore, no panel", Best([&] { static_cast<void>(restored.Restore(snapshot).ok()); }, 3),
       "ms");
  static_cast<void>(restored.RegisterPanel(Scope(0)).ok());
  Line("restore, one panel", Best([&] { static_cast<void>(restored.Restore(snapshot).ok()); }, 3),
       "ms");
  for (const Stratifier stratifier : kAllStratifiers) {
    verdict.Hold(*restored.OneWay(Query(0, stratifier)) == *population.OneWay(Query(0, stratifier)),
                 "restored counts");
  }
}

int Main(std::size_t count) {
  SeededRandom random(5);
  std::vector<Person> people;
  for (std::size_t i = 0; i < count; ++i) people.push_back(AnyPerson(random));
  std::cout << "counts over " << count << " people\n";
  Verdict verdict;
  Population population;
  std::vector<std::string> owners;
  for (int i = 0; i < 200; ++i) owners.push_back(OwnerUri(i));
  auto from = Steady::now();
  for (std::size_t i = 0; i < count; ++i) {
    const auto number = static_cast<PersonNo>(i + 1);
    population.PutPerson(number, owners[people[i].owner], FactsOf(people[i]));
    population.AddCoverage(number, CoverageOf(people[i]));
    population.AddMeasure(number, MeasureOf(people[i]));
  }
  Line("fill, facts made on the way", Ms(from) * 1e3 / static_cast<double>(count), "us/person");
  Tables(population, people, verdict);
  from = Steady::now();
  static_cast<void>(population.RegisterPanel(Scope(0)).ok());
  Line("register a panel", Ms(from), "ms");
  static_cast<void>(population.RegisterPanel(Scope(1)).ok());
  Changes(population, people, verdict);
  Recount(population, people, verdict);
  Sizes(population, verdict);
  Snapshots(population, verdict);
  std::cout << (verdict.good ? "all bars held\n" : "some bars NOT held\n");
  return verdict.good ? 0 : 1;
}

}  // namespace
}  // namespace equinode

int main(int argc, char** argv) {
  return equinode::Main(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000);
}
