// UUID version 7 (RFC 9562): sortable by the time of making, unguessable beyond it.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

namespace equinode {

class Uuid {
 public:
  Uuid() = default;  // The nil UUID.

  static Uuid MakeV7(Instant now, Random& random);
  // 36 characters, hyphens in place, hex in lower case. INVALID_ARGUMENT otherwise.
  static Result<Uuid> Parse(std::string_view text);
  // Exactly 16 bytes. INVALID_ARGUMENT otherwise.
  static Result<Uuid> FromBytes(ByteView bytes);

  std::string ToString() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  bool nil() const { return bytes_ == std::array<std::uint8_t, 16>{}; }

  friend auto operator<=>(const Uuid&, const Uuid&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

}  // namespace equinode
