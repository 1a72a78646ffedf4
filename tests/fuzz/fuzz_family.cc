// A release family from outside: what is read adds up, its patterns are of it, and what is decided
// of it prints no small count, whatever the counts are and however the equations hang together.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "client/privacy/family_file.h"
#include "domain/privacy/protect/protect.h"

namespace equinode::privacy {
namespace {

void Must(bool holds) {
  if (!holds) std::abort();
}

constexpr std::size_t kMostCellsHere = 60;        // So that one input takes no seconds.
constexpr std::uint64_t kEffortHere = 5'000'000;  // Undecided then, which is safe to be.

void Decide(const FamilyCase& one) {
  ProtectOptions options;
  options.rules.small = one.small;
  options.max_effort = kEffortHere;
  const auto outcome = Protect(one.family, options);
  if (!outcome.ok()) {  // Only because a zero was hidden before: all else would be a fault of ours.
    Must(outcome.error().reason == "ZERO_HIDDEN");
    return;
  }
  Must(CheckPattern(one.family, outcome->pattern).ok());
  if (!outcome->safe) return;
  for (Cell cell = 0; cell < one.family.cells.size(); ++cell) {
    Must(!one.small.Has(one.family.cells[cell].count) ||
         !ReaderHas(one.family, outcome->pattern, cell));
  }
}

}  // namespace
}  // namespace equinode::privacy

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode::privacy;
  const auto file = ParseFamilies({reinterpret_cast<const char*>(data), size});
  if (!file.ok()) return 0;
  for (const FamilyCase& one : file->cases) {
    Must(Check(one.family).ok());
    const bool few = one.family.cells.size() <= kMostCellsHere && one.small.to <= 1'000;
    if (few) Decide(one);
    for (const NamedPattern& each : one.patterns) {
      Must(CheckPattern(one.family, each.pattern).ok());
      if (!few) continue;
      AuditOptions options;
      options.small = one.small;
      options.intervals = true;
      options.max_effort = kEffortHere;
      const auto report = Audit(one.family, each.pattern, options);
      Must(report.ok() || report.error().reason == "ZERO_HIDDEN");
    }
  }
  return 0;
}
