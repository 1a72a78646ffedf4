// The outgoing side of every call: one mutually authenticated TLS 1.3 connection to one node, which
// must show the URI that we expect. Generic calls: bytes in, bytes out; typed calls on top.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace equinode {

// The longest message of the contract either side takes. Compression is off on both sides, so it is
// also the most that a message can cost.
inline constexpr int kMostMessageBytes = 1024 * 1024 + 16 * 1024;

// What this side shows and trusts. PEM.
struct ChannelCredentials {
  std::string trust{};        // The network's authorities.
  std::string certificate{};  // Our certificate.
  Secret key{};
};

struct Endpoint {
  std::string address{};       // host:port
  std::string expected_uri{};  // The node's URI, compared byte for byte. Empty is refused.
};

// A bidirectional stream of messages. One thread may read while another writes.
class MessageStream {
 public:
  virtual ~MessageStream() = default;
  // Blocks while the transport has no room. UNAVAILABLE when the stream has ended; Finish says why.
  virtual Status Write(std::string message) = 0;
  // The next message; nothing when the other side has ended the stream in good order or `wait` has
  // passed without one (then ended() is false). An error when the stream broke.
  virtual Result<std::optional<std::string>> Read(Millis wait) = 0;
  virtual bool ended() const = 0;
  // No more messages from us.
  virtual void HalfClose() = 0;
  // Waits for the end and says how it ended.
  virtual Status Finish() = 0;
  // Ends everything now; Reads and Writes that wait return.
  virtual void Cancel() = 0;
  // Once ended: how long the other side wants us to stay away; nothing when it did not say.
  virtual std::optional<Millis> RetryAfter() const { return std::nullopt; }
};

// Thread-safe.
class Channel {
 public:
  // Does not dial yet. INVALID_ARGUMENT (BAD_ENDPOINT, BAD_CREDENTIALS) for what can never work.
  static Result<std::unique_ptr<Channel>> Open(const ChannelCredentials& credentials,
                                               const Endpoint& endpoint);
  ~Channel();

  // `method` is "/package.Service/Method"; `deadline` from now, more than nothing. Never retried
  // here. Errors carry the node's reason and message where it sent
  // google.rpc.Status details; UNAVAILABLE / PEER_UNREACHABLE when nobody answers there,
  // UNAUTHENTICATED / WRONG_PEER when somebody else does. `retry_after`, where given, is set with
  // an error: how long the node wants us to wait, if it said so. It says so only of calls that it
  // did not let in, so the same call may be made again.
  Result<std::string> CallBytes(std::string_view method, std::string_view request, Millis deadline,
                                std::optional<Millis>* retry_after = nullptr);

  template <typename Response, typename Request>
  Result<Response> Call(std::string_view method, const Request& request, Millis deadline,
                        std::optional<Millis>* retry_after = nullptr) {
    EQN_TRY(const std::string bytes,
            CallBytes(method, request.SerializeAsString(), deadline, retry_after));
    Response response;
    if (!response.ParseFromString(bytes)) {
      return Error{Code::kInternal, "BAD_ANSWER", "the node's answer cannot be read"};
    }
    return response;
  }

  // A stream lives until it is finished or cancelled, the channel is dropped, or `longest` is over
  // (every call has a deadline). Errors of the connection show at the first Read or Write.
  Result<std::unique_ptr<MessageStream>> OpenStream(std::string_view method,
                                                    Millis longest = std::chrono::hours{1});

 private:
  struct Impl;
  explicit Channel(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace equinode
