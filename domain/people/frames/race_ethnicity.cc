#include "domain/people/frames/race_ethnicity.h"

#include <array>
#include <bitset>
#include <utility>

#include "domain/people/assertion_rules.h"
#include "domain/people/tables.h"

namespace equinode {
namespace {

using Selections = std::bitset<16>;
constexpr std::size_t Bit(OmbCategory category) { return static_cast<std::size_t>(category); }

// The stratum of an answer without a value.
template <typename Stratum>
Stratum StateStratum(const Assertion* assertion) {
  if (assertion == nullptr || !assertion->conflict.empty()) return Stratum::kUnknown;
  if (assertion->state == AnswerState::kDeclined) return Stratum::kDeclined;
  if (assertion->state == AnswerState::kNotAsked) return Stratum::kNotAsked;
  return Stratum::kUnknown;
}

// OTH: "none of these", as the person or the source coded it.
bool SaysOther(const Assertion& assertion) {
  for (const Coded& coded : assertion.values) {
    if (StateOfNull(coded.system, coded.code) == AnswerState::kOther) return true;
  }
  return false;
}

template <OmbCategory CdcrecCode::*Frame>
Selections SelectionsOf(const Assertion* assertion) {
  Selections selections;
  if (assertion == nullptr || !IsUsable(*assertion)) return selections;
  for (const Coded& coded : assertion->values) {
    const CdcrecCode* code = FindCdcrec(coded.system, coded.code);
    if (code != nullptr) selections.set(Bit(code->*Frame));
  }
  if (assertion->field == AssertionField::kRace && SaysOther(*assertion)) {
    selections.set(Bit(OmbCategory::kOther));
  }
  selections.reset(Bit(OmbCategory::kNone));
  return selections;
}

template <typename Stratum, std::size_t N>
Stratum Only(const Selections& selections,
             const std::array<std::pair<OmbCategory, Stratum>, N>& strata) {
  for (const auto& [category, stratum] : strata) {
    if (selections.test(Bit(category))) return stratum;
  }
  return Stratum::kUnknown;
}

constexpr std::array<std::pair<OmbCategory, Race1997>, 6> kRaces1997 = {{
    {OmbCategory::kAian, Race1997::kAian},
    {OmbCategory::kAsian, Race1997::kAsian},
    {OmbCategory::kBlack, Race1997::kBlack},
    {OmbCategory::kNhpi, Race1997::kNhpi},
    {OmbCategory::kWhite, Race1997::kWhite},
    {OmbCategory::kOther, Race1997::kOther},
}};
constexpr std::array<std::pair<OmbCategory, RaceEthnicity2024>, 8> kGroups2024 = {{
    {OmbCategory::kAian, RaceEthnicity2024::kAian},
    {OmbCategory::kAsian, RaceEthnicity2024::kAsian},
    {OmbCategory::kBlack, RaceEthnicity2024::kBlack},
    {OmbCategory::kHispanic, RaceEthnicity2024::kHispanic},
    {OmbCategory::kMena, RaceEthnicity2024::kMena},
    {OmbCategory::kNhpi, RaceEthnicity2024::kNhpi},
    {OmbCategory::kWhite, RaceEthnicity2024::kWhite},
    {OmbCategory::kOther, RaceEthnicity2024::kOther},
}};

// White only as the 1997 parent of a detail that 2024 has elsewhere: Middle Eastern, Afghan.
bool WhiteOnlyAsParent(const Assertion& race) {
  bool moved = false;
  for (const Coded& coded : race.values) {
    const CdcrecCode* code = FindCdcrec(coded.system, coded.code);
    if (code == nullptr || code->in1997 != OmbCategory::kWhite) continue;
    if (code->in2024 != OmbCategory::kWhite) {
      moved = true;
    } else if (!code->minimum) {
      return false;
    }
  }
  return moved;
}

}  // namespace

Race1997 Race1997Of(const Assertion* race) {
  const Selections selections = SelectionsOf<&CdcrecCode::in1997>(race);
  if (selections.none()) return StateStratum<Race1997>(race);
  if (selections.count() > 1) return Race1997::kTwoOrMore;
  return Only(selections, kRaces1997);
}

Ethnicity1997 Ethnicity1997Of(const Assertion* ethnicity) {
  const Selections selections = SelectionsOf<&CdcrecCode::in1997>(ethnicity);
  if (selections.test(Bit(OmbCategory::kHispanic))) return Ethnicity1997::kHispanic;
  if (selections.test(Bit(OmbCategory::kNotHispanic))) return Ethnicity1997::kNotHispanic;
  return StateStratum<Ethnicity1997>(ethnicity);
}

namespace {

// One question: a contradiction in either half leaves it unanswered.
bool Contradicted(const Assertion* race, const Assertion* ethnicity) {
  return (race != nullptr && !race->conflict.empty()) ||
         (ethnicity != nullptr && !ethnicity->conflict.empty());
}

Selections CombinedSelections(const Assertion* race, const Assertion* ethnicity) {
  Selections selections = SelectionsOf<&CdcrecCode::in2024>(race);
  if (selections.test(Bit(OmbCategory::kWhite)) && WhiteOnlyAsParent(*race)) {
    selections.reset(Bit(OmbCategory::kWhite));
  }
  if (Ethnicity1997Of(ethnicity) == Ethnicity1997::kHispanic) {
    selections.set(Bit(OmbCategory::kHispanic));
  }
  if (selections.count() > 1) selections.reset(Bit(OmbCategory::kOther));
  return selections;
}

template <typename Stratum, std::size_t N>
std::vector<OmbCategory> Listed(const Selections& selections,
                                const std::array<std::pair<OmbCategory, Stratum>, N>& strata) {
  std::vector<OmbCategory> listed;
  for (const auto& [category, stratum] : strata) {
    if (selections.test(Bit(category))) listed.push_back(category);
  }
  return listed;
}

}  // namespace

std::vector<OmbCategory> Selections1997Of(const Assertion* race) {
  return Listed(SelectionsOf<&CdcrecCode::in1997>(race), kRaces1997);
}

std::vector<OmbCategory> Selections2024Of(const Assertion* race, const Assertion* ethnicity) {
  if (Contradicted(race, ethnicity)) return {};
  return Listed(CombinedSelections(race, ethnicity), kGroups2024);
}

RaceEthnicity2024 RaceEthnicity2024Of(const Assertion* race, const Assertion* ethnicity) {
  if (Contradicted(race, ethnicity)) return RaceEthnicity2024::kUnknown;
  const Selections selections = CombinedSelections(race, ethnicity);
  if (selections.count() > 1) return RaceEthnicity2024::kTwoOrMore;
  if (selections.any()) return Only(selections, kGroups2024);
  // Asked in two halves: the race's says why there is no answer, or else the ethnicity's.
  const auto why = StateStratum<RaceEthnicity2024>(race);
  return why != RaceEthnicity2024::kUnknown ? why : StateStratum<RaceEthnicity2024>(ethnicity);
}

}  // namespace equinode
