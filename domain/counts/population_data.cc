#include "domain/counts/population_data.h"

#include <cassert>

namespace equinode {
namespace {

// The dictionary behind an open list; null for the others.
const Dictionary* Words(const PopulationData& data, Stratifier stratifier) {
  switch (stratifier) {
    case Stratifier::kLanguage:
      return &data.languages;
    case Stratifier::kLineOfBusiness:
      return &data.lines_of_business;
    case Stratifier::kCounty:
      return &data.counties;
    case Stratifier::kZip3:
      return &data.zip3s;
    case Stratifier::kPractice:
      return &data.owners;
    case Stratifier::kRaceOmb1997:
    case Stratifier::kEthnicityOmb1997:
    case Stratifier::kRaceEthnicityOmb2024:
    case Stratifier::kAgeBand:
    case Stratifier::kSex:
      return nullptr;
  }
  return nullptr;
}

// Empty for any; a code that nobody has for a word that nobody has.
Result<std::optional<Dictionary::Code>> Filter(const Dictionary& words, const std::string& word,
                                               const char* reason) {
  if (word.empty()) return std::optional<Dictionary::Code>{};
  const std::optional<Dictionary::Code> code = words.Find(word);
  if (code.has_value()) return code;
  if (words.overflowed()) {
    return Error{Code::kResourceExhausted, reason,
                 "the filter names a value past the bound that counts keep in memory; raise it"};
  }
  return std::optional<Dictionary::Code>{Dictionary::kNobody};
}

}  // namespace

PopulationData::PopulationData(PopulationLimits bounds)
    : limits(bounds),
      languages(bounds.languages, {kStratumDeclined, kStratumNotAsked}),
      counties(bounds.counties),
      zip3s(bounds.zip3s),
      owners(bounds.owners),
      payers(bounds.payers),
      lines_of_business(bounds.lines_of_business, {kStratumSeveral, kStratumNone}),
      coverages(bounds.shared_coverages),
      measures(bounds.measures) {}

std::array<Dictionary*, PopulationData::kDictionaries> PopulationData::dictionaries() {
  return {&languages, &counties, &zip3s, &owners, &payers, &lines_of_business, &measures.codes()};
}

std::array<const Dictionary*, PopulationData::kDictionaries> PopulationData::dictionaries() const {
  return {&languages, &counties, &zip3s, &owners, &payers, &lines_of_business, &measures.codes()};
}

Result<Placement> PlacementOf(const PopulationData& data, const CountScope& scope) {
  std::vector<std::uint32_t> starts = scope.age_band_starts;
  if (starts.empty()) {
    starts.assign(std::begin(kDefaultAgeBandStarts), std::end(kDefaultAgeBandStarts));
  }
  if (!AgeBands::ValidStarts(starts)) {
    return Error{Code::kInvalidArgument, "BAD_AGE_BANDS",
                 "age bands begin at 0 and rise, at most 32 of them, none past 120"};
  }
  EQN_TRY(const auto payer, Filter(data.payers, scope.payer, "TOO_MANY_PAYERS"));
  EQN_TRY(const auto owner, Filter(data.owners, scope.owner, "TOO_MANY_OWNERS"));
  return Placement(payer, owner, scope.day, std::move(starts));
}

std::size_t StrataOf(const PopulationData& data, const Placement& placement,
                     Stratifier stratifier) {
  if (stratifier == Stratifier::kAgeBand) return placement.bands().size() + 1;
  const Dictionary* words = Words(data, stratifier);
  return words != nullptr ? words->size() : ClosedStrata(stratifier).size();
}

std::string LabelOf(const PopulationData& data, const Placement& placement, Stratifier stratifier,
                    std::uint16_t code) {
  if (stratifier == Stratifier::kAgeBand) return placement.bands().Label(code);
  const Dictionary* words = Words(data, stratifier);
  return std::string(words != nullptr ? words->Value(code) : ClosedStrata(stratifier)[code]);
}

bool HasOtherValues(const PopulationData& data, Stratifier stratifier) {
  const Dictionary* words = Words(data, stratifier);
  return words != nullptr && words->overflowed();
}

}  // namespace equinode
