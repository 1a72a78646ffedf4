// The code table in use: the newest that was put in place, else the one that the program came with.
#pragma once

#include <memory>
#include <mutex>

#include "base/result.h"
#include "domain/zcodes/code_table.h"
#include "storage/need_store.h"
#include "storage/sqlite/database.h"

namespace equinode {

// Thread-safe.
class CodeTables {
 public:
  // `database` must outlive it.
  explicit CodeTables(Database& database) : database_(database) {}

  // Reads the newest one of the store. One that this program cannot read is left aside: DATA_LOSS /
  // BAD_ROW, and the built-in one is in use.
  Status Load();
  std::shared_ptr<const ZCodeTable> Get() const;

  // Puts `table` in place inside a transaction; it is in use once that is durable. The errors of
  // MayReplace and of NeedStore::AddCodeTable.
  Status Install(Tx& tx, std::shared_ptr<const ZCodeTable> table, const StoredCodeTable& stored,
                 bool past);

 private:
  void Set(std::shared_ptr<const ZCodeTable> table);

  Database& database_;
  mutable std::mutex mutex_{};
  std::shared_ptr<const ZCodeTable> table_ = ZCodeTable::BuiltIn();  // Guarded by mutex_.
};

}  // namespace equinode
