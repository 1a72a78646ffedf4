#include "storage/import_cursor_store.h"

namespace equinode {

Status ImportCursorStore::Move(Tx& tx, std::string_view file, const StoredCursor& to, Instant now) {
  return tx
      .Prepare(
          "INSERT INTO import_cursor(file, offset, line, moved_at) VALUES(?,?,?,?) ON "
          "CONFLICT(file) DO UPDATE SET offset=excluded.offset, line=excluded.line, "
          "moved_at=excluded.moved_at")
      .BindAll(file, static_cast<std::int64_t>(to.offset), static_cast<std::int64_t>(to.line),
               std::int64_t{now.time_since_epoch().count()})
      .Run();
}

Result<std::optional<StoredCursor>> ImportCursorStore::Find(ReadTx& tx, std::string_view file) {
  Statement read = tx.Prepare("SELECT offset, line FROM import_cursor WHERE file=?");
  read.BindAll(file);
  EQN_TRY(const bool found, read.Step());
  if (!found) return std::optional<StoredCursor>();
  return std::optional<StoredCursor>(StoredCursor{static_cast<std::uint64_t>(read.Int(0)),
                                                  static_cast<std::uint64_t>(read.Int(1))});
}

}  // namespace equinode
