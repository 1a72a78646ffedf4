// Which practices are summed into one, for one period: the pre-declared blocks as they stand once
// it is known who has reported.
//
// Every number that is released is a sum over whole blocks, and so is whatever can be had from such
// numbers by adding and subtracting: the coefficients of two practices of one block are always the
// same. So no combination of releases speaks of fewer practices than the smallest block has.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/crypto/hash.h"
#include "base/result.h"

namespace equinode::blocks {

// A practice whose report was accepted, and the number of people in it, which is public.
struct Panel {
  std::string practice{};  // URI, or any name of 1..256 bytes.
  std::uint64_t people = 0;
};

struct DeclaredBlock {
  std::string id{};                      // 1..64 of [a-z0-9_-].
  std::vector<std::string> practices{};  // Each in one block only.
  std::string neighbour{};               // Id of the block that it joins when too small; or "".
};

struct BlockRule {
  std::uint32_t least_practices = 5;  // With at least one person each; never less than 5.
  std::uint32_t most_percent = 50;    // Share of the largest practice in the people; at most 50.
};

// Of declared blocks: one, or several that had to join.
struct Block {
  std::string id{};                      // Of one: its own. Else all, sorted: "east+north".
  std::vector<std::string> practices{};  // That have reported; sorted.
  std::uint64_t people = 0;
  friend bool operator==(const Block&, const Block&) = default;
};

enum class WhyWithheld : std::uint8_t {
  kTooFewPractices,
  kDominated,  // One practice has too large a share: it could work out the others.
};

struct WithheldBlock {
  Block block{};
  WhyWithheld why = WhyWithheld::kTooFewPractices;
  friend bool operator==(const WithheldBlock&, const WithheldBlock&) = default;
};

class Partition {
 public:
  // Blocks that do not keep the rule join the block that was declared as their neighbour, the first
  // by id first, until all keep it or have no way to go; those are withheld. A joined block's
  // neighbour is that of the block it joined, or else of the first of its blocks that has one
  // elsewhere. The same sets give the same partition, in whatever order they are listed.
  // INVALID_ARGUMENT: RULE_TOO_WEAK, BAD_BLOCK_ID, BLOCK_TWICE, BAD_NEIGHBOUR, BAD_PRACTICE,
  // PRACTICE_TWICE, UNKNOWN_PRACTICE (a panel of a practice in no block), PANEL_TWICE,
  // PANEL_TOO_LARGE (past 2^32 people). The message names the place.
  static Result<Partition> Form(const std::vector<DeclaredBlock>& declared,
                                const std::vector<Panel>& accepted, const BlockRule& rule);

  const std::vector<Block>& blocks() const { return blocks_; }              // By id.
  const std::vector<WithheldBlock>& withheld() const { return withheld_; }  // By id.
  // SHA-256 over who is with whom; not over the numbers of people.
  const Digest& digest() const { return digest_; }

  friend bool operator==(const Partition&, const Partition&) = default;

 private:
  Partition() = default;
  std::vector<Block> blocks_{};
  std::vector<WithheldBlock> withheld_{};
  Digest digest_{};
};

}  // namespace equinode::blocks
