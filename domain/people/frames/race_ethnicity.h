// The one home of the roll-up: from the detail codes of an answer to the groups of a standard, when
// counting and not before (DESIGN section 7). Versioned with the tables of domain/people/data.
#pragma once

#include <vector>

#include "domain/people/facts.h"
#include "domain/people/record.h"
#include "domain/people/tables.h"

namespace equinode {

// `race` and `ethnicity` are the winning assertions, null for none. An assertion in conflict has no
// stratum: kUnknown. A state is kept apart: DECLINED, NOT_ASKED, and all others kUnknown.
// Reference: 62 FR 58782 (1997), 89 FR 22182 (2024), reference/people/omb_categories.csv.

// The five categories alone; kTwoOrMore for more than one, "other race" included; kOther for 2131-1
// alone and for the null flavour OTH. Words without any code have no stratum until they are coded.
Race1997 Race1997Of(const Assertion* race);
Ethnicity1997 Ethnicity1997Of(const Assertion* ethnicity);

// The combined question: race and Hispanic origin are selections of one list, so two of them are
// kTwoOrMore; a Hispanic person without a known race is kHispanic; "other race" is no category of
// 2024 and counts only when nothing else was chosen. A record of the five 1997 categories writes a
// Middle Eastern or Afghan answer as White with the detail code, so White by its root code alone,
// beside such a detail, is not a second selection (docs/adr/0005).
RaceEthnicity2024 RaceEthnicity2024Of(const Assertion* race, const Assertion* ethnicity);

// Every category chosen, in the standard's order, "other race" last; none without a usable answer.
std::vector<OmbCategory> Selections1997Of(const Assertion* race);
// Of the combined question; none when either half contradicts itself.
std::vector<OmbCategory> Selections2024Of(const Assertion* race, const Assertion* ethnicity);

}  // namespace equinode
