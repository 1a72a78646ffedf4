// Pooling 1.6 x 10^8 cells of 10,000 providers, then every figure of three programmes and every
// inequality measure of what comes out. The limit is the bare reading of the same bytes from memory
// in the same run.
#include <sys/resource.h>

#include <array>
#include <cinttypes>
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

// One in eight cells is hidden, one in eight noised.
void Fill(std::uint32_t first_provider, std::uint64_t& state, std::vector<Cell>& cells) {
  std::size_t at = 0;
  for (std::uint32_t p = 0; p < kProvidersAtOnce; ++p) {
    for (std::uint32_t s = 0; s < kSeries; ++s) {
      const std::uint64_t random = Next(state);
      const auto n = static_cast<std::int64_t>(random % 200 + 11);
      const auto x = static_cast<std::int64_t>((random >> 16) % static_cast<std::uint64_t>(n));
      Cell& cell = cells[at++];
      cell = {s, first_provider + p, {Count::Exact(x), Count::Exact(n)}};
      const std::uint64_t kind = (random >> 40) % 8;
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

Times PoolProviders(std::uint32_t providers, Pool& pool) {
  std::vector<Cell> cells(std::size_t{kProvidersAtOnce} * kSeries);
  std::uint64_t state = 42;
  Times times;
  std::uint64_t sum = 0;
  for (std::uint32_t done = 0; done < providers; done += kProvidersAtOnce) {
    Fill(done, state, cells);
    double start = Seconds();
    if (!pool.Add(cells).ok()) std::abort();
    times.pool += Seconds() - start;
    start = Seconds();
    sum += ReadAll(cells);
    times.read += Seconds() - start;
  }
  std::printf("(read %" PRIu64 ")\n", sum & 0xFFF);
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

// One measure in one period: what a programme's rows of it need.
CountTable TableOf(const Pool& pool, std::uint32_t first) {
  CountTable table;
  table.organisations = {"all"};
  for (std::uint32_t s = 0; s < kStrata; ++s) {
    table.series.push_back(SeriesOf(first + s));
    table.cells.push_back({s, 0, pool.sum(first + s)});
  }
  return table;
}

// Every figure of three programmes of each measure in each of the eight periods; the seconds.
double Programmes(const Pool& pool) {
  using namespace programs;
  const double start = Seconds();
  for (const char* id : {"mi_pairwise", "mi_index_of_disparity", "or_pdtm"}) {
    const double begin = Seconds();
    const Programme* programme = FindProgramme(id);
    if (programme == nullptr) std::abort();
    std::size_t rows = 0;
    std::size_t figures = 0;
    for (std::uint32_t first = 0; first < kSeries; first += kStrata) {
      const CountTable table = TableOf(pool, first);
      const auto evidence = EvidenceOf(*programme, table, {});
      if (!evidence.ok()) {
        std::printf("%s: %s\n", id, evidence.error().message.c_str());
        std::abort();
      }
      const auto score = ScoreProgramme(*programme, *evidence, {});
      if (!score.ok()) std::abort();
      rows += score->rows.size();
      for (const ScoreRow& row : score->rows) figures += row.figures.size();
    }
    std::printf("%s: %zu figures in %zu rows, %.2f s\n", id, figures, rows, Seconds() - begin);
  }
  return Seconds() - start;
}

void Figures(const Pool& pool) {
  InequalityOptions options;
  options.setting.ordered = true;
  options.setting.reference = 0;
  for (const bool exact : {true, false}) {
    const double start = Seconds();
    std::size_t figures = 0;
    const std::uint32_t tables = exact ? kMeasures * kPeriods : 4;
    for (std::uint32_t table = 0; table < tables; ++table) {
      std::vector<GroupCounts> groups;
      for (std::uint32_t s = 0; s < kStrata; ++s) {
        CellCounts counts = pool.sum(table * kStrata + s);
        if (exact) {
          counts.numerator = Count::Exact(counts.numerator.lower);
          counts.denominator = Count::Exact(counts.denominator.lower);
        }
        groups.push_back(GroupCountsOf(counts, options.kind));
      }
      figures += InequalityMeasures(groups, options).size();
    }
    const double seconds = Seconds() - start;
    std::printf(
        "%zu figures of %u tables of %u groups, %s: %.2f s, %.0f figures/s, %.2f ms a table\n",
        figures, tables, kStrata, exact ? "exact counts" : "all hidden and noised", seconds,
        static_cast<double>(figures) / seconds, 1000 * seconds / tables);
  }
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
    Pool pool(kSeries);
    const Times times = PoolProviders(providers, pool);
    const double cells = static_cast<double>(providers) * kSeries;
    std::printf(
        "%5u providers, %.3g cells: pooled %.1f million cells/s/core (%.2f s), bare reading %.1f, "
        "ratio to it %.2f, peak memory %.0f MiB\n",
        providers, cells, cells / times.pool / 1e6, times.pool, cells / times.read / 1e6,
        times.read / times.pool, PeakMebibytes());
    if (providers < most) continue;
    const double programmes = Programmes(pool);
    std::printf("pooling and three programmes in one pass: %.1f million cells/s/core\n",
                cells / (times.pool + programmes) / 1e6);
    Figures(pool);
    std::printf("peak memory %.0f MiB\n", PeakMebibytes());
  }
  return 0;
}
