// What keeps the streams of the XOF apart (draft section 6.2.3 and 7.2.1).
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace equinode::vdaf {

// The wire's version, the same in drafts 18 to 20. Nowhere else.
inline constexpr std::uint8_t kVersion = 18;

// What a stream is for, in Prio3.
enum class Usage : std::uint16_t {
  kMeasShare = 1,
  kProofShare = 2,
  kJointRandomness = 3,
  kProveRandomness = 4,
  kQueryRandomness = 5,
  kJointRandSeed = 6,
  kJointRandPart = 7,
};

// The application's context string is part of the tag, whose length has two bytes.
inline constexpr std::size_t kMaxContextLength = 0xffff - 8;

// INVALID_ARGUMENT (VDAF_CONTEXT) when the context is too long.
Status CheckContext(ByteView context);

// `context` passed CheckContext.
Bytes DomainSeparationTag(std::uint32_t algorithm_id, Usage usage, ByteView context);

}  // namespace equinode::vdaf
