// What counting needs of a person's record: the projection's winners, rolled up.
#pragma once

#include "domain/people/facts.h"
#include "domain/people/record.h"

namespace equinode {

// The strata of one record. Sex is the first usable of individual sex, birth sex and administrative
// gender. County and ZIP3 are of the first address that is not "old" (a home address before
// others); the county is that of domain/people/places, a ZIP3 needs a postal code of five digits or
// ZIP+4. What a record takes back or corrects does not count. A birth date of a month or a year
// alone is taken at its first day. People who are inactive or deceased count: a period looks back.
PersonFacts PersonFactsOf(const PersonRecord& person);

}  // namespace equinode
