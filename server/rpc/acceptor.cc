#include "server/rpc/acceptor.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace equinode {

namespace {

constexpr int kBacklog = 256;
// Connections taken in one go, so that a flood does not keep the loop from stopping.
constexpr int kMostAtOnce = 64;

Error BadAddress() {
  return {Code::kInvalidArgument, "BAD_LISTEN_ADDRESS",
          "the address to listen on must be host:port or [ipv6]:port"};
}
Error CannotListen(const std::string& address, int error) {
  return {Code::kUnavailable, "CANNOT_LISTEN",
          "cannot listen on " + address + ": " + std::generic_category().message(error)};
}

struct FreeInfo {
  void operator()(addrinfo* info) const { freeaddrinfo(info); }
};
using InfoPtr = std::unique_ptr<addrinfo, FreeInfo>;

Result<InfoPtr> Resolve(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) return BadAddress();
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* info = nullptr;
  if (getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &info) != 0) {
    return BadAddress();
  }
  return InfoPtr(info);
}

// What the limit per address counts by: the IPv4 address, or the /64 that an IPv6 host can fill.
std::string AddressKey(const sockaddr_storage& from) {
  if (from.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(from);
    return std::string(reinterpret_cast<const char*>(&v4.sin_addr), sizeof(v4.sin_addr));
  }
  if (from.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(from);
    const char* bytes = reinterpret_cast<const char*>(&v6.sin6_addr);
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) return std::string(bytes + 12, 4);
    return std::string(bytes, 8);
  }
  return {};
}

std::uint64_t InodeOf(int fd) {
  struct stat info {};
  return fstat(fd, &info) == 0 ? static_cast<std::uint64_t>(info.st_ino) : 0;
}

int Reserve() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }

}  // namespace

Result<std::unique_ptr<Acceptor>> Acceptor::Bind(const std::string& address, AcceptorLimits limits,
                                                 Log& log) {
  EQN_TRY(const InfoPtr info, Resolve(address));
  const int fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return CannotListen(address, errno);
  const int one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, kBacklog) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    const int error = errno;
    close(fd);
    return CannotListen(address, error);
  }
  const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0) {
    const int error = errno;
    close(fd);
    return CannotListen(address, error);
  }
  const std::uint16_t port =
      ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port
                                        : reinterpret_cast<sockaddr_in&>(bound).sin_port);
  return std::unique_ptr<Acceptor>(new Acceptor(fd, wake, port, limits, log));
}

Acceptor::Acceptor(int listener, int wake, std::uint16_t port, AcceptorLimits limits, Log& log)
    : listener_(listener),
      wake_(wake),
      port_(port),
      limits_(limits),
      log_(log),
      reserve_(Reserve()) {}

Acceptor::~Acceptor() {
  Stop();
  close(wake_);
  if (reserve_ >= 0) close(reserve_);
}

void Acceptor::Start(std::function<void(int)> take) {
  take_ = std::move(take);
  thread_ = std::thread([this] { Loop(); });
}

void Acceptor::Stop() {
  if (stop_.exchange(true)) return;
  const std::uint64_t one = 1;
  if (write(wake_, &one, sizeof(one)) < 0) {
    // Cannot fail: the counter is far from full.
  }
  if (thread_.joinable()) thread_.join();
  close(listener_);  // What waits in its queue is reset.
}

void Acceptor::Loop() {
  while (!stop_) {
    pollfd waits[2] = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (poll(waits, 2, 1000) > 0 && (waits[0].revents & POLLIN) != 0) AcceptAll();
    Sweep();
  }
}

void Acceptor::AcceptAll() {
  for (int i = 0; i < kMostAtOnce && !stop_; ++i) {
    sockaddr_storage from{};
    socklen_t size = sizeof(from);
    const int fd =
        accept4(listener_, reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      Admit(fd, AddressKey(from));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      ShedOne();
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;  // EAGAIN, or a connection that broke before we took it: poll tells when to go on.
    }
  }
}

void Acceptor::Admit(int fd, std::string address) {
  if (!Room(address)) {
    Sweep();  // Some may have been closed since.
    if (held_.size() >= limits_.connections) return Refuse(fd, "TOO_MANY_CONNECTIONS");
    if (!Room(address)) return Refuse(fd, "TOO_MANY_CONNECTIONS_OF_ONE_ADDRESS");
  }
  const int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  ++per_address_[address];
  held_.push_back({fd, InodeOf(fd), std::move(address)});
  take_(fd);
}

bool Acceptor::Room(const std::string& address) {
  if (held_.size() >= limits_.connections) return false;
  const auto found = per_address_.find(address);
  return found == per_address_.end() || found->second < limits_.per_address;
}

// gRPC closes what it was given without telling. A socket's inode is its own for life, so a
// descriptor that shows another one, or none, is not our connection any more.
void Acceptor::Sweep() {
  std::erase_if(held_, [&](const Held& held) {
    if (InodeOf(held.fd) == held.inode) return false;
    const auto found = per_address_.find(held.address);
    if (found != per_address_.end() && --found->second == 0) per_address_.erase(found);
    return true;
  });
}

void Acceptor::Refuse(int fd, const char* reason) {
  close(fd);
  ++refused_;
  const auto now = std::chrono::steady_clock::now();
  if (now - said_ < std::chrono::seconds{1}) return;
  said_ = now;
  log_.Warning("connections_refused", {{Field::kReason, reason}, {Field::kCount, refused_}});
  refused_ = 0;
}

void Acceptor::ShedOne() {
  if (reserve_ >= 0) close(reserve_);
  const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) Refuse(fd, "NO_DESCRIPTORS");
  reserve_ = Reserve();
  if (fd < 0) {
    // Not even that: wait a little rather than spin.
    pollfd wake{wake_, POLLIN, 0};
    poll(&wake, 1, 50);
  }
}

}  // namespace equinode
