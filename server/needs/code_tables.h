// The code table in use: the one that was chosen last, else the one that the program came with.
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

  // Reads the chosen one of the store. One that this program cannot read is left aside: DATA_LOSS /
  // BAD_ROW, and the built-in one is in use. A program that came with a newer one than it had at
  // the choice, and than was chosen, uses its own.
  Status Load();
  std::shared_ptr<const ZCodeTable> Get() const;

  // Puts `table` in place inside a transaction; it is in use once that is durable. The errors of
  // MayReplace, and FAILED_PRECONDITION / CODE_TABLE_EXISTS for the version of the program's own.
  Status Install(Tx& tx, std::shared_ptr<const ZCodeTable> table, const StoredCodeTable& stored,
                 bool past);

  // Back to one that is there, in the same way, and returns it. NOT_FOUND / NO_SUCH_CODE_TABLE;
  // FAILED_PRECONDITION / CODE_TABLE_IN_USE.
  Result<std::shared_ptr<const ZCodeTable>> Restore(Tx& tx, std::chrono::sys_days version,
                                                    const std::string& by, Instant now);

 private:
  Status Choose(Tx& tx, std::shared_ptr<const ZCodeTable> table, const std::string& by,
                Instant now);
  void Set(std::shared_ptr<const ZCodeTable> table);

  Database& database_;
  mutable std::mutex mutex_{};
  std::shared_ptr<const ZCodeTable> table_ = ZCodeTable::BuiltIn();  // Guarded by mutex_.
};

}  // namespace equinode
