// SHA-256 and HMAC-SHA-256.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace equinode {

using Digest = std::array<std::uint8_t, 32>;

Digest Sha256(ByteView data);
Digest HmacSha256(ByteView key, ByteView data);

// A digest over pieces, as if they were one. Usable again after Finish().
class Sha256Hasher {
 public:
  Sha256Hasher();
  Sha256Hasher(Sha256Hasher&&) noexcept;
  Sha256Hasher& operator=(Sha256Hasher&&) noexcept;
  ~Sha256Hasher();

  void Update(ByteView data);
  Digest Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace equinode
