// How far the import of a file has come.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct StoredCursor {
  std::uint64_t offset = 0;  // Bytes done.
  std::uint64_t line = 0;    // Lines done.
  friend bool operator==(const StoredCursor&, const StoredCursor&) = default;
};

class ImportCursorStore {
 public:
  // Moves the cursor of `file` inside the transaction of the records before it.
  static Status Move(Tx& tx, std::string_view file, const StoredCursor& to, Instant now);
  // Nothing when the import of that file never began.
  static Result<std::optional<StoredCursor>> Find(ReadTx& tx, std::string_view file);
};

}  // namespace equinode
