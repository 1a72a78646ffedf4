#include "client/channel/grpc_parts.h"

#include <grpc/support/log.h>
#include <grpcpp/support/slice.h>

#include <mutex>
#include <vector>

#include "base/crypto/tls_process.h"

namespace equinode {

Status PrepareGrpc() {
  EQN_CHECK(ConfigureTlsOfProcess());
  static std::once_flag once;
  std::call_once(once, [] { gpr_set_log_function([](gpr_log_func_args*) {}); });
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
