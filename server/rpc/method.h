// What a method of this node is: bytes in, bytes out, and a row of the policy table
// (domain/access/policy). The gate runs every one of them in the same way; a second door may bind
// some of the same handlers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "domain/access/caller.h"
#include "domain/audit/entry.h"

namespace equinode {

// One call as its handler sees it. The gate has identified and authorised the caller and checked
// the size; the handler says what the audit entry is about.
struct Call {
  Caller caller{};
  std::string method{};  // "/equinode.v1.AdminService/GetStatus"
  Instant now{};         // When the gate let it in.
  AuditNote audit{};
};

// On the gate's bounded worker pool; may block on the store, not on the network.
using UnaryHandler = std::function<Result<std::string>(Call&, std::string_view request)>;

// The node's end of an open stream. Thread-safe; may outlive the transport (then nothing happens).
class OpenStream {
 public:
  virtual ~OpenStream() = default;
  // Queues a message. The session looks at waiting_bytes() to hold back at kHoldBack; it is woken
  // when they have fallen below half of it again. A session that queues eight times as much is
  // ended (RESOURCE_EXHAUSTED / SLOW_READER): the other side does not read.
  virtual void Send(std::string message) = 0;
  virtual std::size_t waiting_bytes() const = 0;
  static constexpr std::size_t kHoldBack = 2 * 1024 * 1024;
  // Ends the stream after what is queued. The first call counts.
  virtual void Finish(Status status) = 0;
  // Calls the session's OnWake soon, on the pool. Many calls may become one.
  virtual void Wake() = 0;
};

// What the node does on one stream. Calls come on the pool, never two at a time, and none after
// Finish. The gate reads a few messages ahead, no more; it asks again every few seconds whether the
// caller may still be here, and ends the stream when not.
class StreamSession {
 public:
  virtual ~StreamSession() = default;
  // An error ends the stream with it.
  virtual Status OnMessage(std::string message) = 0;
  // The caller sends no more. Usually: finish what is under way, then Finish(Ok()).
  virtual Status OnHalfClose() = 0;
  virtual Status OnWake() { return Ok(); }
};
// Opens a session; an error refuses the stream. The session is destroyed when the stream is over.
using StreamHandler =
    std::function<Result<std::unique_ptr<StreamSession>>(Call&, std::shared_ptr<OpenStream>)>;

struct Method {
  std::string path{};
  std::size_t max_request_bytes = 64 * 1024;  // Of one message.
  // The server's own, when the caller's is longer. Streams: RpcOptions::max_stream_age instead.
  Millis deadline = std::chrono::seconds{30};
  // One audit entry for each call or stream that was let in (unless AuditNote::recorded is set).
  // Denials leave theirs in any case.
  bool audited = true;
  UnaryHandler unary{};  // One of the two.
  StreamHandler stream{};
};

// A typed handler as a method. `Request` and `Response` are messages of the contract.
template <typename Request, typename Response, typename F>
UnaryHandler BindUnary(F handler) {
  return [handler = std::move(handler)](Call& call, std::string_view bytes) -> Result<std::string> {
    Request request;
    if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return Error{Code::kInvalidArgument, "BAD_REQUEST", "the request cannot be read"};
    }
    Result<Response> response = handler(call, request);
    if (!response.ok()) return std::move(response).error();
    return response->SerializeAsString();
  };
}

}  // namespace equinode
