// First answers to writes: the same request again gets the same bytes, at once, after a restart or
// after a year (THREATS TI11).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/id.h"
#include "base/result.h"
#include "storage/sqlite/tx.h"

namespace equinode {

class RequestStore {
 public:
  // The bytes of the first answer to `caller`; nothing when the request is new. ALREADY_EXISTS /
  // REQUEST_ID_REUSED when `caller` used the id for another method or other bytes. Two callers may
  // use one id: they know nothing of each other.
  static Result<std::optional<std::string>> Find(ReadTx& tx, std::string_view caller,
                                                 std::string_view method, const Uuid& id,
                                                 const Digest& digest);
  // Keeps the answer inside the transaction of its effect.
  static Status Keep(Tx& tx, std::string_view caller, std::string_view method, const Uuid& id,
                     const Digest& digest, std::string_view answer, Instant now);
};

}  // namespace equinode
