#include "client/channel/grpc_stream.h"

#include "client/channel/grpc_parts.h"
#include "client/convert/error_details.h"

namespace equinode {

namespace {

Error Ended() { return {Code::kUnavailable, "STREAM_ENDED", "the stream has ended"}; }

}  // namespace

void StreamReactor::Start(grpc::GenericStub& stub, const std::string& method,
                          std::chrono::system_clock::time_point deadline) {
  context_.set_deadline(deadline);
  stub.PrepareBidiStreamingCall(&context_, method, grpc::StubOptions(), this);
  self_ = shared_from_this();
  AddHold();  // Until the last read: writes come from threads that gRPC does not know.
  StartRead(&incoming_);
  StartCall();
}

void StreamReactor::OnReadDone(bool ok) {
  const std::lock_guard lock(mutex_);
  if (!ok) {
    over_ = true;
    RemoveHold();
  } else if (discard_) {
    StartRead(&incoming_);
  } else {
    message_waits_ = true;
  }
  changed_.notify_all();
}

void StreamReactor::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  write_ok_ = write_ok_ && ok;
  outgoing_.Clear();
  changed_.notify_all();
}

void StreamReactor::OnDone(const grpc::Status& status) {
  std::shared_ptr<StreamReactor> self;
  const std::lock_guard lock(mutex_);
  self = std::move(self_);  // Dropped after the lock.
  done_ = true;
  status_ = status;
  changed_.notify_all();
}

Status StreamReactor::Write(std::string_view message) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !writing_ || over_; });
  if (over_ || half_closed_ || !write_ok_) return Ended();
  outgoing_ = ToBuffer(message);
  writing_ = true;
  StartWrite(&outgoing_);
  changed_.wait(lock, [&] { return !writing_; });
  return write_ok_ ? Ok() : Status(Ended());
}

Result<std::optional<std::string>> StreamReactor::Read(Millis wait) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, wait, [&] { return message_waits_ || done_; });
  if (message_waits_) {
    std::string bytes;
    const bool good = FromBuffer(incoming_, bytes);
    incoming_.Clear();
    message_waits_ = false;
    if (!over_) StartRead(&incoming_);
    if (!good) return Error{Code::kInternal, "BAD_ANSWER", "the node's message cannot be read"};
    return std::optional<std::string>(std::move(bytes));
  }
  if (done_ && !status_.ok()) return ErrorFromStatus(status_);
  return std::optional<std::string>();
}

bool StreamReactor::ended() const {
  const std::lock_guard lock(mutex_);
  return done_ && !message_waits_;
}

void StreamReactor::HalfClose() {
  const std::lock_guard lock(mutex_);
  if (over_ || half_closed_) return;
  half_closed_ = true;
  StartWritesDone();
}

Status StreamReactor::Finish() {
  HalfClose();
  std::unique_lock lock(mutex_);
  discard_ = true;
  if (message_waits_) {
    message_waits_ = false;
    if (!over_) StartRead(&incoming_);
  }
  changed_.wait(lock, [&] { return done_; });
  return status_.ok() ? Ok() : Status(ErrorFromStatus(status_));
}

std::optional<Millis> StreamReactor::RetryAfter() const {
  const std::lock_guard lock(mutex_);
  if (!done_) return std::nullopt;
  return equinode::RetryAfter(status_.error_details());
}

void StreamReactor::Cancel() { context_.TryCancel(); }

}  // namespace equinode
