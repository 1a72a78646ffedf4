#include "domain/privacy/vdaf/domain_separation.h"

#include <string>

namespace equinode::vdaf {
namespace {

constexpr std::uint8_t kAlgorithmClassVdaf = 0;

}  // namespace

Status CheckContext(ByteView context) {
  if (context.size() <= kMaxContextLength) return Ok();
  return Error{Code::kInvalidArgument, "VDAF_CONTEXT",
               "the context has " + std::to_string(context.size()) + " bytes, more than " +
                   std::to_string(kMaxContextLength)};
}

Bytes DomainSeparationTag(std::uint32_t algorithm_id, Usage usage, ByteView context) {
  const auto use = static_cast<std::uint16_t>(usage);
  Bytes tag = {kVersion, kAlgorithmClassVdaf};
  for (int shift = 24; shift >= 0; shift -= 8) {
    tag.push_back(static_cast<std::uint8_t>(algorithm_id >> shift));
  }
  for (int shift = 8; shift >= 0; shift -= 8) {
    tag.push_back(static_cast<std::uint8_t>(use >> shift));
  }
  tag.insert(tag.end(), context.begin(), context.end());
  return tag;
}

}  // namespace equinode::vdaf
