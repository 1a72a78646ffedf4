#include "client/channel/grpc_parts.h"

#include <grpc/support/log.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/slice.h>

#include <cstdio>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

#include "base/crypto/tls_process.h"

namespace equinode {

namespace {

// Only what gRPC says of itself before it ends the process; it holds nothing from outside.
void LastWords(gpr_log_func_args* args) {
  const std::string_view message(args->message);
  if (message.find("assertion failed") == std::string_view::npos) return;
  std::fprintf(stderr, "grpc %s:%d %s\n", args->file, args->line, args->message);
}

// gRPC 1.51 ends its callback threads with the last channel that uses them, on whatever thread lets
// go of it. When that is a callback thread itself (a stream that outlived its channel), the thread
// joins itself and the process aborts. So one channel that leads nowhere, and has made one call, is
// kept for good.
void KeepCallbackThreads() {
  static const auto* const kept =
      new std::shared_ptr<grpc::Channel>(grpc::CreateChannel("nowhere", nullptr));
  grpc::GenericStub stub(*kept);
  grpc::ClientContext context;
  const grpc::ByteBuffer request = ToBuffer("");
  grpc::ByteBuffer response;
  const auto done = std::make_shared<std::promise<void>>();
  stub.UnaryCall(&context, "/nowhere", grpc::StubOptions(), &request, &response,
                 [done](const grpc::Status&) { done->set_value(); });
  done->get_future().wait();
}

}  // namespace

Status PrepareGrpc() {
  EQN_CHECK(ConfigureTlsOfProcess());
  static std::once_flag once;
  std::call_once(once, [] {
    gpr_set_log_function(&LastWords);
    KeepCallbackThreads();
  });
  return Ok();
}

grpc::ByteBuffer ToBuffer(std::string_view bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

bool FromBuffer(const grpc::ByteBuffer& buffer, std::string& bytes) {
  bytes.clear();
  if (!buffer.Valid()) return false;
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return false;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return true;
}

}  // namespace equinode
