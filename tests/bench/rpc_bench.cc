// What the gate costs: calls through the port, beside the same bytes over a bare gRPC of the same
// TLS that checks nobody and records nothing; and how soon a revocation and a new key count.
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <future>
#include <thread>

#include "client/channel/grpc_parts.h"
#include "tests/server/rpc/gate_node.h"

namespace equinode::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

double SecondsSince(Steady::time_point begun) {
  return std::chrono::duration<double>(Steady::now() - begun).count();
}

// Calls a second of `callers` threads that share one channel.
double Rate(int callers, int calls_each, const std::function<bool()>& call) {
  std::atomic<int> failed = 0;
  const auto begun = Steady::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < callers; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < calls_each; ++i) failed += call() ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (failed > 0) std::printf("  %d calls failed\n", failed.load());
  return callers * calls_each / SecondsSince(begun);
}

// Reads one message and sends it back, on gRPC's own threads.
class BareEcho final : public grpc::CallbackGenericService {
  class Call final : public grpc::ServerGenericBidiReactor {
   public:
    Call() { StartRead(&bytes_); }
    void OnReadDone(bool ok) override {
      if (ok) {
        StartWriteAndFinish(&bytes_, grpc::WriteOptions(), grpc::Status::OK);
      } else {
        Finish(grpc::Status(grpc::StatusCode::INTERNAL, ""));
      }
    }
    void OnDone() override { delete this; }

   private:
    grpc::ByteBuffer bytes_;
  };
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    return new Call;
  }
};

double BareRate(const TestPki& pki, const TestCert& server, const TestCert& client, int callers,
                int calls_each, const std::string& payload) {
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = pki.ca_pem();
  options.pem_key_cert_pairs.push_back({server.key_pem, server.pem});
  BareEcho service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options), &port);
  builder.RegisterCallbackGenericService(&service);
  const auto running = builder.BuildAndStart();
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("bare");
  const auto channel = grpc::CreateCustomChannel(
      "127.0.0.1:" + std::to_string(port),
      grpc::SslCredentials({pki.ca_pem(), client.key_pem, client.pem}), arguments);
  grpc::GenericStub stub(channel);
  const double rate = Rate(callers, calls_each, [&] {
    grpc::ClientContext context;
    const grpc::ByteBuffer request = ToBuffer(payload);
    grpc::ByteBuffer response;
    std::promise<bool> done;
    stub.UnaryCall(&context, kEcho, grpc::StubOptions(), &request, &response,
                   [&](const grpc::Status& status) { done.set_value(status.ok()); });
    return done.get_future().get();
  });
  running->Shutdown();
  return rate;
}

void Calls(GateNode& node) {
  CertSpec spec;
  spec.uris = {node.own_uri()};
  spec.dns = {"bare"};
  const TestCert bare = node.pki().Issue(spec);
  const auto channel = node.Dial(node.peer());
  std::printf("%-28s %12s %12s %7s\n", "calls/s, mutual TLS 1.3", "gate", "bare gRPC", "ratio");
  for (const std::size_t size : {std::size_t{200}, std::size_t{64} * 1024}) {
    const std::string payload(size, 'x');
    for (const int callers : {1, 16, 64}) {
      const int each = (size > 1000 ? 1500 : 6000) / callers;
      const auto call = [&] { return channel->CallBytes(kEcho, payload, seconds{30}).ok(); };
      (void)Rate(callers, 10, call);
      const double gate = Rate(callers, each, call);
      const double plain = BareRate(node.pki(), bare, node.peer(), callers, each, payload);
      std::printf("%6zu bytes, %2d callers      %12.0f %12.0f %7.2f\n", size, callers, gate, plain,
                  gate / plain);
    }
  }
}

void Moments(GateNode& node) {
  const auto connect = [&] { return node.GoodCall().ok(); };
  const double fresh = Rate(1, 100, connect);
  std::printf("new connection and one call  %9.2f ms\n", 1000 / fresh);
  const TestCert renewed = node.pki().Node("payer", "renewed");
  const auto swapped = Steady::now();
  node.keys().Swap(node.Ring(renewed));
  const bool shown = node.Dial(node.peer(), renewed.certificate().uri_names().at(0))
                         ->CallBytes(kEcho, "", seconds{5})
                         .ok();
  std::printf("key swap to its first call   %9.2f ms%s\n", SecondsSince(swapped) * 1000,
              shown ? "" : " FAILED");
  const auto channel = node.Dial(node.peer(), renewed.certificate().uri_names().at(0));
  (void)channel->CallBytes(kEcho, "", seconds{5});
  const auto revoked = Steady::now();
  node.enrolment().Revoke(node.peer());
  const bool refused = !channel->CallBytes(kEcho, "", seconds{5}).ok();
  std::printf("revocation to refused call   %9.2f ms%s\n", SecondsSince(revoked) * 1000,
              refused ? "" : " FAILED");
  const auto ending = Steady::now();
  const bool drained = node.server().Drain(seconds{10}).ok();
  std::printf("drain                        %9.2f ms%s\n", SecondsSince(ending) * 1000,
              drained ? "" : " FAILED");
}

int Main() {
  RpcOptions options;
  options.calls = {1e9, 1e9};
  GateNode node(options);
  node.Start();
  Calls(node);
  Moments(node);
  return 0;
}

}  // namespace
}  // namespace equinode::testing

int main() { return equinode::testing::Main(); }
