// What is revoked, for good.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "storage/sqlite/tx.h"

namespace equinode {

enum class RevokedKind : std::uint8_t { kUri = 1, kFingerprint = 2, kSerial = 3 };

struct Revocation {
  std::int64_t number = 0;  // Given by the store, rising.
  RevokedKind kind = RevokedKind::kUri;
  std::string value{};   // The URI, the fingerprint, or the serial number in hex.
  std::string issuer{};  // Of a serial number; as Certificate::issuer().
  std::string reason{};
  Instant at{};
  friend bool operator==(const Revocation&, const Revocation&) = default;
};

class RevocationStore {
 public:
  // False when it was revoked before; the first reason and time stay.
  static Result<bool> Add(Tx& tx, const Revocation& revocation);
  // At most `most`, oldest first, those numbered after `after`.
  static Result<std::vector<Revocation>> List(ReadTx& tx, std::int64_t after, std::size_t most);
};

}  // namespace equinode
