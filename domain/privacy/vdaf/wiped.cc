#include "domain/privacy/vdaf/wiped.h"

#include <algorithm>
#include <cassert>

#include "base/bytes.h"

namespace equinode::vdaf {

Seed::Seed(std::span<const std::uint8_t> bytes) {
  assert(bytes.size() == kSize);
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

bool operator==(const Seed& a, const Seed& b) { return EqualConstantTime(a.bytes_, b.bytes_); }

}  // namespace equinode::vdaf
