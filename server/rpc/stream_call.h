// Private to server/rpc: one open stream. Feeds its session on the pool, one call at a time, and
// carries what the session sends.
#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "server/rpc/door.h"

namespace equinode {

class StreamCall final : public grpc::ServerGenericBidiReactor,
                         public ActiveCall,
                         public OpenStream,
                         public std::enable_shared_from_this<StreamCall> {
 public:
  // `context` is gRPC's, valid until OnDone.
  static grpc::ServerGenericBidiReactor* Start(Door& door, Admitted admitted,
                                               grpc::CallbackServerContext* context);

  // OpenStream, from any thread.
  void Send(std::string message) override;
  std::size_t waiting_bytes() const override;
  void Finish(Status status) override;
  void Wake() override;

  void Tick(SteadyTime now) override;
  void Drain() override;

 private:
  enum class Job { kNone, kOpen, kWake, kMessage, kHalfClose, kDrop };

  StreamCall(Door& door, Admitted admitted, grpc::CallbackServerContext* context);
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  // On the pool.
  void Turn();
  Status RunJob(Job job, std::string message);
  Status Open();
  void Refuse(Refusal refusal);

  // With mutex_ held.
  Job Next(std::string& message, std::unique_ptr<StreamSession>& dropped);
  void Schedule();
  void ReadOn();
  void WriteOn();
  void End(grpc::Status status, bool flush);
  void FinishWhenDue();

  Door& door_;
  Admitted admitted_;
  Call call_;  // The session's.
  const SteadyTime started_;
  std::shared_ptr<StreamCall> self_;  // Until OnDone.

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  grpc::CallbackServerContext* context_;  // Null once done.
  std::unique_ptr<StreamSession> session_;
  bool scheduled_ = false;  // A turn waits or runs.
  bool opened_ = false;
  bool wake_ = false;
  // Reading.
  grpc::ByteBuffer in_;
  std::deque<std::string> inbox_;
  std::size_t inbox_bytes_ = 0;
  bool reading_ = false;
  bool read_over_ = false;
  bool half_close_told_ = false;
  // Writing.
  grpc::ByteBuffer out_;
  std::deque<std::string> outbox_;
  std::size_t waiting_bytes_ = 0;
  bool recorded_ = false;  // The entry is durable: what waits may leave.
  bool writing_ = false;
  // Ending.
  bool ended_ = false;      // The session gets no more calls.
  int holds_ = 0;           // An entry is being written: the end waits for it.
  bool cancelled_ = false;  // Nobody waits for an answer.
  bool finished_ = false;   // gRPC has been told.
  bool done_ = false;       // The transport is over; from here on nothing happens.
  grpc::Status status_;
  SteadyTime ended_at_{};
  SteadyTime next_check_;
};

}  // namespace equinode
