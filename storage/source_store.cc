#include "storage/source_store.h"

namespace equinode {

Status SourceStore::SetStamp(Tx& tx, std::int64_t row, const SourceStamp& stamp) {
  return tx
      .Prepare(
          "INSERT INTO source_stamp(row, updated_us, version) VALUES(?,?,?) ON CONFLICT(row) DO "
          "UPDATE SET updated_us=excluded.updated_us, version=excluded.version")
      .BindAll(row, stamp.updated_us, static_cast<std::int64_t>(stamp.version))
      .Run();
}

Result<SourceStamp> SourceStore::StampOf(ReadTx& tx, std::int64_t row) {
  Statement read = tx.Prepare("SELECT updated_us, version FROM source_stamp WHERE row=?");
  read.BindAll(row);
  EQN_TRY(const bool found, read.Step());
  if (!found) return SourceStamp{};
  return SourceStamp{read.Int(0), static_cast<std::uint64_t>(read.Int(1))};
}

Status SourceStore::DropStamp(Tx& tx, std::int64_t row) {
  return tx.Prepare("DELETE FROM source_stamp WHERE row=?").BindAll(row).Run();
}

Status SourceStore::Hold(Tx& tx, const HeldVersion& version, std::string_view feed) {
  return tx
      .Prepare(
          "INSERT INTO source_held(row, held, feed) VALUES(?,?,?) ON CONFLICT(row) DO UPDATE SET "
          "held=excluded.held, feed=excluded.feed")
      .BindAll(version.row, version.held, feed)
      .Run();
}

Status SourceStore::Release(Tx& tx, std::int64_t row) {
  return tx.Prepare("DELETE FROM source_held WHERE row=?").BindAll(row).Run();
}

Result<std::vector<HeldVersion>> SourceStore::HeldOf(ReadTx& tx, std::string_view feed,
                                                     std::size_t most) {
  Statement read =
      tx.Prepare("SELECT row, held FROM source_held WHERE feed=? ORDER BY row LIMIT ?");
  read.BindAll(feed, static_cast<std::int64_t>(most));
  std::vector<HeldVersion> held;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return held;
    held.push_back({read.Int(0), read.Int(1)});
  }
}

Result<bool> SourceStore::HoldsAny(ReadTx& tx) {
  Statement read = tx.Prepare("SELECT 1 FROM source_held LIMIT 1");
  return read.Step();
}

}  // namespace equinode
