#include "server/rpc/stream_call.h"

#include <utility>

#include "client/channel/channel.h"
#include "client/channel/grpc_parts.h"

namespace equinode {

namespace {

constexpr int kJobsPerTurn = 16;
// How long a caller that does not read keeps a stream that has been ended.
constexpr std::chrono::seconds kPatience{2};
constexpr std::size_t kMostWaiting = 8 * OpenStream::kHoldBack;

Error SlowReader() {
  return {Code::kResourceExhausted, "SLOW_READER", "messages wait that the caller does not read"};
}

}  // namespace

StreamCall::StreamCall(Door& door, Admitted admitted, grpc::CallbackServerContext* context)
    : door_(door),
      admitted_(std::move(admitted)),
      call_(admitted_.call),
      started_(std::chrono::steady_clock::now()),
      context_(context),
      next_check_(started_ + door.options.recheck) {}

grpc::ServerGenericBidiReactor* StreamCall::Start(Door& door, Admitted admitted,
                                                  grpc::CallbackServerContext* context) {
  const std::shared_ptr<StreamCall> call(new StreamCall(door, std::move(admitted), context));
  call->self_ = call;
  door.calls.Add(call);
  const std::lock_guard lock(call->mutex_);
  call->scheduled_ = true;
  if (!door.pool.TryPost([call] { call->Turn(); })) {
    call->scheduled_ = false;
    call->End(ToGrpc({Code::kResourceExhausted, "BUSY", "the node is busy; try again later"},
                     std::chrono::milliseconds{500}),
              false);
  }
  return call.get();
}

// ---- The session's side.

void StreamCall::Send(std::string message) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  if (message.size() > static_cast<std::size_t>(kMostMessageBytes)) {
    return End(ToGrpc({Code::kInternal, "ANSWER_TOO_LARGE", "a message is larger than allowed"}),
               false);
  }
  waiting_bytes_ += message.size();
  outbox_.push_back(std::move(message));
  if (waiting_bytes_ > kMostWaiting) return End(ToGrpc(SlowReader()), false);
  WriteOn();
}

std::size_t StreamCall::waiting_bytes() const {
  const std::lock_guard lock(mutex_);
  return waiting_bytes_;
}

void StreamCall::Finish(Status status) {
  const std::lock_guard lock(mutex_);
  End(status.ok() ? grpc::Status::OK : ToGrpc(status.error()), true);
}

void StreamCall::Wake() {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  wake_ = true;
  Schedule();
}

// ---- The pool's side.

void StreamCall::Schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  door_.pool.Post([call = shared_from_this()] { call->Turn(); });
}

void StreamCall::Turn() {
  for (int i = 0; i < kJobsPerTurn; ++i) {
    std::string message;
    std::unique_ptr<StreamSession> dropped;  // Goes without the lock: it may call back.
    Job job = Job::kNone;
    {
      const std::lock_guard lock(mutex_);
      job = Next(message, dropped);
      if (job == Job::kNone) {
        scheduled_ = false;
        return;
      }
    }
    if (job == Job::kDrop) continue;
    const Status status = RunJob(job, std::move(message));
    if (!status.ok()) Finish(status);
  }
  door_.pool.Post([call = shared_from_this()] { call->Turn(); });
}

StreamCall::Job StreamCall::Next(std::string& message, std::unique_ptr<StreamSession>& dropped) {
  if (ended_) {
    dropped = std::move(session_);
    return dropped ? Job::kDrop : Job::kNone;
  }
  if (!opened_) {
    opened_ = true;
    ++holds_;
    return Job::kOpen;
  }
  if (wake_) {
    wake_ = false;
    return Job::kWake;
  }
  if (!inbox_.empty()) {
    message = std::move(inbox_.front());
    inbox_.pop_front();
    inbox_bytes_ -= message.size();
    ReadOn();
    return Job::kMessage;
  }
  if (read_over_ && !half_close_told_) {
    half_close_told_ = true;
    return Job::kHalfClose;
  }
  return Job::kNone;
}

Status StreamCall::RunJob(Job job, std::string message) {
  try {
    switch (job) {
      case Job::kOpen:
        return Open();
      case Job::kWake:
        return session_->OnWake();
      case Job::kMessage:
        return session_->OnMessage(std::move(message));
      case Job::kHalfClose:
        return session_->OnHalfClose();
      case Job::kNone:
      case Job::kDrop:
        return Ok();
    }
    return Ok();
  } catch (...) {  // A defect, or no memory. The node goes on.
    door_.log.Error("handler_threw", {{Field::kMethod, admitted_.method->path}});
    return Error{Code::kInternal, "INTERNAL", "the node has failed to handle this stream"};
  }
}

// What the session sends while it opens waits until the entry is durable.
Status StreamCall::Open() {
  auto session = admitted_.method->stream(call_, shared_from_this());
  const std::string outcome = session.ok() ? "OK" : session.error().reason;
  const Status recorded = door_.gate.Record(*admitted_.method, call_, outcome);
  const std::lock_guard lock(mutex_);
  --holds_;
  if (session.ok()) session_ = std::move(session).value();  // Dropped in its turn, as any other.
  if (!recorded.ok() || !session.ok()) {
    // Whatever the session has said and asked for while it opened, this is how it ends.
    ended_ = false;
    End(ToGrpc(recorded.ok() ? session.error() : recorded.error()), false);
    return Ok();
  }
  recorded_ = true;
  if (!ended_) ReadOn();
  WriteOn();
  FinishWhenDue();
  return Ok();
}

// ---- gRPC's side.

void StreamCall::ReadOn() {
  if (reading_ || read_over_ || ended_ || inbox_.size() >= door_.options.read_ahead_messages ||
      inbox_bytes_ >= door_.options.read_ahead_bytes) {
    return;
  }
  reading_ = true;
  StartRead(&in_);
}

void StreamCall::OnReadDone(bool ok) {
  const std::lock_guard lock(mutex_);
  reading_ = false;
  if (ended_) return;
  if (!ok) {
    read_over_ = true;
    Schedule();
    return;
  }
  if (in_.Length() > admitted_.method->max_request_bytes) {
    return End(ToGrpc({Code::kResourceExhausted, "MESSAGE_TOO_LARGE",
                       "the message is larger than this method takes"}),
               true);
  }
  std::string message;
  if (!FromBuffer(in_, message)) {
    return End(ToGrpc({Code::kUnimplemented, "COMPRESSED", "compressed messages are not taken"}),
               true);
  }
  in_.Clear();
  inbox_bytes_ += message.size();
  inbox_.push_back(std::move(message));
  ReadOn();
  Schedule();
}

void StreamCall::WriteOn() {
  if (writing_ || outbox_.empty() || !recorded_ || finished_) return;
  writing_ = true;
  out_ = ToBuffer(outbox_.front());
  StartWrite(&out_);
}

void StreamCall::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  out_.Clear();
  if (!outbox_.empty()) {
    const std::size_t before = waiting_bytes_;
    waiting_bytes_ -= outbox_.front().size();
    outbox_.pop_front();
    const bool fell = before >= kHoldBack / 2 && waiting_bytes_ < kHoldBack / 2;
    if (fell && !ended_) {
      wake_ = true;
      Schedule();
    }
  }
  if (!ok) return End(ToGrpc({Code::kCancelled, "CANCELLED", "the stream was cancelled"}), false);
  WriteOn();
  FinishWhenDue();
}

void StreamCall::OnCancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  End(ToGrpc({Code::kCancelled, "CANCELLED", "the stream was cancelled"}), false);
}

void StreamCall::OnDone() {
  const std::shared_ptr<StreamCall> self = std::move(self_);  // Dropped after the lock.
  door_.calls.Remove(this);
  const std::lock_guard lock(mutex_);
  context_ = nullptr;
  admitted_.slot = Slot();  // The session's owner may keep us longer than the transport does.
  finished_ = true;
  End(grpc::Status::OK, false);
  done_ = true;
}

// ---- The end.

// The first status counts. Without `flush` nothing that waits is sent any more.
void StreamCall::End(grpc::Status status, bool flush) {
  if (done_) return;  // The door may be gone.
  if (!ended_) {
    ended_ = true;
    ended_at_ = std::chrono::steady_clock::now();
    status_ = std::move(status);
    inbox_.clear();
    inbox_bytes_ = 0;
  }
  if (!flush) {
    // The one that is being written stays at the front until it is done.
    while (outbox_.size() > (writing_ ? 1u : 0u)) {
      waiting_bytes_ -= outbox_.back().size();
      outbox_.pop_back();
    }
  }
  Schedule();  // The session goes in its turn.
  FinishWhenDue();
}

void StreamCall::FinishWhenDue() {
  if (!ended_ || finished_ || writing_ || (holds_ > 0 && !cancelled_)) return;
  if (recorded_ && !cancelled_ && !outbox_.empty()) return;
  finished_ = true;
  ServerBidiReactor::Finish(status_);
}

void StreamCall::Refuse(Refusal refusal) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  ++holds_;
  End(ToGrpc(refusal.error, refusal.retry_after), false);
  door_.pool.Post([call = shared_from_this(), kept = std::move(refusal)] {
    call->door_.gate.Record(kept);
    const std::lock_guard inner(call->mutex_);
    --call->holds_;
    call->FinishWhenDue();
  });
}

void StreamCall::Tick(SteadyTime now) {
  bool check = false;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) {
      const bool stuck = !finished_ && now > ended_at_ + kPatience;
      if (stuck && context_ != nullptr) context_->TryCancel();
      return;
    }
    if (now > started_ + door_.options.max_stream_age) {
      return End(ToGrpc({Code::kUnavailable, "STREAM_TOO_OLD", "open the stream again"},
                        std::chrono::milliseconds{0}),
                 true);
    }
    check = now >= next_check_;
    if (check) next_check_ = now + door_.options.recheck;
  }
  if (!check) return;
  if (auto refusal = door_.gate.Recheck(admitted_)) Refuse(std::move(*refusal));
}

void StreamCall::Drain() {
  const std::lock_guard lock(mutex_);
  End(ToGrpc({Code::kUnavailable, "DRAINING", "the node is going down; try again later"},
             std::chrono::seconds{2}),
      true);
}

}  // namespace equinode
