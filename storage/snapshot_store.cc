#include "storage/snapshot_store.h"

#include <algorithm>
#include <vector>

namespace equinode {

namespace {

struct Slot {
  std::int64_t slot = 0;
  std::int64_t serial = 0;
  std::int64_t position = 0;
  std::int64_t size = 0;
  Digest digest{};
};

// The newest first.
Result<std::vector<Slot>> Slots(ReadTx& tx, std::string_view name) {
  Statement read = tx.Prepare(
      "SELECT slot, serial, position, size, digest FROM snapshot WHERE name=? ORDER BY serial "
      "DESC");
  read.BindAll(name);
  std::vector<Slot> slots;
  for (;;) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return slots;
    Slot slot{read.Int(0), read.Int(1), read.Int(2), read.Int(3), {}};
    const ByteView digest = read.BlobView(4);
    if (digest.size() == slot.digest.size()) std::ranges::copy(digest, slot.digest.begin());
    slots.push_back(slot);
  }
}

Result<std::optional<Bytes>> Content(ReadTx& tx, std::string_view name, const Slot& slot) {
  Statement read = tx.Prepare(
      "SELECT bytes FROM snapshot_chunk WHERE name=? AND slot=? AND number>=0 ORDER BY number");
  read.BindAll(name, slot.slot);
  Bytes bytes;
  bytes.reserve(static_cast<std::size_t>(slot.size));
  const auto size = static_cast<std::size_t>(slot.size);
  while (bytes.size() < size) {
    EQN_TRY(const bool found, read.Step());
    if (!found) return std::optional<Bytes>();
    // The last piece is padded, so that it can be written over in place.
    const ByteView piece = read.BlobView(0);
    const std::size_t rest = std::min(piece.size(), size - bytes.size());
    bytes.insert(bytes.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(rest));
    if (rest == 0) return std::optional<Bytes>();
  }
  if (Sha256(bytes) != slot.digest) return std::optional<Bytes>();
  return std::optional<Bytes>(std::move(bytes));
}

}  // namespace

Status SnapshotStore::Write(Database& database, std::string_view name, std::int64_t position,
                            ByteView bytes) {
  Slot made;
  EQN_CHECK(database.Write("snapshot", [&](Tx& tx) -> Status {
    EQN_TRY(const std::vector<Slot> slots, Slots(tx, name));
    if (!slots.empty()) {
      made.slot = 1 - slots.front().slot;
      made.serial = slots.front().serial + 1;
    }
    // What is half written must not be taken for whole.
    return tx.Prepare("DELETE FROM snapshot WHERE name=? AND slot=?")
        .BindAll(name, made.slot)
        .Run();
  }));
  std::size_t at = 0;
  std::int64_t number = 0;
  while (at < bytes.size()) {
    EQN_CHECK(database.Write("snapshot", [&](Tx& tx) -> Status {
      for (std::size_t i = 0; i < kChunksATransaction && at < bytes.size(); ++i) {
        const ByteView piece = bytes.subspan(at, std::min(kChunkBytes, bytes.size() - at));
        Bytes whole;
        if (piece.size() < kChunkBytes) {
          whole.assign(piece.begin(), piece.end());
          whole.resize(kChunkBytes);
        }
        Statement put = tx.Prepare(
            "INSERT INTO snapshot_chunk(name, slot, number, bytes) VALUES(?,?,?,?) ON "
            "CONFLICT(name, slot, number) DO UPDATE SET bytes=excluded.bytes");
        put.Bind(1, name).Bind(2, made.slot).Bind(3, number);
        put.BindView(4, whole.empty() ? piece : ByteView(whole));
        EQN_CHECK(put.Run());
        at += piece.size();
        ++number;
      }
      return Ok();
    }));
  }
  return database.Write("snapshot", [&](Tx& tx) -> Status {
    EQN_CHECK(tx.Prepare("DELETE FROM snapshot_chunk WHERE name=? AND slot=? AND number>=?")
                  .BindAll(name, made.slot, number)
                  .Run());
    return tx
        .Prepare(
            "INSERT INTO snapshot(name, slot, serial, position, size, digest) "
            "VALUES(?,?,?,?,?,?)")
        .BindAll(name, made.slot, made.serial, position, static_cast<std::int64_t>(bytes.size()),
                 ByteView(Sha256(bytes)))
        .Run();
  });
}

Result<std::optional<StoredSnapshot>> SnapshotStore::Read(Database& database,
                                                          std::string_view name) {
  return database.Read([&](ReadTx& tx) -> Result<std::optional<StoredSnapshot>> {
    EQN_TRY(const std::vector<Slot> slots, Slots(tx, name));
    for (const Slot& slot : slots) {
      EQN_TRY(std::optional<Bytes> bytes, Content(tx, name, slot));
      if (bytes) return std::optional<StoredSnapshot>({slot.position, *std::move(bytes)});
    }
    return std::optional<StoredSnapshot>();
  });
}

}  // namespace equinode
