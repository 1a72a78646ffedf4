// Private to client/channel: a blocking face on gRPC's callback stream.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "client/channel/channel.h"

namespace equinode {

// Kept alive by itself from Start to OnDone, and by the face as long as that lives.
class StreamReactor final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                            public std::enable_shared_from_this<StreamReactor> {
 public:
  StreamReactor() = default;

  void Start(grpc::GenericStub& stub, const std::string& method,
             std::chrono::system_clock::time_point deadline);

  Status Write(std::string_view message);
  Result<std::optional<std::string>> Read(Millis wait);
  bool ended() const;
  void HalfClose();
  Status Finish();
  void Cancel();
  std::optional<Millis> RetryAfter() const;

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  grpc::ClientContext context_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<StreamReactor> self_;  // Until OnDone.
  // Guarded by mutex_ from here on.
  grpc::ByteBuffer incoming_;  // gRPC's while a read is under way.
  grpc::ByteBuffer outgoing_;  // gRPC's while writing_.
  bool message_waits_ = false;
  bool discard_ = false;  // Finish() waits: nobody reads any more.
  bool over_ = false;     // No operation may be started.
  bool writing_ = false;
  bool write_ok_ = true;
  bool half_closed_ = false;
  bool done_ = false;
  grpc::Status status_;
};

// Turns gRPC's status into an Error; nothing about the connection is trusted beyond its code.
Error ErrorFromStatus(const grpc::Status& status);

}  // namespace equinode
