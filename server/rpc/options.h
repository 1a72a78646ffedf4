// Every bound of the node's port (PLATFORM_NOTES section 2.4). What arrives is bounded before it is
// read: connections, streams, sizes, counts, time.
#pragma once

#include <cstddef>
#include <string>

#include "base/clock.h"
#include "server/rpc/rate_limiter.h"

namespace equinode {

struct RpcOptions {
  std::string listen = "127.0.0.1:0";  // host:port; port 0 lets the system choose.

  // Connections, whether or not anybody has shown a certificate on them yet.
  std::size_t max_connections = 2048;  // At most what the descriptors allow, less a reserve.
  std::size_t max_connections_per_address = 128;  // IPv6: per /64.
  Millis handshake_timeout = std::chrono::seconds{5};
  Millis connection_idle = std::chrono::minutes{5};
  Millis connection_age = std::chrono::minutes{20};
  Millis connection_age_grace = std::chrono::seconds{30};
  int streams_per_connection = 100;
  // What the transport may hold of messages that are not whole yet, in all. gRPC measures a message
  // when it is whole, not when its length is known: a caller that was let in can announce 4 GB and
  // begin to send. Past this bound the transport cuts streams, the largest eater's among them.
  std::size_t transport_memory = 128u * 1024 * 1024;

  // Handlers.
  std::size_t workers = 32;
  std::size_t most_waiting = 256;  // Calls that wait for a worker.

  // Of one caller, by its URI.
  Rate calls{1000, 2000};
  std::size_t calls_at_once = 128;
  std::size_t streams_at_once = 16;
  // Of one certificate, or one address where none could be read: how many denials are recorded. A
  // caller over it is answered RESOURCE_EXHAUSTED and leaves no entry, or it could fill the disk.
  Rate denials{20, 200};

  // Streams.
  Millis recheck = std::chrono::seconds{5};  // At most this long after a right is lost (R3).
  Millis max_stream_age = std::chrono::minutes{30};
  std::size_t read_ahead_messages = 4;
  std::size_t read_ahead_bytes = 2 * 1024 * 1024;

  // How often deadlines, ages and rights of what is open are looked at.
  Millis sweep = std::chrono::milliseconds{200};
};

}  // namespace equinode
