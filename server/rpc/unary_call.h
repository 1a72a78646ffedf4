// Private to server/rpc: one call with one message each way, and one that was refused.
#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <atomic>
#include <memory>
#include <string>

#include "server/rpc/door.h"

namespace equinode {

// Never reads. Answers once the refusal is recorded.
class RefusedCall final : public grpc::ServerGenericBidiReactor,
                          public std::enable_shared_from_this<RefusedCall> {
 public:
  static grpc::ServerGenericBidiReactor* Start(Door& door, Refusal refusal);

 private:
  explicit RefusedCall(Refusal refusal) : refusal_(std::move(refusal)) {}
  void Answer(const Error& error, std::optional<Millis> retry_after);
  // Nobody waits: not even for the entry, which is written all the same.
  void OnCancel() override { Answer(refusal_.error, refusal_.retry_after); }
  void OnDone() override { self_.reset(); }

  const Refusal refusal_;
  std::atomic<bool> answered_ = false;
  std::shared_ptr<RefusedCall> self_;  // Until OnDone.
};

// Reads one message and the end of the caller's side, runs the handler on the pool, records,
// answers. Past its deadline it is answered at once, whatever the handler still does.
class UnaryCall final : public grpc::ServerGenericBidiReactor,
                        public ActiveCall,
                        public std::enable_shared_from_this<UnaryCall> {
 public:
  static grpc::ServerGenericBidiReactor* Start(Door& door, Admitted admitted, SteadyTime deadline);

  void Tick(SteadyTime now) override;
  void Drain() override {}  // It ends by itself; its deadline is near.

 private:
  UnaryCall(Door& door, Admitted admitted, SteadyTime deadline);
  void OnReadDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;
  void Run();
  Result<std::string> Handle();
  void Fail(const Error& error, std::optional<Millis> retry_after = std::nullopt);
  // True for the one who may answer.
  bool Claim() { return !answered_.exchange(true); }

  Door& door_;
  Admitted admitted_;
  const SteadyTime deadline_;
  std::shared_ptr<UnaryCall> self_;  // Until OnDone.
  grpc::ByteBuffer in_;
  grpc::ByteBuffer out_;
  std::string request_;
  bool read_ = false;  // The message is in request_. Of gRPC's reading reaction alone.
  std::atomic<bool> answered_ = false;
};

}  // namespace equinode
