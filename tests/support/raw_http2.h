// A client that speaks TLS and HTTP/2 by hand, so that a test can say what a library never would:
// no certificate, a broken one, TLS 1.2, headers and then nothing, half a message.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace equinode::testing {

// A TCP connection to loopback, without TLS. -1 when refused. The caller closes it.
int ConnectTcp(std::uint16_t port);

struct RawTlsOptions {
  std::string chain_pem{};  // Empty: no client certificate.
  std::string key_pem{};
  bool tls12 = false;  // Offers TLS 1.2 alone.
  bool alpn = true;    // Offers h2.
};

class RawHttp2 {
 public:
  using Millis = std::chrono::milliseconds;
  using Headers = std::vector<std::pair<std::string, std::string>>;
  static constexpr int kClosed = -1;   // The connection ended before a status came.
  static constexpr int kReset = -2;    // The stream was reset without a status.
  static constexpr int kSilence = -3;  // Nothing came in time.

  // Connects and shakes hands as far as a client can tell: in TLS 1.3 a refused client certificate
  // shows only at the first read.
  RawHttp2(std::uint16_t port, const RawTlsOptions& options);
  ~RawHttp2();

  bool handshake_ok() const;
  std::string tls_version() const;  // "TLSv1.3"
  int session_tickets() const;      // How many were sent to us so far.

  // The connection preface and our SETTINGS; true when the server's SETTINGS come back, which is
  // when it has accepted our certificate.
  bool Open(Millis wait = std::chrono::seconds{5});
  void SendHeaders(std::uint32_t stream, std::string_view path, const Headers& extra = {},
                   bool end = false);
  // Within the windows that the server grants; false when the call or the connection has ended, or
  // no window has come for `wait`.
  bool SendData(std::uint32_t stream, std::string_view bytes, bool end = false,
                Millis wait = std::chrono::seconds{3});
  // One gRPC message: its prefix and `payload`.
  void SendMessage(std::uint32_t stream, std::string_view payload, bool end = true,
                   char flag = '\0');
  void SendReset(std::uint32_t stream);
  // Anything at all, inside TLS.
  bool Write(std::string_view bytes);

  // The stream's grpc-status, or one of the negative values.
  int WaitStatus(std::uint32_t stream, Millis wait = std::chrono::seconds{10});
  // Bytes of DATA frames of a stream so far, and of all frames.
  std::string data(std::uint32_t stream) const;
  bool closed() const;  // By the other side, as far as was read.
  // Reads until the connection is closed; false when it is still open after `wait`.
  bool WaitClosed(Millis wait);
  // Cuts the connection without a word.
  void Cut();

  // Open, one call with one message, its status.
  int Call(std::string_view path, std::string_view payload, const Headers& extra = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace equinode::testing
