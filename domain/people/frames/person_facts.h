// What counting needs of a person's record: the projection's winners, rolled up.
#pragma once

#include "domain/people/facts.h"
#include "domain/people/record.h"

namespace equinode {

// The strata of one record. Sex is the first usable of individual sex, birth sex and administrative
// gender. County and ZIP3 are of the first address that is not "old" (a home address before
// others); a county needs a US state and the district as given, a ZIP3 a postal code of five digits
// or ZIP+4. A birth date of a month or a year alone is taken at its first day. People who are
// inactive or deceased count: a period looks back.
PersonFacts PersonFactsOf(const PersonRecord& person);

}  // namespace equinode
