// A file of benchmarks or facts, and the money that is made of it: a message with its line, or
// figures whose sums hold.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string_view>

#include "domain/equity/programs/catalogue.h"
#include "domain/equity/programs/read_values.h"
#include "domain/equity/programs/score.h"

namespace {

using namespace equinode::equity;
using namespace equinode::equity::programs;

// Withheld = earned + bonus + retained, to the cent, whatever was brought.
void CheckConserved(const Score& score) {
  Rational withheld, paid;
  bool known = true;
  for (const ScoreRow& row : score.rows) {
    for (const ScoreRow::Shown& shown : row.figures) {
      const std::string& name = shown.figure->name;
      const bool in = row.level == programs::Level::kOrganisation && name == "withheld";
      const bool out =
          (row.level == programs::Level::kOrganisation && (name == "earned" || name == "bonus")) ||
          name == "retained_total";
      if (!in && !out) continue;
      known = known && shown.value.known();
      (in ? withheld : paid) += shown.value.number;
    }
  }
  if (known && withheld != paid) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view csv(reinterpret_cast<const char*>(data), size);
  constexpr std::array kPrograms = {"nc_bonus_pool", "mn_withhold", "la_withhold", "ca_covered_qti",
                                    "cms_ma_hei"};
  for (const char* id : kPrograms) {
    for (const ValueFile file : {ValueFile::kBenchmarks, ValueFile::kFacts}) {
      const Programme& programme = *FindProgramme(id);
      Evidence evidence;
      const auto read = ReadValues(csv, file, programme, evidence);
      if (!read.ok()) {
        if (!read.error().message.starts_with("line ")) std::abort();
        continue;
      }
      if (evidence.facts.size() > 40) continue;
      const auto score = ScoreProgramme(programme, evidence, {});
      if (score.ok() && programme.id == "nc_bonus_pool") CheckConserved(*score);
    }
  }
  return 0;
}
