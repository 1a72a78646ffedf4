// How the counts of the measures of needs and referrals hang together: an outsider who knows the
// definitions can subtract them, and the release gate has to know it too.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/counts/count_tie.h"

namespace equinode {

// Of all measures of one family; those that are none of ours have no ties. The same for any order.
// A whole that is in no table is made before it is used.
std::vector<CountTie> TiesOf(std::span<const std::string> measures);

}  // namespace equinode
