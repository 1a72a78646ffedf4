// Connections for reading, each on a snapshot of its own. Readers never wait for the writer.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "storage/sqlite/connection.h"

namespace equinode {

// Thread-safe.
class ReaderPool {
 public:
  // `key` is copied: connections are opened when first needed.
  ReaderPool(std::filesystem::path file, const Secret& key, ConnectionOptions options,
             std::size_t most);

  // A connection in use, its snapshot begun. Goes back when dropped.
  class Lease {
   public:
    Lease(ReaderPool& pool, std::unique_ptr<Connection> connection, std::uint64_t since);
    Lease(Lease&& other) noexcept;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Connection& connection() { return *connection_; }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Connection> connection_;
    std::uint64_t since_;
  };

  // Waits while all are in use. `since` is a group that the snapshot will surely contain.
  Result<Lease> Take(std::uint64_t since);
  // The least `since` of the snapshots in use, or `otherwise` when there is none.
  std::uint64_t Oldest(std::uint64_t otherwise) const;

 private:
  void GiveBack(std::unique_ptr<Connection> connection, std::uint64_t since);

  const std::filesystem::path file_;
  const Secret key_;
  const ConnectionOptions options_;
  const std::size_t most_;

  mutable std::mutex mutex_;
  std::condition_variable free_{};
  std::vector<std::unique_ptr<Connection>> idle_{};  // Guarded by mutex_.
  std::size_t open_ = 0;                             // Guarded by mutex_: idle and in use.
  std::multiset<std::uint64_t> since_{};             // Guarded by mutex_: of those in use.
};

}  // namespace equinode
