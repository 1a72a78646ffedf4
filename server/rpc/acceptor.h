// The listening socket, in our own hands: gRPC 1.51's stays deaf for good once accept() has failed
// for want of a descriptor (CVE-2023-4785). Also the place for limits on connections.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"

namespace equinode {

struct AcceptorLimits {
  std::size_t connections = 0;
  std::size_t per_address = 0;
};

// Accepts on its own thread from Start to Stop.
class Acceptor {
 public:
  // Binds and listens on `address` (host:port, [v6]:port; port 0: any). INVALID_ARGUMENT /
  // BAD_LISTEN_ADDRESS, UNAVAILABLE / CANNOT_LISTEN.
  static Result<std::unique_ptr<Acceptor>> Bind(const std::string& address, AcceptorLimits limits,
                                                Log& log);
  ~Acceptor();

  std::uint16_t port() const { return port_; }
  // `take` owns the descriptor that it is given; it is non-blocking and close-on-exec.
  void Start(std::function<void(int)> take);
  // No connection is handed over after it returns. Again: nothing.
  void Stop();

 private:
  // A descriptor that was handed over. It is closed elsewhere; that it has been, shows in its
  // inode.
  struct Held {
    int fd = -1;
    std::uint64_t inode = 0;
    std::string address{};
  };

  Acceptor(int listener, int wake, std::uint16_t port, AcceptorLimits limits, Log& log);
  void Loop();
  void AcceptAll();
  void Admit(int fd, std::string address);
  bool Room(const std::string& address);
  void Sweep();
  void Refuse(int fd, const char* reason);
  // Takes one waiting connection with the descriptor in reserve, and drops it.
  void ShedOne();

  const int listener_;
  const int wake_;
  const std::uint16_t port_;
  const AcceptorLimits limits_;
  Log& log_;
  std::function<void(int)> take_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
  // Of the accepting thread alone.
  int reserve_ = -1;
  std::vector<Held> held_;
  std::map<std::string, std::size_t> per_address_;
  std::int64_t refused_ = 0;
  std::chrono::steady_clock::time_point said_{};
};

}  // namespace equinode
