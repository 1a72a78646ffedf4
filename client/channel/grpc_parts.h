// Private to client/channel and server/rpc: what both sides of gRPC need. Nothing else includes
// gRPC's headers.
#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace equinode {

// Once a process, before gRPC's first object: TLS as ConfigureTlsOfProcess says, and gRPC's own log
// silent, because its lines carry text from the network.
Status PrepareGrpc();

grpc::ByteBuffer ToBuffer(std::string_view bytes);
// Empty when the buffer cannot be read (a compressed one cannot).
bool FromBuffer(const grpc::ByteBuffer& buffer, std::string& bytes);

}  // namespace equinode
