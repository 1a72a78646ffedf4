#include "tests/server/jobs/memory_stream.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace equinode::testing {

namespace {

// Both ends' common ground. The session keeps it alive as long as it likes.
class Middle final : public OpenStream {
 public:
  explicit Middle(std::optional<std::uint64_t> cut_after) : cut_after_(cut_after) {}

  // The session's side.
  void Send(std::string message) override {
    const std::lock_guard lock(mutex_);
    if (end_) return;
    waiting_ += message.size();
    to_caller_.push_back(std::move(message));
    Count();
    changed_.notify_all();
  }
  std::size_t waiting_bytes() const override {
    const std::lock_guard lock(mutex_);
    return waiting_;
  }
  void Finish(Status status) override {
    const std::lock_guard lock(mutex_);
    if (!end_) end_ = std::move(status);
    changed_.notify_all();
  }
  void Wake() override {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }
  // One thing to do after another, until the end.
  void Serve(StreamSession& session) {
    std::unique_lock lock(mutex_);
    bool told = false;
    for (;;) {
      changed_.wait(
          lock, [&] { return end_ || woken_ || !to_session_.empty() || (half_closed_ && !told); });
      if (end_) return;
      Status done = Ok();
      if (!to_session_.empty()) {
        std::string message = std::move(to_session_.front());
        to_session_.pop_front();
        lock.unlock();
        done = session.OnMessage(std::move(message));
      } else if (woken_) {
        woken_ = false;
        lock.unlock();
        done = session.OnWake();
      } else {
        told = true;
        lock.unlock();
        done = session.OnHalfClose();
      }
      lock.lock();
      if (!done.ok() && !end_) end_ = done;
      if (end_) changed_.notify_all();
    }
  }

  // The caller's side.
  Status Write(std::string message) {
    const std::lock_guard lock(mutex_);
    if (end_) return Error{Code::kUnavailable, "ENDED", "the stream has ended"};
    to_session_.push_back(std::move(message));
    Count();
    changed_.notify_all();
    return Ok();
  }
  Result<std::optional<std::string>> Read(Millis wait) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait, [this] { return end_ || !to_caller_.empty(); });
    if (end_ && !end_->ok()) return end_->error();
    if (to_caller_.empty()) return std::optional<std::string>();
    std::string message = std::move(to_caller_.front());
    to_caller_.pop_front();
    const bool was_full = waiting_ >= kHoldBack / 2;
    waiting_ -= message.size();
    if (was_full && waiting_ < kHoldBack / 2) {
      woken_ = true;
      changed_.notify_all();
    }
    return std::optional(std::move(message));
  }
  bool ended() const {
    const std::lock_guard lock(mutex_);
    return end_.has_value() && to_caller_.empty();
  }
  void HalfClose() {
    const std::lock_guard lock(mutex_);
    half_closed_ = true;
    changed_.notify_all();
  }
  Status Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return end_.has_value(); });
    return *end_;
  }

 private:
  // What is under way is lost with a cut, on both sides.
  void Count() {
    if (!cut_after_ || ++carried_ < *cut_after_ || end_) return;
    end_ = Status(Error{Code::kUnavailable, "CUT", "the wire broke"});
    to_caller_.clear();
    to_session_.clear();
    waiting_ = 0;
  }

  const std::optional<std::uint64_t> cut_after_;
  mutable std::mutex mutex_{};
  std::condition_variable changed_{};
  // All guarded by mutex_.
  std::deque<std::string> to_session_{};
  std::deque<std::string> to_caller_{};
  std::size_t waiting_ = 0;
  std::uint64_t carried_ = 0;
  bool half_closed_ = false;
  bool woken_ = false;
  std::optional<Status> end_{};
};

class MemoryStream final : public MessageStream {
 public:
  MemoryStream(std::shared_ptr<Middle> middle, std::unique_ptr<StreamSession> session)
      : middle_(std::move(middle)),
        thread_([middle = middle_, session = std::shared_ptr(std::move(session))] {
          middle->Serve(*session);
        }) {}
  ~MemoryStream() override {
    Cancel();
    thread_.join();
  }
  Status Write(std::string message) override { return middle_->Write(std::move(message)); }
  Result<std::optional<std::string>> Read(Millis wait) override { return middle_->Read(wait); }
  bool ended() const override { return middle_->ended(); }
  void HalfClose() override { middle_->HalfClose(); }
  Status Finish() override { return middle_->Wait(); }
  void Cancel() override {
    middle_->Finish(Error{Code::kCancelled, "CANCELLED", "ended by the caller"});
  }

 private:
  const std::shared_ptr<Middle> middle_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<MessageStream>> OpenInMemory(const Method& method, std::string_view caller,
                                                    Instant now,
                                                    std::optional<std::uint64_t> cut_after) {
  EQN_TRY(const Identity identity, ParseIdentity(caller));
  Call call{{identity, "", "in memory"}, method.path, now, {}};
  auto middle = std::make_shared<Middle>(cut_after);
  EQN_TRY(std::unique_ptr<StreamSession> session, method.stream(call, middle));
  return std::unique_ptr<MessageStream>(
      std::make_unique<MemoryStream>(std::move(middle), std::move(session)));
}

}  // namespace equinode::testing
