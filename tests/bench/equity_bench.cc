// Pooling 1.6 x 10^8 cells of 10,000 providers and every figure of three programmes in one pass,
// then every inequality measure of what comes out; and the same of protected cells. The limit is
// the bare reading of the same bytes from memory in the same run.
#include <sys/resource.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "domain/equity/counts/pool.h"
#include "domain/equity/programs/catalogue.h"
#include "domain/equity/programs/score.h"
#include "domain/equity/stats/inequality.h"

namespace equinode::equity {
namespace {

constexpr std::uint32_t kMeasures = 100;
constexpr std::uint32_t kStrata = 20;
constexpr std::uint32_t kPeriods = 8;
constexpr std::uint32_t kSeries = kMeasures * kStrata * kPeriods;
constexpr std::uint32_t kProvidersAtOnce = 125;  // 112 MB of cells.

// Of this core: what others do on the machine meanwhile is not counted.
double Seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
double PeakMebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// SplitMix64: cheap, and the same everywhere.
std::uint64_t Next(std::uint64_t& state) {
  std::uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// With `guarded` one in eight cells is hidden, one in eight noised.
void Fill(std::uint32_t first_provider, bool guarded, std::uint64_t& state,
          std::vector<Cell>& cells) {
  std::size_t at = 0;
  for (std::uint32_t p = 0; p < kProvidersAtOnce; ++p) {
    for (std::uint32_t s = 0; s < kSeries; ++s) {
      const std::uint64_t random = Next(state);
      const auto n = static_cast<std::int64_t>(random % 200 + 11);
      const auto x = static_cast<std::int64_t>((random >> 16) % static_cast<std::uint64_t>(n));
      Cell& cell = cells[at++];
      cell = {s, first_provider + p, {Count::Exact(x), Count::Exact(n)}};
      const std::uint64_t kind = (random >> 40) % 8;
      if (!guarded) continue;
      if (kind == 0) cell.counts.numerator = Count::Between(1, 10);
      if (kind == 1) cell.counts.numerator = Count::Noised(x, 8 * kMillion);
    }
  }
}

// Every word once: what memory gives.
std::uint64_t ReadAll(const std::vector<Cell>& cells) {
  const auto* words = reinterpret_cast<const std::uint64_t*>(cells.data());
  const std::size_t count = cells.size() * sizeof(Cell) / sizeof(std::uint64_t);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += words[i];
  return sum;
}

struct Times {
  double pool = 0;
  double read = 0;
};

Times PoolProviders(std::uint32_t providers, bool guarded, Pool& pool) {
  std::vector<Cell> cells(std::size_t{kProvidersAtOnce} * kSeries);
  std::uint64_t state = 42;
  Times times;
  std::uint64_t sum = 0;
  for (std::uint32_t done = 0; done < providers; done += kProvidersAtOnce) {
    Fill(done, guarded, state, cells);
    double start = Seconds();
    if (!pool.Add(cells).ok()) std::abort();
    times.pool += Seconds() - start;
    start = Seconds();
    sum += ReadAll(cells);
    times.read += Seconds() - start;
  }
  if (sum == 0) std::abort();
  return times;
}

// Michigan's groups, then languages: the same 20 strata for every measure and period.
constexpr std::array<std::string_view, 7> kGroups = {
    "American Indian/Alaska Native",
    "Asian American/Native Hawaiian & Other Pacific Islander",
    "African American",
    "Hispanic",
    "White",
    "Unknown/Other/Declined",
    "Other"};

Series SeriesOf(std::uint32_t series) {
  const std::uint32_t stratum = series % kStrata;
  Series one;
  one.measure = "M" + std::to_string(series / kStrata % kMeasures);
  one.period = "MY" + std::to_string(2017 + series / kStrata / kMeasures);
  one.better = Better::kHigher;
  if (stratum < kGroups.size()) {
    one.frame = "michigan";
    one.dimension = "race";
    one.stratum = kGroups[stratum];
  } else {
    one.dimension = "language";
    one.stratum = "language " + std::to_string(stratum);
  }
  return one;
}

// One period, `measures` of it: what a programme is scored from.
CountTable TableOf(const Pool& pool, std::uint32_t period, std::uint32_t measures) {
  CountTable table;
  table.organisations = {"all"};
  for (std::uint32_t s = 0; s < measures * kStrata; ++s) {
    const std::uint32_t series = period * kMeasures * kStrata + s;
    table.series.push_back(SeriesOf(series));
    table.cells.push_back({s, 0, pool.sum(series)});
  }
  return table;
}

// Every figure of three programmes of each measure in each of the eight periods; the seconds.
double Programmes(const Pool& pool, std::uint32_t periods, std::uint32_t measures) {
  using namespace programs;
  const double start = Seconds();
  for (const auto& [id, dimension] :
       {std::pair{"mi_pairwise", ""}, {"mi_index_of_disparity", ""}, {"or_pdtm", "language"}}) {
    const double begin = Seconds();
    const Programme* programme = FindProgramme(id);
    if (programme == nullptr) std::abort();
    EvidenceOptions options;
    options.dimension = dimension;
    std::size_t rows = 0;
    std::size_t figures = 0;
    for (std::uint32_t period = 0; period < periods; ++period) {
      const CountTable counts = TableOf(pool, period, measures);
      auto evidence = EvidenceOf(*programme, counts, options);
      if (!evidence.ok()) std::abort();
      evidence->benchmarks[{"", "", "p50"}] = Rational(50);
      const auto score = ScoreProgramme(*programme, *evidence, {});
      if (!score.ok()) std::abort();
      rows += score->rows.size();
      for (const ScoreRow& row : score->rows) figures += row.figures.size();
    }
    std::printf("  %s: %zu figures in %zu rows of %u measures x %u periods, %.2f s\n", id, figures,
                rows, measures, periods, Seconds() - begin);
  }
  return Seconds() - start;
}

void Inequality(const Pool& pool, std::uint32_t tables) {
  InequalityOptions options;
  options.setting.ordered = true;
  options.setting.reference = 0;
  const double start = Seconds();
  std::size_t figures = 0;
  for (std::uint32_t table = 0; table < tables; ++table) {
    std::vector<GroupCounts> groups;
    for (std::uint32_t s = 0; s < kStrata; ++s) {
      groups.push_back(GroupCountsOf(pool.sum(table * kStrata + s), options.kind));
    }
    figures += InequalityMeasures(groups, options).size();
  }
  const double seconds = Seconds() - start;
  std::printf("  inequality: %zu figures of %u tables of %u groups, %.2f s, %.2f ms a table\n",
              figures, tables, kStrata, seconds, 1000 * seconds / tables);
}

// The sums stay, the cells go: memory is that of the sums and one block of cells.
void Pass(std::uint32_t providers, bool guarded, std::uint32_t periods, std::uint32_t measures) {
  Pool pool(kSeries);
  const Times times = PoolProviders(providers, guarded, pool);
  const double cells = static_cast<double>(providers) * kSeries;
  std::printf(
      "%5u providers, %.3g %s cells: pooled %.1f million cells/s/core (%.2f s), bare reading %.1f, "
      "ratio to it %.2f\n",
      providers, cells, guarded ? "guarded" : "plain", cells / times.pool / 1e6, times.pool,
      cells / times.read / 1e6, times.read / times.pool);
  const double programmes = Programmes(pool, periods, measures);
  if (periods * measures == kMeasures * kPeriods) {
    const double whole = cells / (times.pool + programmes) / 1e6;
    std::printf("  pooled and three programmes: %.1f million cells/s/core, ratio to 30 %.2f\n",
                whole, whole / 30);
  }
  Inequality(pool, periods * measures);
  std::printf("  peak memory %.0f MiB\n", PeakMebibytes());
}

}  // namespace
}  // namespace equinode::equity

int main(int argc, char** argv) {
  using namespace equinode::equity;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  const std::uint32_t most = quick ? 1000 : 10000;
  std::printf("%u measures x %u strata x %u periods = %u series; a cell is %zu bytes\n", kMeasures,
              kStrata, kPeriods, kSeries, sizeof(Cell));
  for (std::uint32_t providers = most / 8; providers <= most; providers *= 2) {
    Pass(providers, false, kPeriods, kMeasures);
  }
  Pass(most / 8, true, 1, 8);
  return 0;
}
