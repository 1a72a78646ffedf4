// From what was said to the state of an answer: which codes are values, which say that there is
// none, and whether an answer contradicts itself or its neighbour (DESIGN section 7). Pure.
#pragma once

#include <string_view>
#include <vector>

#include "domain/people/record.h"

namespace equinode {

// Words of Assertion::conflict.
namespace conflict {
// An ethnicity code among the races, as Synthea of 2019 has it: 2135-2 shown as "Other".
inline constexpr std::string_view kEthnicityCodeInRace = "ETHNICITY_CODE_IN_RACE";
inline constexpr std::string_view kRaceCodeInEthnicity = "RACE_CODE_IN_ETHNICITY";
// The ethnicity denies what the race's wrong code says.
inline constexpr std::string_view kContradictedByRace = "CONTRADICTED_BY_RACE";
// US Core us-core-23: asked but unknown, unknown and their like stand alone.
inline constexpr std::string_view kNullWithValue = "NULL_BESIDE_VALUE";
// Hispanic and not Hispanic, female and male: of a question with one answer.
inline constexpr std::string_view kSeveralAnswers = "SEVERAL_ANSWERS";
// The words beside a code are those of another answer.
inline constexpr std::string_view kCodeDisplayDiffer = "CODE_DISPLAY_DIFFER";
}  // namespace conflict

// Decides state, conflict and sensitivity labels of an assertion from its field and values alone;
// what stood there before is overwritten. An empty value set is ABSENT. A code that the tables do
// not know makes the answer UNMAPPED, whatever stands beside it: half an answer set is not the
// answer. Words without a code are OTHER.
void Judge(Assertion& assertion);

// Judges each, then holds race and ethnicity of the record against each other.
void JudgeAll(std::vector<Assertion>& assertions);

// No conflict, and a value: what may become a stratum.
bool IsUsable(const Assertion& assertion);

}  // namespace equinode
