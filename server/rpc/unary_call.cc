#include "server/rpc/unary_call.h"

#include <utility>

#include "client/channel/channel.h"
#include "client/channel/grpc_parts.h"
#include "client/convert/error_details.h"

namespace equinode {

grpc::Status ToGrpc(const Error& error, std::optional<Millis> retry_after) {
  return {static_cast<grpc::StatusCode>(error.code), error.message,
          ErrorDetails(error, retry_after)};
}

grpc::ServerGenericBidiReactor* RefusedCall::Start(Door& door, Refusal refusal) {
  const std::shared_ptr<RefusedCall> call(new RefusedCall(std::move(refusal)));
  call->self_ = call;
  const Refusal& kept = call->refusal_;
  if (!kept.entry) {
    call->Answer(kept.error, kept.retry_after);
  } else if (!door.pool.TryPost([&door, call] {
               door.gate.Record(call->refusal_);
               call->Answer(call->refusal_.error, call->refusal_.retry_after);
             })) {
    // As any other call, it has to wait until the node has time to look at it.
    call->Answer({Code::kResourceExhausted, "BUSY", "the node is busy; try again later"},
                 std::chrono::milliseconds{500});
  }
  return call.get();
}

void RefusedCall::Answer(const Error& error, std::optional<Millis> retry_after) {
  if (!answered_.exchange(true)) Finish(ToGrpc(error, retry_after));
}

UnaryCall::UnaryCall(Door& door, Admitted admitted, SteadyTime deadline)
    : door_(door), admitted_(std::move(admitted)), deadline_(deadline) {}

grpc::ServerGenericBidiReactor* UnaryCall::Start(Door& door, Admitted admitted,
                                                 SteadyTime deadline) {
  const std::shared_ptr<UnaryCall> call(new UnaryCall(door, std::move(admitted), deadline));
  call->self_ = call;
  door.calls.Add(call);
  call->StartRead(&call->in_);
  return call.get();
}

void UnaryCall::OnReadDone(bool ok) {
  if (!read_) {
    if (!ok) return Fail({Code::kInvalidArgument, "NO_MESSAGE", "the call has no message"});
    if (in_.Length() > admitted_.method->max_request_bytes) {
      return Fail({Code::kResourceExhausted, "MESSAGE_TOO_LARGE",
                   "the message is larger than this method takes"});
    }
    if (!FromBuffer(in_, request_)) {
      return Fail({Code::kUnimplemented, "COMPRESSED", "compressed messages are not taken"});
    }
    read_ = true;
    StartRead(&in_);
    return;
  }
  if (ok) return Fail({Code::kInvalidArgument, "TWO_MESSAGES", "the call has a second message"});
  if (answered_) return;
  if (!door_.pool.TryPost([call = shared_from_this()] { call->Run(); })) {
    Fail({Code::kResourceExhausted, "BUSY", "the node is busy; try again later"},
         std::chrono::milliseconds{500});
  }
}

void UnaryCall::Run() {
  if (answered_) return;  // Nobody waits any more; nothing has happened.
  Result<std::string> result = Handle();
  const std::string outcome = result.ok() ? "OK" : result.error().reason;
  if (const Status recorded = door_.gate.Record(*admitted_.method, admitted_.call, outcome);
      !recorded.ok()) {
    result = recorded.error();
  }
  admitted_.slot = Slot();  // Before the answer: the caller may send the next at once.
  if (!result.ok()) {
    const bool later = result.error().code == Code::kUnavailable;
    return Fail(result.error(), later ? std::optional<Millis>(Millis{1000}) : std::nullopt);
  }
  if (!Claim()) return;
  out_ = ToBuffer(*result);
  StartWriteAndFinish(&out_, grpc::WriteOptions(), grpc::Status::OK);
}

Result<std::string> UnaryCall::Handle() {
  try {
    Result<std::string> result = admitted_.method->unary(admitted_.call, request_);
    if (result.ok() && result->size() > static_cast<std::size_t>(kMostMessageBytes)) {
      return Error{Code::kInternal, "ANSWER_TOO_LARGE", "the answer is larger than a message"};
    }
    return result;
  } catch (...) {  // A defect, or no memory. The node goes on.
    door_.log.Error("handler_threw", {{Field::kMethod, admitted_.call.method}});
    return Error{Code::kInternal, "INTERNAL", "the node has failed to handle this call"};
  }
}

void UnaryCall::Fail(const Error& error, std::optional<Millis> retry_after) {
  if (Claim()) Finish(ToGrpc(error, retry_after));
}

void UnaryCall::Tick(SteadyTime now) {
  if (now > deadline_) {
    Fail({Code::kDeadlineExceeded, "DEADLINE", "the call took longer than this method may"});
  }
}

void UnaryCall::OnCancel() { Fail({Code::kCancelled, "CANCELLED", "the call was cancelled"}); }

void UnaryCall::OnDone() {
  door_.calls.Remove(this);
  self_.reset();
}

}  // namespace equinode
