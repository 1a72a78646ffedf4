#include "storage/sqlite/writer.h"

#include <sqlcipher/sqlite3.h>

#include <algorithm>
#include <utility>

#include "storage/sqlite/error.h"

namespace equinode {

struct Writer::Job {
  const Body* body = nullptr;  // Lives on the waiting caller's stack, or is `owned`.
  Body owned{};
  std::function<void(Status)> on_done{};  // Nobody waits then.
  bool checkpoint = false;                // Instead of a body.
  std::optional<Tx> tx{};
  Status status{Unit{}};

  std::mutex mutex{};
  std::condition_variable answered{};
  bool done = false;  // Guarded by mutex.
};

namespace {

Error Closed() { return {Code::kUnavailable, "STORE_CLOSED", "the database is being closed"}; }

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, WriterOptions options)
    : connection_(std::move(connection)), options_(options) {
  sqlite3_wal_hook(
      connection_->handle(),
      [](void* pages, sqlite3*, const char*, int n) {
        static_cast<std::atomic<int>*>(pages)->store(n);
        return SQLITE_OK;
      },
      &wal_pages_);
  const std::lock_guard hold(mutex_);  // The loop begins by taking it, and finds thread_id_ set.
  thread_ = std::thread([this] { Loop(); });
  thread_id_ = thread_.get_id();
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  if (!failed_) {
    (void)sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                    nullptr, nullptr);
  }
}

Status Writer::Run(const Body& body) {
  const auto job = std::make_shared<Job>();
  job->body = &body;
  return Enqueue(job);
}

Status Writer::Checkpoint() {
  const auto job = std::make_shared<Job>();
  job->checkpoint = true;
  return Enqueue(job);
}

Status Writer::Enqueue(const std::shared_ptr<Job>& job) {
  if (on_writer_thread()) {
    return Error{Code::kFailedPrecondition, "NESTED_WRITE",
                 "a write inside a write would wait for itself; use the transaction at hand"};
  }
  if (!Push(job)) return Closed();
  std::unique_lock lock(job->mutex);
  job->answered.wait(lock, [&] { return job->done; });
  return std::move(job->status);
}

void Writer::Submit(Body body, std::function<void(Status)> done) {
  const auto job = std::make_shared<Job>();
  job->owned = std::move(body);
  job->body = &job->owned;
  job->on_done = std::move(done);
  if (!Push(job)) job->on_done(Closed());
}

bool Writer::Push(const std::shared_ptr<Job>& job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    queue_.push_back(job);
  }
  wake_.notify_one();
  return true;
}

WriterStats Writer::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

std::size_t Writer::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void Writer::Loop() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
    }
    RunGroup();
    CheckpointIfLong();
  }
}

std::shared_ptr<Writer::Job> Writer::TakeNext(bool first) {
  const std::lock_guard lock(mutex_);
  if (queue_.empty() || (!first && queue_.front()->checkpoint)) return nullptr;
  std::shared_ptr<Job> job = std::move(queue_.front());
  queue_.pop_front();
  return job;
}

void Writer::RunGroup() {
  std::vector<std::shared_ptr<Job>> group;
  const std::int64_t before = connection_->total_changes();
  bool alive = true;
  ++group_;
  Status began{Unit{}};
  while (group.size() < options_.group_bodies &&
         connection_->total_changes() - before < options_.group_changes && alive) {
    std::shared_ptr<Job> job = TakeNext(group.empty());
    if (job == nullptr) break;
    group.push_back(job);
    if (failed_) {
      job->status = *failed_;
      continue;
    }
    if (job->checkpoint) {
      const int code = sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr,
                                                 SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
      // BUSY: a reader still needs the WAL; what could be brought over was.
      if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) {
        NoteDisk(code);
        job->status = SqliteError(code, "bring the log into the database");
      }
      break;
    }
    if (group.size() == 1) began = connection_->Exec("BEGIN IMMEDIATE");
    if (!began.ok()) {
      job->status = began;
      break;
    }
    alive = RunBody(*job);
  }
  if (!group.empty() && group.front()->body != nullptr && group.front()->tx) {
    if (alive) {
      (void)Commit(group);
    } else {
      // SQLite has undone the whole transaction: nobody's work is there.
      const Error lost = group.back()->status.error();
      for (auto job = group.rbegin(); job != group.rend(); ++job) {
        if (!(*job)->status.ok()) continue;
        Undo(**job);
        (*job)->status = lost;
      }
    }
  }
  NoteDisk(connection_->disk_failure());
  std::uint64_t good = 0;
  for (const auto& job : group) good += job->status.ok() && job->body != nullptr;
  {
    const std::lock_guard lock(mutex_);
    stats_.groups += good > 0;
    stats_.bodies += good;
    stats_.refused += group.size() - good;
  }
  for (const auto& job : group) Answer(*job);
}

bool Writer::RunBody(Job& job) {
  job.tx.emplace(*connection_, next_serial_++, group_);
  job.status = connection_->Exec("SAVEPOINT body");
  if (!job.status.ok()) return !connection_->autocommit();
  job.status = Guarded(job);
  if (connection_->autocommit()) {
    if (job.status.ok()) {
      job.status = Error{Code::kInternal, "TRANSACTION_LOST", "the transaction ended by itself"};
    }
    Undo(job);
    return false;
  }
  const bool keep = job.status.ok();
  const Status ended = connection_->Exec(keep ? "RELEASE body" : "ROLLBACK TO body; RELEASE body");
  if (!keep) Undo(job);
  // After a disk error in any statement the others of the group are not trusted to it either.
  if (ended.ok() && connection_->disk_failure() == 0) return true;
  if (keep) {
    job.status = ended.ok() ? SqliteError(connection_->disk_failure(), "write") : ended;
    Undo(job);
  }
  (void)connection_->Exec("ROLLBACK");
  return false;
}

Status Writer::Guarded(Job& job) {
  // Nothing of ours throws; the standard library may, for want of memory.
  try {
    Status status = (*job.body)(*job.tx);
    for (std::size_t i = 0; status.ok() && i < job.tx->before_end_.size(); ++i) {
      status = job.tx->before_end_[i]();
    }
    return status;
  } catch (...) {
    return Error{Code::kInternal, "WRITE_THREW", "a write ended by an exception; nothing is kept"};
  }
}

void Writer::Undo(Job& job) {
  if (!job.tx) return;
  auto& hooks = job.tx->on_undo_;
  for (auto hook = hooks.rbegin(); hook != hooks.rend(); ++hook) (*hook)();
  hooks.clear();
}

Status Writer::Commit(const std::vector<std::shared_ptr<Job>>& group) {
  const bool any =
      std::any_of(group.begin(), group.end(), [](const auto& job) { return job->status.ok(); });
  if (!any) return connection_->Exec("ROLLBACK");
  const Status committed = connection_->Exec("COMMIT");
  if (committed.ok()) {
    RunHooks(group);
    committed_group_.store(group_);
    return committed;
  }
  if (!connection_->autocommit()) (void)connection_->Exec("ROLLBACK");
  for (auto job = group.rbegin(); job != group.rend(); ++job) {
    if (!(*job)->status.ok()) continue;
    Undo(**job);
    (*job)->status = committed;
  }
  return committed;
}

void Writer::RunHooks(const std::vector<std::shared_ptr<Job>>& group) {
  std::vector<Tx::GroupHook> last;
  for (const auto& job : group) {
    if (!job->status.ok() || !job->tx) continue;
    for (const auto& hook : job->tx->on_commit_) hook();
    for (auto& hook : job->tx->on_group_) {
      const auto same = [&](const Tx::GroupHook& other) { return other.owner == hook.owner; };
      if (std::none_of(last.begin(), last.end(), same)) last.push_back(std::move(hook));
    }
  }
  for (const Tx::GroupHook& hook : last) hook.run();
}

void Writer::CheckpointIfLong() {
  if (failed_ || wal_pages_.load() < options_.checkpoint_pages) return;
  int pages = 0;
  const int code = sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr,
                                             SQLITE_CHECKPOINT_PASSIVE, nullptr, &pages);
  // A reader that holds an old snapshot only delays it; try again after as much again.
  wal_pages_.store(0);
  if (code != SQLITE_OK) NoteDisk(code);
}

void Writer::NoteDisk(int code) {
  if (failed_ || !IsDiskFailure(code)) return;
  // What a failed sync left on the disk cannot be known from here (a second sync may say yes
  // although the pages are gone), so nothing more is acknowledged by this process.
  failed_ = Error{Code::kUnavailable, "STORE_FAILED",
                  "the disk failed under the database (sqlite " + std::to_string(code) +
                      "); nothing more is written until the node is restarted"};
}

void Writer::Answer(Job& job) {
  job.tx.reset();  // Its hooks go on this thread, while what they refer to is still there.
  if (job.on_done) {
    job.on_done(std::move(job.status));
    return;
  }
  const std::lock_guard lock(job.mutex);
  job.done = true;
  job.answered.notify_one();
}

}  // namespace equinode
