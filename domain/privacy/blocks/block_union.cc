#include "domain/privacy/blocks/block_union.h"

#include <algorithm>
#include <set>

namespace equinode::blocks {
namespace {

Error NoBlocks() {
  return Error{Code::kInvalidArgument, "NO_BLOCKS", "at least one block is to be named"};
}

Error Withheld(const std::string& id) {
  return Error{Code::kFailedPrecondition, "BLOCK_WITHHELD",
               "block " + id +
                   " is withheld: too few practices have reported, or one of them has "
                   "too large a share of the people"};
}

}  // namespace

Result<BlockUnion> BlockUnion::OfBlocks(const Partition& partition,
                                        std::span<const std::string> blocks) {
  if (blocks.empty()) return NoBlocks();
  BlockUnion chosen;
  chosen.blocks_.assign(blocks.begin(), blocks.end());
  std::ranges::sort(chosen.blocks_);
  if (const auto twice = std::ranges::adjacent_find(chosen.blocks_);
      twice != chosen.blocks_.end()) {
    return Error{Code::kInvalidArgument, "BLOCK_TWICE", "block " + *twice + " is named twice"};
  }
  for (const std::string& id : chosen.blocks_) {
    const auto block = std::ranges::lower_bound(partition.blocks(), id, {}, &Block::id);
    if (block == partition.blocks().end() || block->id != id) {
      for (const WithheldBlock& other : partition.withheld()) {
        if (other.block.id == id) return Withheld(id);
      }
      return Error{Code::kNotFound, "NO_SUCH_BLOCK",
                   "there is no block " + id +
                       " in this period; blocks that had to join another "
                       "have the name of both"};
    }
    chosen.practices_.insert(chosen.practices_.end(), block->practices.begin(),
                             block->practices.end());
    chosen.people_ += block->people;
  }
  std::ranges::sort(chosen.practices_);
  chosen.partition_ = partition.digest();
  return chosen;
}

Result<BlockUnion> BlockUnion::OfPractices(const Partition& partition,
                                           std::span<const std::string> practices) {
  if (practices.empty()) return NoBlocks();
  std::set<std::string_view> asked;
  for (const std::string& practice : practices) {
    if (!asked.insert(practice).second) {
      return Error{Code::kInvalidArgument, "PRACTICE_TWICE", practice + " is named twice"};
    }
  }
  std::vector<std::string> whole;
  std::size_t covered = 0;
  for (const Block& block : partition.blocks()) {
    const auto inside = static_cast<std::size_t>(std::ranges::count_if(
        block.practices, [&](const std::string& practice) { return asked.contains(practice); }));
    if (inside == 0) continue;
    if (inside != block.practices.size()) {
      return Error{Code::kPermissionDenied, "NOT_WHOLE_BLOCKS",
                   "only whole blocks can be asked for, and of block " + block.id + " " +
                       std::to_string(block.practices.size() - inside) + " practices are left out"};
    }
    whole.push_back(block.id);
    covered += inside;
  }
  if (covered != asked.size()) {
    for (const WithheldBlock& other : partition.withheld()) {
      for (const std::string& practice : other.block.practices) {
        if (asked.contains(practice)) return Withheld(other.block.id);
      }
    }
    return Error{Code::kNotFound, "NO_SUCH_PRACTICE",
                 "one of the practices is in no block of this period"};
  }
  return OfBlocks(partition, whole);
}

}  // namespace equinode::blocks
