// An analyst's file of counts, and what is made of it: whatever is read is consistent, and no
// figure from protected counts is one number.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string_view>

#include "domain/equity/analysis/analysis.h"
#include "domain/equity/counts/pool.h"
#include "domain/equity/counts/read_counts.h"

namespace {

using namespace equinode::equity;

void Check(bool holds, std::source_location at = std::source_location::current()) {
  if (holds) return;
  std::fprintf(stderr, "line %u does not hold\n", static_cast<unsigned>(at.line()));
  std::abort();
}

void CheckCount(const Count& count) {
  Check(count.lower <= count.upper);
  Check(count.noise_variance >= 0);
  Check(count.noised() || count.lower >= 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view csv(reinterpret_cast<const char*>(data), size);
  ReadCountsOptions options;
  options.measure = [](std::string_view) { return KnownMeasure{{}, Better::kHigher}; };
  const auto table = ReadCounts(csv, options);
  if (!table.ok()) {
    Check(!table.error().reason.empty() && table.error().message.size() > 10);
    return 0;
  }
  for (const Cell& cell : table->cells) {
    Check(cell.series < table->series.size());
    Check(cell.organisation < table->organisations.size());
    CheckCount(cell.counts.numerator);
    CheckCount(cell.counts.denominator);
  }
  const auto pooled = PoolOrganisations(*table);
  if (!pooled.ok() || pooled->cells.size() > 12) return 0;
  const auto analyses = Analyse(Stratify(*pooled), {});
  if (!analyses.ok()) return 0;
  for (const Analysis& analysis : *analyses) {
    for (const AnalysedGroup& group : analysis.groups) {
      Check(group.counts.exact() || !group.rate.value);
      Check(!group.rate.interval || group.rate.interval->lower <= group.rate.interval->upper);
    }
  }
  return 0;
}
