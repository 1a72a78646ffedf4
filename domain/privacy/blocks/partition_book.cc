#include "domain/privacy/blocks/partition_book.h"

#include <algorithm>

namespace equinode::blocks {

Status PartitionBook::Fix(const Period& period, const Digest& partition) {
  if (period.last < period.first) {
    return Error{Code::kInvalidArgument, "BAD_PERIOD", "a period ends before it begins"};
  }
  bool known = false;
  for (const Entry& entry : entries_) {
    if (entry.period.last < period.first || period.last < entry.period.first) continue;
    if (entry.partition != partition) {
      return Error{Code::kFailedPrecondition, "OTHER_PARTITION",
                   "the same days were released by other blocks: the two together would tell "
                   "about fewer practices than either"};
    }
    known = known || entry.period == period;
  }
  if (!known) entries_.push_back({period, partition});
  return Ok();
}

}  // namespace equinode::blocks
