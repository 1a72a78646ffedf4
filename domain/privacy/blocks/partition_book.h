// One partition for one time. Two different ones of the same days, of whichever tasks, would let an
// outsider subtract the blocks of one from those of the other and be left with a few practices.
#pragma once

#include <chrono>
#include <vector>

#include "base/crypto/hash.h"
#include "base/result.h"

namespace equinode::blocks {

struct Period {
  std::chrono::sys_days first{};
  std::chrono::sys_days last{};  // Included; not before `first`.
  friend auto operator<=>(const Period&, const Period&) = default;
};

class PartitionBook {
 public:
  // From now on releases of `period` are by the partition of this digest. Again the same is OK.
  // INVALID_ARGUMENT / BAD_PERIOD; FAILED_PRECONDITION / OTHER_PARTITION when a period that has a
  // day in common is by another one.
  Status Fix(const Period& period, const Digest& partition);

 private:
  struct Entry {
    Period period{};
    Digest partition{};
  };
  std::vector<Entry> entries_{};
};

}  // namespace equinode::blocks
