// Copies of what is kept in memory, in pieces that share commits with other writes. Two slots a
// name: one stays whole while the other is written, so a kill leaves the older copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/crypto/hash.h"
#include "base/result.h"
#include "storage/sqlite/database.h"

namespace equinode {

struct StoredSnapshot {
  std::int64_t position = 0;  // Of the record log.
  Bytes bytes{};
};

class SnapshotStore {
 public:
  static constexpr std::size_t kChunkBytes = 256 * 1024;
  static constexpr std::size_t kChunksATransaction = 8;

  // Writes `bytes` over the older slot of `name`. Many transactions; takes effect with the last.
  // Not two at a time for one name.
  static Status Write(Database& database, std::string_view name, std::int64_t position,
                      ByteView bytes);
  // The newest whole one; nothing when there is none, or what is there does not fit its digest.
  static Result<std::optional<StoredSnapshot>> Read(Database& database, std::string_view name);
};

}  // namespace equinode
