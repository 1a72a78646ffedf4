// A SQLite VFS over the system's that counts writes and syncs, can make a sync slow or a call fail,
// and remembers what was synced, so that a test can cut the power.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace equinode::testing {

class FaultyVfs {
 public:
  explicit FaultyVfs(std::string name);
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;
  ~FaultyVfs();  // All files must be closed.

  const std::string& name() const { return name_; }

  // Calls that change a file, of all files: writes, truncates, deletions; and syncs apart.
  std::int64_t writes() const { return writes_.load(); }
  std::int64_t syncs() const { return syncs_.load(); }

  // Every sync takes at least so long.
  void DelaySyncs(std::chrono::milliseconds by) { sync_delay_ms_.store(by.count()); }
  // The n-th write (or sync, or read) from now fails with an I/O error, counted from 1; `times`
  // calls in a row do. 0 ends it.
  void FailWrite(std::int64_t n, std::int64_t times = 1);
  void FailSync(std::int64_t n, std::int64_t times = 1);
  void FailRead(std::int64_t n, std::int64_t times = 1);
  // While true a write answers "disk full".
  void Full(bool full) { full_.store(full); }

  // From now on keeps the last synced content of each file. Call before the files are opened.
  void RememberSynced() { remember_.store(true); }
  // Writes every remembered file into `folder`, as a power cut now would leave it at worst.
  void CutPowerInto(const std::filesystem::path& folder) const;

 private:
  friend struct FaultyFile;
  struct Fault {
    std::atomic<std::int64_t> after{0};
    std::atomic<std::int64_t> times{0};
    bool Hits();
  };

  const std::string name_;
  std::unique_ptr<struct FaultyVfsTable> table_;
  std::atomic<std::int64_t> writes_{0};
  std::atomic<std::int64_t> syncs_{0};
  std::atomic<std::int64_t> sync_delay_ms_{0};
  std::atomic<bool> full_{false};
  std::atomic<bool> remember_{false};
  Fault write_fault_{};
  Fault sync_fault_{};
  Fault read_fault_{};
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<char>> synced_{};  // Guarded by mutex_; by file name.
};

}  // namespace equinode::testing
