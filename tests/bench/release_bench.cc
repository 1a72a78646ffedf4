// The release gate on whole families: how long it decides, and what it hides beside the small
// counts. Arguments: [people...], default practices of three sizes and a large node. With imported
// measures, without, and with everything that can be asked about needs and referrals; those by
// sex, race and age only, and `limit` is what a collection may wait for one node's gate.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/random.h"
#include "domain/counts/population.h"
#include "domain/privacy/release/release.h"
#include "domain/report/raw_family.h"
#include "tests/bench/care_people.h"

namespace equinode {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::sys_days;

const sys_days kDay = sys_days{std::chrono::year{2025} / 12 / 31};

// Shares in hundredths of a per cent; the rest goes to the last.
template <typename T>
T Share(SeededRandom& random, const std::vector<std::pair<T, std::uint64_t>>& shares) {
  std::uint64_t left = random.Below(10'000);
  for (const auto& [value, share] : shares) {
    if (left < share) return value;
    left -= share;
  }
  return shares.back().first;
}

// A mix like California's, with answers missing as they are in practice.
PersonFacts AnyFacts(SeededRandom& random) {
  PersonFacts facts;
  facts.race1997 = Share<Race1997>(random, {{Race1997::kWhite, 4'100},
                                            {Race1997::kAsian, 1'500},
                                            {Race1997::kBlack, 600},
                                            {Race1997::kOther, 1'400},
                                            {Race1997::kTwoOrMore, 500},
                                            {Race1997::kAian, 90},
                                            {Race1997::kNhpi, 40},
                                            {Race1997::kDeclined, 450},
                                            {Race1997::kUnknown, 1'300},
                                            {Race1997::kNotAsked, 20}});
  facts.ethnicity1997 = Share<Ethnicity1997>(random, {{Ethnicity1997::kNotHispanic, 5'000},
                                                      {Ethnicity1997::kHispanic, 3'700},
                                                      {Ethnicity1997::kDeclined, 300},
                                                      {Ethnicity1997::kUnknown, 1'000}});
  facts.sex = Share<SexStratum>(random, {{SexStratum::kFemale, 5'200},
                                         {SexStratum::kMale, 4'700},
                                         {SexStratum::kOther, 20},
                                         {SexStratum::kUnknown, 80}});
  facts.language = Share<std::string>(random, {{"en", 6'000},
                                               {"es", 2'500},
                                               {"zh", 400},
                                               {"vi", 200},
                                               {"tl", 200},
                                               {"ko", 100},
                                               {"hy", 60},
                                               {"fa", 50},
                                               {"ru", 40},
                                               {"ar", 40},
                                               {"ja", 30},
                                               {"pa", 30},
                                               {"km", 20},
                                               {"hm", 20},
                                               {"UNKNOWN", 310}});
  facts.county = Share<std::string>(random, {{"CA/Los Angeles", 7'000},
                                             {"CA/Orange", 1'500},
                                             {"CA/Ventura", 800},
                                             {"CA/San Bernardino", 400},
                                             {"CA/Riverside", 200},
                                             {"CA/Kern", 50},
                                             {"CA/Inyo", 5},
                                             {"UNKNOWN", 45}});
  facts.birth_date = kDay - std::chrono::days{random.Below(33'000)};
  const auto known = [&](bool answered) {
    const bool self = random.Below(10) < 7;
    return Availability{answered, answered && self};
  };
  facts.race = known(facts.race1997 < Race1997::kDeclined);
  facts.ethnicity = known(facts.ethnicity1997 < Ethnicity1997::kDeclined);
  facts.language_known = known(facts.language != "UNKNOWN");
  return facts;
}

enum class Asked { kBuiltIn, kImported, kCare };
constexpr double kLimitMs = 3000;

ReportDefinition Definition(Asked asked) {
  ReportDefinition definition{.name = "bench", .payer = "spiffe://net/payer/plan"};
  definition.period_start = sys_days{std::chrono::year{2025} / 1 / 1};
  definition.period_end = kDay;
  definition.measure_period = "2025";
  std::vector<std::string> measures = {"population"};
  for (const std::string_view measure : kAvailabilityMeasures) measures.emplace_back(measure);
  if (asked == Asked::kCare) {
    measures = bench::CareMeasures();
    measures.insert(measures.begin(), "population");
    for (const Stratifier by : {Stratifier::kSex, Stratifier::kRaceOmb1997, Stratifier::kAgeBand}) {
      definition.tables.push_back({std::string(StratifierName(by)), measures, {by}});
    }
    return definition;
  }
  if (asked == Asked::kImported) measures.insert(measures.end(), {"CMS122", "CMS165", "CMS130"});
  for (const Stratifier stratifier :
       {Stratifier::kRaceOmb1997, Stratifier::kEthnicityOmb1997, Stratifier::kLanguage,
        Stratifier::kAgeBand, Stratifier::kSex, Stratifier::kLineOfBusiness, Stratifier::kCounty,
        Stratifier::kPractice}) {
    definition.tables.push_back({std::string(StratifierName(stratifier)), measures, {stratifier}});
  }
  return definition;
}

void Run(std::size_t people, Asked asked) {
  Population population;
  SeededRandom random(people);
  for (PersonNo person = 1; person <= people; ++person) {
    population.PutPerson(person, "spiffe://net/practice/a", AnyFacts(random));
    population.AddCoverage(
        person,
        {"spiffe://net/payer/plan", random.Below(10) < 7 ? "medicaid" : "medicare", {}, {}});
    for (const char* measure : {"CMS122", "CMS165", "CMS130"}) {
      population.AddMeasure(person, {measure, "2025", random.Below(5) == 0, random.Below(2) == 0});
    }
  }
  const ReportDefinition definition = Definition(asked);
  std::vector<ComputedMeasure> computed;
  if (asked == Asked::kCare) {
    computed = bench::CareCounted(bench::CareMeasures(), people, people,
                                  {definition.period_start, definition.period_end});
  }
  const auto raw = CountFamily(population, definition, "", computed);
  if (!raw.ok()) {
    std::fprintf(stderr, "release bench: %s\n", raw.error().message.c_str());
    std::exit(1);
  }
  const auto from = Steady::now();
  const auto released = Release(*raw, RuleOf(definition));
  const double ms = std::chrono::duration<double, std::milli>(Steady::now() - from).count();
  std::size_t values = 0, zeros = 0, small = 0, hidden = 0, withheld = 0;
  for (std::size_t i = 0; i < raw->tables.size(); ++i) {
    const AnswerTable& table = released->tables()[i];
    withheld += table.withheld;
    for (std::size_t c = 0; c < table.cells.size(); ++c) {
      const RawTable& counts = raw->tables[i].counts;
      const RawCell& cell = c < counts.cells.size() ? counts.cells[c] : counts.total;
      const auto take = [&](const ShownValue& shown, std::uint64_t value) {
        if (shown.kind == ShownKind::kNone) return;
        ++values;
        zeros += value == 0;
        small += value >= 1 && value <= 10;
        hidden += shown.kind == ShownKind::kHidden;
      };
      take(table.cells[c].denominator, cell.denominator);
      take(table.cells[c].numerator, cell.numerator);
    }
  }
  const char* what = asked == Asked::kCare       ? "needs   "
                     : asked == Asked::kImported ? "with    "
                                                 : "without ";
  std::printf("%9zu %s %9zu %7zu %7zu %8zu %10zu %9.1f  limit %.0f: %s\n", people, what, values,
              zeros, small, hidden, withheld, ms, kLimitMs, ms < kLimitMs ? "held" : "NOT HELD");
}

}  // namespace
}  // namespace equinode

int main(int argc, char** argv) {
  std::printf("   people measures    values   zeros   small   hidden   withheld        ms\n");
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::strtoul(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = {300, 2'000, 20'000, 200'000};
  for (const std::size_t people : sizes) {
    for (const auto asked :
         {equinode::Asked::kBuiltIn, equinode::Asked::kImported, equinode::Asked::kCare}) {
      equinode::Run(people, asked);
    }
  }
  return 0;
}
