#include "storage/sqlite/reader_pool.h"

#include <utility>

namespace equinode {

ReaderPool::ReaderPool(std::filesystem::path file, const Secret& key, ConnectionOptions options,
                       std::size_t most)
    : file_(std::move(file)),
      key_(Secret::Copy(key.view())),
      options_(std::move(options)),
      most_(most) {}

ReaderPool::Lease::Lease(ReaderPool& pool, std::unique_ptr<Connection> connection,
                         std::uint64_t since)
    : pool_(&pool), connection_(std::move(connection)), since_(since) {}

ReaderPool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)),
      connection_(std::move(other.connection_)),
      since_(other.since_) {}

ReaderPool::Lease::~Lease() {
  if (pool_ != nullptr) pool_->GiveBack(std::move(connection_), since_);
}

Result<ReaderPool::Lease> ReaderPool::Take(std::uint64_t since) {
  std::unique_ptr<Connection> connection;
  {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [&] { return !idle_.empty() || open_ < most_; });
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    } else {
      ++open_;
    }
    since_.insert(since);
  }
  if (connection == nullptr) {
    auto opened = Connection::Open(file_, key_, options_);
    if (!opened.ok()) {
      GiveBack(nullptr, since);
      return std::move(opened).error();
    }
    connection = *std::move(opened);
  }
  Lease lease(*this, std::move(connection), since);
  EQN_CHECK(lease.connection().Exec("BEGIN"));
  return lease;
}

std::uint64_t ReaderPool::Oldest(std::uint64_t otherwise) const {
  const std::lock_guard lock(mutex_);
  return since_.empty() ? otherwise : *since_.begin();
}

void ReaderPool::GiveBack(std::unique_ptr<Connection> connection, std::uint64_t since) {
  // A handle whose snapshot cannot be ended is not used again.
  if (connection != nullptr && !connection->autocommit() && !connection->Exec("ROLLBACK").ok()) {
    connection.reset();
  }
  {
    const std::lock_guard lock(mutex_);
    since_.erase(since_.find(since));
    if (connection != nullptr) {
      idle_.push_back(std::move(connection));
    } else {
      --open_;
    }
  }
  free_.notify_one();
}

}  // namespace equinode
