// What may be asked of a partition: whole blocks, one or several. Nothing else has this type.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/privacy/blocks/partition.h"

namespace equinode::blocks {

class BlockUnion {
 public:
  // By the blocks' ids. INVALID_ARGUMENT / NO_BLOCKS for an empty list, BLOCK_TWICE; NOT_FOUND /
  // NO_SUCH_BLOCK; FAILED_PRECONDITION / BLOCK_WITHHELD.
  static Result<BlockUnion> OfBlocks(const Partition& partition,
                                     std::span<const std::string> blocks);
  // By the practices that are to be summed. As above; INVALID_ARGUMENT / PRACTICE_TWICE; NOT_FOUND
  // / NO_SUCH_PRACTICE (also for one that has not reported); PERMISSION_DENIED / NOT_WHOLE_BLOCKS.
  static Result<BlockUnion> OfPractices(const Partition& partition,
                                        std::span<const std::string> practices);

  const std::vector<std::string>& blocks() const { return blocks_; }        // Sorted.
  const std::vector<std::string>& practices() const { return practices_; }  // Sorted.
  std::uint64_t people() const { return people_; }
  const Digest& partition() const { return partition_; }  // Its digest.

 private:
  BlockUnion() = default;
  std::vector<std::string> blocks_{};
  std::vector<std::string> practices_{};
  std::uint64_t people_ = 0;
  Digest partition_{};
};

}  // namespace equinode::blocks
