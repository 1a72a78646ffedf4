// What looks wrong in the frames and groups that a table names.
#pragma once

#include <string>
#include <vector>

#include "domain/equity/counts/count_table.h"

namespace equinode::equity {

// Sentences for people, each once, the first 20: a frame that is not one of domain/people/frames; a
// stratum that is no group of its frame (the words of the nodes' own tables, such as AIAN, are);
// organisations that count one measure, period and dimension in different frames, so that pooling
// leaves them apart. Nothing here is an error: the counts are taken as they are.
std::vector<std::string> FrameRemarks(const CountTable& table);

}  // namespace equinode::equity
