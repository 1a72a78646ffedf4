// "PROGRAMME\n" and a file of counts, exact, hidden and noised, through the whole engine.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/random.h"
#include "domain/equity/counts/read_counts.h"
#include "domain/equity/programs/catalogue.h"
#include "domain/equity/programs/score.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode::equity;
  using namespace equinode::equity::programs;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return 0;
  const Programme* programme = FindProgramme(text.substr(0, end));
  if (programme == nullptr) return 0;
  ReadCountsOptions options;
  options.measure = [](std::string_view) { return KnownMeasure{{}, Better::kHigher}; };
  const auto table = ReadCounts(text.substr(end + 1), options);
  if (!table.ok() || table->cells.size() > 16) return 0;
  bool exact = true;
  for (const Cell& cell : table->cells) exact = exact && cell.counts.exact();
  auto evidence = EvidenceOf(*programme, *table, {});
  if (!evidence.ok()) return 0;
  for (const NamedInput& input : programme->benchmarks) {
    evidence->benchmarks[{"", "", input.name}] = Rational(50);
  }
  equinode::SeededRandom random(1);
  const Chance chance{{Supposing::kSameRates, 20}, &random};
  const auto score = ScoreProgramme(*programme, *evidence, {}, chance);
  if (!score.ok()) std::abort();
  for (const ScoreRow& row : score->rows) {
    for (const ScoreRow::Shown& shown : row.figures) {
      if (shown.value.open() || (exact && shown.upper)) std::abort();
      if (shown.upper && shown.value.kind == Value::Kind::kNumber &&
          shown.value.number > shown.upper->number) {
        std::abort();
      }
    }
  }
  return 0;
}
