// A programme's file: any text to a programme that can be scored, or to a message.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "domain/equity/programs/programme_text.h"
#include "domain/equity/programs/score.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode::equity;
  using namespace equinode::equity::programs;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto programme = ParseProgramme(text);
  if (!programme.ok()) {
    if (programme.error().reason.empty() || programme.error().message.size() < 5) std::abort();
    return 0;
  }
  for (const programs::Figure& figure : programme->figures) {
    if (!figure.bands.empty()) StepOf(figure.bands, Rational::Of(101, 2));
  }
  // What is taken is scored without a fault; rules that square a square again and again are slow.
  if (programme->figures.size() > 8 || programme->readings.size() > 3) return 0;
  Evidence evidence;
  for (const std::string& period : programme->periods) {
    for (const char* group : {"", "A", "B"}) {
      evidence.standings[{"o", "M", period, {"", group, ""}}] = {
          CellCounts{group[0] == 'B' ? Count::Between(1, 10) : Count::Exact(7), Count::Exact(20)},
          {}};
    }
  }
  const auto score = ScoreProgramme(*programme, evidence, {});
  if (!score.ok()) return 0;
  for (const ScoreRow& row : score->rows) {
    for (const ScoreRow::Shown& shown : row.figures) {
      if (!shown.value.known() && shown.value.reason.empty()) std::abort();
      if (shown.value.open()) std::abort();
      Text(shown.value, shown.figure->unit);
    }
  }
  return 0;
}
