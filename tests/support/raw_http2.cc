#include "tests/support/raw_http2.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace equinode::testing {

namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
enum FrameType : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kRst = 3,
  kSettings = 4,
  kPing = 6,
  kWindowUpdate = 8,
};
constexpr std::int64_t kFirstWindow = 65535;

std::string Frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                  std::string_view payload) {
  std::string frame;
  const auto size = static_cast<std::uint32_t>(payload.size());
  for (const int shift : {16, 8, 0}) frame.push_back(static_cast<char>((size >> shift) & 0xff));
  frame.push_back(static_cast<char>(type));
  frame.push_back(static_cast<char>(flags));
  for (const int shift : {24, 16, 8, 0}) {
    frame.push_back(static_cast<char>((stream >> shift) & 0xff));
  }
  return frame.append(payload);
}

// RFC 7541: a length with a prefix of seven bits, then the bytes as they are.
void AppendText(std::string& out, std::string_view text) {
  std::size_t left = text.size();
  if (left < 127) {
    out.push_back(static_cast<char>(left));
  } else {
    out.push_back(127);
    left -= 127;
    while (left >= 128) {
      out.push_back(static_cast<char>((left & 127) | 128));
      left >>= 7;
    }
    out.push_back(static_cast<char>(left));
  }
  out.append(text);
}

std::int64_t Number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::int64_t value = 0;
  for (std::size_t i = at; i < at + size; ++i) value = value << 8 | (bytes[i] & 0xff);
  return value;
}

void AppendHeader(std::string& out, std::string_view name, std::string_view value) {
  out.push_back('\0');  // Literal, not indexed, new name.
  AppendText(out, name);
  AppendText(out, value);
}

// gRPC writes this name literally the first time it is used on a connection.
std::optional<int> StatusIn(std::string_view block) {
  constexpr std::string_view kName = "grpc-status";
  const std::size_t at = block.find(kName);
  if (at == std::string_view::npos || at + kName.size() + 1 >= block.size()) return std::nullopt;
  const std::size_t size = static_cast<unsigned char>(block[at + kName.size()]) & 127u;
  return std::atoi(std::string(block.substr(at + kName.size() + 1, size)).c_str());
}

std::string_view FirstPem(std::string_view& text) {
  const std::size_t end = text.find("-----END CERTIFICATE-----");
  if (end == std::string_view::npos) return {};
  const std::size_t next = end + std::strlen("-----END CERTIFICATE-----\n");
  const std::string_view one = text.substr(0, next);
  text.remove_prefix(std::min(next, text.size()));
  return one;
}

X509* ReadX509(std::string_view pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* x509 = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return x509;
}

}  // namespace

int ConnectTcp(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

struct RawHttp2::Impl {
  SSL_CTX* ctx = nullptr;
  SSL* ssl = nullptr;
  int fd = -1;
  bool handshake = false;
  bool closed = false;
  bool settings = false;
  int tickets = 0;
  std::string in;
  std::map<std::uint32_t, int> status;
  std::map<std::uint32_t, std::string> data;
  // What we may still send: of the connection, and of each stream beyond the first window.
  std::int64_t window = kFirstWindow;
  std::int64_t stream_window = kFirstWindow;
  std::map<std::uint32_t, std::int64_t> stream_windows;

  std::int64_t Window(std::uint32_t stream) {
    return std::min(window, stream_window + stream_windows[stream]);
  }

  static int NewSession(SSL* ssl, SSL_SESSION*) {
    ++static_cast<Impl*>(SSL_get_app_data(ssl))->tickets;
    return 0;
  }

  void Configure(const RawTlsOptions& options) {
    ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(ctx, 0);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
    if (options.tls12) {
      SSL_CTX_clear_options(ctx, SSL_OP_NO_TLSv1_2);
      SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
      SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    }
    SSL_CTX_clear_options(ctx, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT);
    SSL_CTX_sess_set_new_cb(ctx, &NewSession);
    if (options.alpn) {
      SSL_CTX_set_alpn_protos(ctx, reinterpret_cast<const unsigned char*>("\x02h2"), 3);
    }
    if (options.chain_pem.empty()) return;
    std::string_view rest = options.chain_pem;
    X509* leaf = ReadX509(FirstPem(rest));
    SSL_CTX_use_certificate(ctx, leaf);
    X509_free(leaf);
    while (!rest.empty()) {
      const std::string_view pem = FirstPem(rest);
      if (pem.empty()) break;
      if (X509* more = ReadX509(pem)) SSL_CTX_add0_chain_cert(ctx, more);
    }
    BIO* bio = BIO_new_mem_buf(options.key_pem.data(), static_cast<int>(options.key_pem.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    SSL_CTX_use_PrivateKey(ctx, key);
    EVP_PKEY_free(key);
  }

  // Waits for bytes; false when none came in time or the connection is over.
  bool ReadSome(std::chrono::steady_clock::time_point until) {
    if (closed) return false;
    if (SSL_pending(ssl) == 0) {
      const auto left =
          std::chrono::duration_cast<Millis>(until - std::chrono::steady_clock::now());
      pollfd wait{fd, POLLIN, 0};
      const int patience = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
      if (poll(&wait, 1, patience) <= 0) return false;
    }
    char buffer[16 * 1024];
    const int got = SSL_read(ssl, buffer, sizeof(buffer));
    if (got <= 0) {
      const int why = SSL_get_error(ssl, got);
      closed = why != SSL_ERROR_WANT_READ;
      ERR_clear_error();
      return !closed;
    }
    in.append(buffer, static_cast<std::size_t>(got));
    Parse();
    return true;
  }

  void Parse() {
    while (in.size() >= 9) {
      const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(in[i]); };
      const std::size_t size = (std::size_t{byte(0)} << 16) | (byte(1) << 8) | byte(2);
      if (in.size() < 9 + size) return;
      const std::uint8_t type = byte(3);
      const std::uint8_t flags = byte(4);
      const std::uint32_t stream =
          (std::uint32_t{byte(5)} << 24 | byte(6) << 16 | byte(7) << 8 | byte(8)) & 0x7fffffffu;
      const std::string payload = in.substr(9, size);
      in.erase(0, 9 + size);
      if (type == kSettings && (flags & 1) == 0) {
        settings = true;
        for (std::size_t at = 0; at + 6 <= payload.size(); at += 6) {
          if (Number(payload, at, 2) == 4) stream_window = Number(payload, at + 2, 4);
        }
        Put(Frame(kSettings, 1, 0, {}));
      } else if (type == kPing && (flags & 1) == 0) {
        Put(Frame(kPing, 1, 0, payload));
      } else if (type == kHeaders) {
        if (const auto found = StatusIn(payload)) status[stream] = *found;
      } else if (type == kData) {
        data[stream] += payload;
      } else if (type == kWindowUpdate && payload.size() == 4) {
        (stream == 0 ? window : stream_windows[stream]) += Number(payload, 0, 4);
      } else if (type == kRst) {
        status.emplace(stream, kReset);
      }
    }
  }

  bool Put(std::string_view bytes) {
    while (!bytes.empty() && !closed) {
      const int put = SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()));
      if (put <= 0) {
        ERR_clear_error();
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return bytes.empty();
  }
};

RawHttp2::RawHttp2(std::uint16_t port, const RawTlsOptions& options)
    : impl_(std::make_unique<Impl>()) {
  signal(SIGPIPE, SIG_IGN);
  impl_->Configure(options);
  impl_->fd = ConnectTcp(port);
  impl_->ssl = SSL_new(impl_->ctx);
  SSL_set_app_data(impl_->ssl, impl_.get());
  SSL_set_fd(impl_->ssl, impl_->fd);
  impl_->handshake = impl_->fd >= 0 && SSL_connect(impl_->ssl) == 1;
  impl_->closed = !impl_->handshake;
  ERR_clear_error();
}

RawHttp2::~RawHttp2() {
  Cut();
  SSL_free(impl_->ssl);
  SSL_CTX_free(impl_->ctx);
}

bool RawHttp2::handshake_ok() const { return impl_->handshake; }
std::string RawHttp2::tls_version() const { return SSL_get_version(impl_->ssl); }
int RawHttp2::session_tickets() const { return impl_->tickets; }
bool RawHttp2::closed() const { return impl_->closed; }

bool RawHttp2::Open(Millis wait) {
  if (!impl_->handshake) return false;
  Write(std::string(kPreface) + Frame(kSettings, 0, 0, {}));
  const auto until = std::chrono::steady_clock::now() + wait;
  while (!impl_->settings && impl_->ReadSome(until)) {
  }
  return impl_->settings;
}

void RawHttp2::SendHeaders(std::uint32_t stream, std::string_view path, const Headers& extra,
                           bool end) {
  std::string block;
  AppendHeader(block, ":method", "POST");
  AppendHeader(block, ":scheme", "https");
  AppendHeader(block, ":path", path);
  AppendHeader(block, ":authority", "localhost");
  AppendHeader(block, "te", "trailers");
  AppendHeader(block, "content-type", "application/grpc");
  for (const auto& [name, value] : extra) AppendHeader(block, name, value);
  impl_->Put(Frame(kHeaders, static_cast<std::uint8_t>(0x4 | (end ? 1 : 0)), stream, block));
}

bool RawHttp2::SendData(std::uint32_t stream, std::string_view bytes, bool end, Millis wait) {
  const auto until = std::chrono::steady_clock::now() + wait;
  do {
    while (impl_->ReadSome({})) {  // What has come in meanwhile.
    }
    while (impl_->Window(stream) <= 0 && !bytes.empty() && impl_->ReadSome(until)) {
    }
    if (impl_->closed || impl_->status.contains(stream)) return false;
    const std::int64_t room = std::min<std::int64_t>(impl_->Window(stream), 16 * 1024);
    if (room <= 0 && !bytes.empty()) return false;
    const std::string_view part = bytes.substr(0, static_cast<std::size_t>(room));
    bytes.remove_prefix(part.size());
    impl_->window -= static_cast<std::int64_t>(part.size());
    impl_->stream_windows[stream] -= static_cast<std::int64_t>(part.size());
    const bool last = end && bytes.empty();
    if (!impl_->Put(Frame(kData, last ? 1 : 0, stream, part))) return false;
  } while (!bytes.empty());
  return true;
}

void RawHttp2::SendMessage(std::uint32_t stream, std::string_view payload, bool end, char flag) {
  std::string message(1, flag);
  const auto size = static_cast<std::uint32_t>(payload.size());
  for (const int shift : {24, 16, 8, 0})
    message.push_back(static_cast<char>((size >> shift) & 0xff));
  message.append(payload);
  SendData(stream, message, end);
}

void RawHttp2::SendReset(std::uint32_t stream) {
  impl_->Put(Frame(kRst, 0, stream, std::string_view("\0\0\0\x08", 4)));
}

bool RawHttp2::Write(std::string_view bytes) { return impl_->Put(bytes); }

int RawHttp2::WaitStatus(std::uint32_t stream, Millis wait) {
  const auto until = std::chrono::steady_clock::now() + wait;
  while (true) {
    const auto found = impl_->status.find(stream);
    if (found != impl_->status.end()) return found->second;
    if (!impl_->ReadSome(until)) return impl_->closed ? kClosed : kSilence;
  }
}

std::string RawHttp2::data(std::uint32_t stream) const {
  const auto found = impl_->data.find(stream);
  return found == impl_->data.end() ? std::string() : found->second;
}

bool RawHttp2::WaitClosed(Millis wait) {
  const auto until = std::chrono::steady_clock::now() + wait;
  while (impl_->ReadSome(until)) {
  }
  return impl_->closed;
}

void RawHttp2::Cut() {
  if (impl_->fd < 0) return;
  const linger now{1, 0};
  setsockopt(impl_->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  close(impl_->fd);
  impl_->fd = -1;
  impl_->closed = true;
}

int RawHttp2::Call(std::string_view path, std::string_view payload, const Headers& extra) {
  if (!Open()) return kClosed;
  SendHeaders(1, path, extra);
  SendMessage(1, payload);
  return WaitStatus(1);
}

}  // namespace equinode::testing
