// Private to server/rpc: what the port shows and whom it trusts, taken from the key ring at every
// handshake. A ring that was swapped is used by the next connection; open ones are not disturbed.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "server/keys/key_ring.h"

namespace equinode {

// `keys` must outlive the server. Client certificates are asked for, required and verified. Through
// gRPC's certificate fetcher: no file, no watching thread, no copy of the key on disk, and a pair
// that gRPC does not take leaves the one before in use.
std::shared_ptr<grpc::ServerCredentials> RingCredentials(const CurrentKeyRing& keys);

}  // namespace equinode
