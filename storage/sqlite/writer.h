// The one thread that writes. Bodies that wait together are committed together: one sync for all,
// and nobody is answered before it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct WriterOptions {
  std::size_t group_bodies = 256;      // At most so many bodies in one commit,
  std::int64_t group_changes = 20000;  // and no further body after so many changed rows.
  int checkpoint_pages = 4000;         // The WAL is brought into the database from this length on.
};

struct WriterStats {
  std::uint64_t groups = 0;   // Commits.
  std::uint64_t bodies = 0;   // Bodies committed.
  std::uint64_t refused = 0;  // Bodies undone.
};

// Run is thread-safe.
class Writer {
 public:
  using Body = std::function<Status(Tx&)>;

  Writer(std::unique_ptr<Connection> connection, WriterOptions options);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  // Finishes what is queued, then brings the WAL into the database.
  ~Writer();

  // Returns when `body` is durable, or why it is not. FAILED_PRECONDITION / NESTED_WRITE on the
  // writer thread itself; UNAVAILABLE / STORE_FAILED after a failed sync.
  Status Run(const Body& body);
  // The same without waiting: `done` gets the outcome on the writer thread, in the order of the
  // bodies, after the hooks of the group; at once when the writer is stopping. It must not wait for
  // anything, and may call Submit.
  void Submit(Body body, std::function<void(Status)> done);
  // Brings the WAL into the database and empties it, as far as readers allow.
  Status Checkpoint();

  bool on_writer_thread() const { return std::this_thread::get_id() == thread_id_; }
  // Number of the last group whose hooks have run.
  std::uint64_t committed_group() const { return committed_group_.load(); }
  WriterStats stats() const;
  // Bodies that wait for their turn.
  std::size_t queued() const;

 private:
  struct Job;

  void Loop();
  Status Enqueue(const std::shared_ptr<Job>& job);
  bool Push(const std::shared_ptr<Job>& job);
  // Null when there is none, or when it must be the first of a group and `first` is false.
  std::shared_ptr<Job> TakeNext(bool first);
  void RunGroup();
  // False when the whole transaction is gone with it.
  bool RunBody(Job& job);
  Status Guarded(Job& job);
  void Undo(Job& job);
  Status Commit(const std::vector<std::shared_ptr<Job>>& group);
  void RunHooks(const std::vector<std::shared_ptr<Job>>& group);
  void CheckpointIfLong();
  void NoteDisk(int code);
  static void Answer(Job& job);

  std::unique_ptr<Connection> connection_;
  const WriterOptions options_;
  std::atomic<int> wal_pages_{0};
  std::optional<Error> failed_{};  // Writer thread only: set for good by a failed disk.
  std::uint64_t next_serial_ = 1;  // Writer thread only.
  std::uint64_t group_ = 0;        // Writer thread only.
  std::atomic<std::uint64_t> committed_group_{0};

  mutable std::mutex mutex_;
  std::condition_variable wake_{};
  std::deque<std::shared_ptr<Job>> queue_{};  // Guarded by mutex_.
  bool stopping_ = false;                     // Guarded by mutex_.
  WriterStats stats_{};                       // Guarded by mutex_.
  std::thread thread_{};
  std::thread::id thread_id_{};
};

}  // namespace equinode
