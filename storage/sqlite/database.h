// The encrypted database of one node: one writer with group commit, many readers on snapshots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "storage/sqlite/data_folder.h"
#include "storage/sqlite/migrations.h"
#include "storage/sqlite/reader_pool.h"
#include "storage/sqlite/tx.h"
#include "storage/sqlite/writer.h"

namespace equinode {

struct OpenOptions {
  std::string vfs{};        // Empty = the system's. For tests: see support/faulty_vfs.
  bool make = true;         // False: refused as NO_DATABASE when it is not there or empty.
  std::size_t readers = 8;  // At most so many snapshots at a time.
  std::size_t writer_cache_kib = 65536;
  std::size_t reader_cache_kib = 8192;
  WriterOptions writer{};
};

// Thread-safe.
class Database {
 public:
  static constexpr std::string_view kFileName = "equinode.db";

  // Opens the database in `folder`, or makes it, and brings its schema up to date. `key` has 32
  // bytes. All refusals are FAILED_PRECONDITION unless said:
  //   INVALID_ARGUMENT / BAD_KEY  the key has another length; nothing is made
  //   DATA_LOSS / WRONG_KEY       the key is not the one the file was made with
  //   DATABASE_IN_CLEAR, NOT_A_DATABASE, CIPHER_TOO_OLD, STORE_SETTINGS
  //   FOLDER_IN_USE               another process has the folder open
  //   NEWER_SCHEMA, SCHEMA_CHANGED
  static Result<std::unique_ptr<Database>> Open(const std::filesystem::path& folder,
                                                const Secret& key, const Clock& clock,
                                                OpenOptions options = {});
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // Runs `body(Tx&) -> Result<T>` on the writer thread, in a savepoint, and returns its value when
  // the commit is synced to the disk: what is returned is durable. Bodies that wait at the same
  // time share one commit; the error of one undoes that one only. A body must not call Write and
  // must not wait for anything. `name` says what for, in a debugger and in figures.
  template <typename F>
  auto Write(std::string_view name, F body) -> std::invoke_result_t<F, Tx&> {
    using Outcome = std::invoke_result_t<F, Tx&>;
    std::optional<Outcome> outcome;
    Status done = RunWrite(name, [&](Tx& tx) -> Status {
      outcome.emplace(body(tx));
      if (!outcome->ok()) return outcome->error();
      return Ok();
    });
    if (!done.ok()) return std::move(done).error();
    return *std::move(outcome);
  }

  // A write that nobody waits for, so that one caller can have many under way: they share commits
  // like those of many callers, and run in the order in which they were given. `done` gets the
  // outcome on the writer thread once it is durable, or why it is not; it must not wait for
  // anything. The caller bounds how many it has under way.
  void Submit(std::string_view name, Writer::Body body, std::function<void(Status)> done) {
    (void)name;
    writer_->Submit(std::move(body), std::move(done));
  }

  // Runs `body(ReadTx&) -> Result<T>` on this thread, on a snapshot of the last commit. Neither
  // Read nor Write may be called inside (NESTED_READ, NESTED_WRITE).
  template <typename F>
  auto Read(F body) -> std::invoke_result_t<F, ReadTx&> {
    auto scope = ReadScope::Begin(*this);
    if (!scope.ok()) return std::move(scope).error();
    return body(scope->tx());
  }

  // Brings the write-ahead log into the database file.
  Status Checkpoint() { return writer_->Checkpoint(); }
  // Every page's authentication code and every tree. DATA_LOSS / DATABASE_DAMAGED. Slow: reads all.
  Status CheckIntegrity();

  // Each group numbered up to this one is in every snapshot in use and to come.
  std::uint64_t OldestSnapshot() const { return readers_.Oldest(writer_->committed_group()); }
  WriterStats write_stats() const { return writer_->stats(); }
  std::size_t write_queue() const { return writer_->queued(); }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  class ReadScope {
   public:
    static Result<ReadScope> Begin(Database& database);
    explicit ReadScope(ReaderPool::Lease lease);
    ReadScope(ReadScope&& other) noexcept;
    ~ReadScope();
    ReadTx& tx() { return *tx_; }

   private:
    std::optional<ReaderPool::Lease> lease_;
    std::optional<ReadTx> tx_{};
  };

  Database(std::filesystem::path folder, FolderLock lock, const Secret& key,
           const OpenOptions& options, std::unique_ptr<Connection> connection);
  Status RunWrite(std::string_view name, const Writer::Body& body);

  const std::filesystem::path folder_;
  const FolderLock lock_;  // Outlives every connection.
  ReaderPool readers_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace equinode
