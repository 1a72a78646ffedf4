#include "client/channel/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/crypto/certificate.h"
#include "client/channel/grpc_parts.h"
#include "client/channel/grpc_stream.h"
#include "client/channel/peer_check.h"
#include "client/convert/error_details.h"

namespace equinode {

namespace {

namespace tls = grpc::experimental;

// Stands in the text of gRPC's error when our check has refused the other side.
constexpr const char* kWrongPeer = "EQUINODE_WRONG_PEER: ";

class PeerVerifier final : public tls::ExternalCertificateVerifier {
 public:
  explicit PeerVerifier(PeerCheck check) : check_(std::move(check)) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* sync_status) override {
    const grpc::string_ref pem = request->peer_cert();
    const Status checked = check_.Check({pem.data(), pem.size()}, SystemClock().Now());
    *sync_status = checked.ok() ? grpc::Status()
                                : grpc::Status(grpc::StatusCode::UNAUTHENTICATED,
                                               kWrongPeer + checked.error().message);
    return true;
  }
  void Cancel(tls::TlsCustomVerificationCheckRequest*) override {}

 private:
  const PeerCheck check_;
};

Error BadEndpoint(const char* message) { return {Code::kInvalidArgument, "BAD_ENDPOINT", message}; }
Error BadCredentials(std::string message) {
  return {Code::kInvalidArgument, "BAD_CREDENTIALS", std::move(message)};
}

// host:port or [v6]:port. Anything gRPC might take for a scheme or a list is refused.
Status CheckAddress(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return BadEndpoint("the address must be host:port");
  }
  std::string_view host = address.substr(0, colon);
  const std::string_view digits = address.substr(colon + 1);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0 || port > 65535) {
    return BadEndpoint("the port must be a number from 1 to 65535");
  }
  const bool v6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (v6) host = host.substr(1, host.size() - 2);
  const bool good = host.size() <= 253 && std::all_of(host.begin(), host.end(), [&](char c) {
                      const bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                         (c >= '0' && c <= '9');
                      return alnum || c == '.' || (v6 ? c == ':' : c == '-' || c == '_');
                    });
  if (!good) return BadEndpoint("the address must be host:port, or [ipv6]:port");
  return Ok();
}

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMostMessageBytes);
  arguments.SetMaxSendMessageSize(kMostMessageBytes);
  arguments.SetInt(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, 1);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  // How long one attempt to connect may take, and the waits between them.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 2'000);
  // Nothing between us and the node: no proxy, no service configuration from the name service, no
  // connection shared with a channel of other credentials, no retries that the caller did not ask.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return arguments;
}

std::shared_ptr<grpc::ChannelCredentials> Credentials(const ChannelCredentials& own,
                                                      const Certificate& leaf, PeerCheck check) {
  const auto key = AsText(own.key.view());
  const std::vector<tls::IdentityKeyCertPair> pair = {{std::string(key), leaf.pem()}};
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(
      std::make_shared<tls::StaticDataCertificateProvider>(own.trust, pair));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(true);
  options.set_check_call_host(false);  // The URI name is checked instead, in the handshake.
  options.set_certificate_verifier(
      tls::ExternalCertificateVerifier::Create<PeerVerifier>(std::move(check)));
  return tls::TlsCredentials(options);
}

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class StreamFace final : public MessageStream {
 public:
  explicit StreamFace(std::shared_ptr<StreamReactor> reactor) : reactor_(std::move(reactor)) {}
  ~StreamFace() override { reactor_->Cancel(); }
  Status Write(std::string message) override { return reactor_->Write(message); }
  Result<std::optional<std::string>> Read(Millis wait) override { return reactor_->Read(wait); }
  bool ended() const override { return reactor_->ended(); }
  void HalfClose() override { reactor_->HalfClose(); }
  Status Finish() override { return reactor_->Finish(); }
  void Cancel() override { reactor_->Cancel(); }
  std::optional<Millis> RetryAfter() const override { return reactor_->RetryAfter(); }

 private:
  std::shared_ptr<StreamReactor> reactor_;
};

}  // namespace

Error ErrorFromStatus(const grpc::Status& status) {
  const std::string& text = status.error_message();
  if (!status.error_details().empty()) {
    return ErrorFromPeer(status.error_code(), text, status.error_details());
  }
  if (Contains(text, kWrongPeer)) {
    return {Code::kUnauthenticated, "WRONG_PEER",
            "the node that answered is not the one asked for"};
  }
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    if (Contains(text, "CERTIFICATE_VERIFY_FAILED") ||
        Contains(text, "certificate verify failed")) {
      return {Code::kUnauthenticated, "WRONG_PEER",
              "the node that answered shows a certificate that this network does not trust"};
    }
    return {Code::kUnavailable, "PEER_UNREACHABLE",
            "the node cannot be reached, or does not take our certificate"};
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return {Code::kDeadlineExceeded, "DEADLINE", "the node did not answer in time"};
  }
  if (status.error_code() == grpc::StatusCode::CANCELLED) {
    return {Code::kCancelled, "CANCELLED", "the call was cancelled"};
  }
  return ErrorFromPeer(status.error_code(), text, {});
}

struct Channel::Impl {
  explicit Impl(std::shared_ptr<grpc::Channel> made) : channel(std::move(made)), stub(channel) {}

  std::shared_ptr<grpc::Channel> channel;
  grpc::GenericStub stub;
  std::mutex mutex;
  std::vector<std::weak_ptr<StreamReactor>> streams;  // Guarded by mutex.
};

Channel::Channel(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Channel::~Channel() {
  const std::lock_guard lock(impl_->mutex);
  for (const auto& weak : impl_->streams) {
    if (const auto stream = weak.lock()) stream->Cancel();
  }
}

Result<std::unique_ptr<Channel>> Channel::Open(const ChannelCredentials& credentials,
                                               const Endpoint& endpoint) {
  EQN_CHECK(PrepareGrpc());
  EQN_CHECK(CheckAddress(endpoint.address));
  if (endpoint.expected_uri.empty()) return BadEndpoint("the node's uri is missing");
  const auto chain = CertificatesFromPem(credentials.certificate);
  if (!chain.ok() || chain->empty()) return BadCredentials("our certificate cannot be read");
  const auto key = PrivateKey::FromPem(credentials.key);
  if (!key.ok()) return BadCredentials("our key cannot be read: " + key.error().message);
  if (!key->Matches(chain->front())) return BadCredentials("our key is not our certificate's");
  auto trust = TrustStore::FromPem(credentials.trust);
  if (!trust.ok()) return BadCredentials("the trust file: " + trust.error().message);
  PeerCheck check(std::move(trust).value(), endpoint.expected_uri);
  const auto grpc_credentials = Credentials(credentials, chain->front(), std::move(check));
  auto impl = std::make_unique<Impl>(
      grpc::CreateCustomChannel("dns:///" + endpoint.address, grpc_credentials, Arguments()));
  return std::unique_ptr<Channel>(new Channel(std::move(impl)));
}

Result<std::string> Channel::CallBytes(std::string_view method, std::string_view request,
                                       Millis deadline, std::optional<Millis>* retry_after) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + deadline);
  const grpc::ByteBuffer out = ToBuffer(request);
  grpc::ByteBuffer in;
  std::mutex mutex;
  std::condition_variable finished;
  std::optional<grpc::Status> status;  // Guarded by mutex.
  impl_->stub.UnaryCall(&context, std::string(method), grpc::StubOptions(), &out, &in,
                        [&](grpc::Status s) {
                          const std::lock_guard lock(mutex);
                          status = std::move(s);
                          finished.notify_one();
                        });
  std::unique_lock lock(mutex);
  finished.wait(lock, [&] { return status.has_value(); });
  if (retry_after != nullptr) *retry_after = equinode::RetryAfter(status->error_details());
  if (!status->ok()) return ErrorFromStatus(*status);
  std::string bytes;
  if (!FromBuffer(in, bytes)) {
    return Error{Code::kInternal, "BAD_ANSWER", "the node's answer cannot be read"};
  }
  return bytes;
}

Result<std::unique_ptr<MessageStream>> Channel::OpenStream(std::string_view method,
                                                           Millis longest) {
  auto reactor = std::make_shared<StreamReactor>();
  {
    const std::lock_guard lock(impl_->mutex);
    std::erase_if(impl_->streams, [](const auto& weak) { return weak.expired(); });
    impl_->streams.push_back(reactor);
  }
  reactor->Start(impl_->stub, std::string(method), std::chrono::system_clock::now() + longest);
  return std::unique_ptr<MessageStream>(std::make_unique<StreamFace>(std::move(reactor)));
}

}  // namespace equinode
