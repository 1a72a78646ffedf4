#include "server/rpc/rpc_server.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "base/process.h"
#include "client/channel/channel.h"
#include "client/channel/grpc_parts.h"
#include "server/rpc/acceptor.h"
#include "server/rpc/active_calls.h"
#include "server/rpc/server_credentials.h"
#include "server/rpc/stream_call.h"
#include "server/rpc/unary_call.h"
#include "server/rpc/worker_pool.h"

namespace equinode {

namespace {

// Descriptors kept for files, outgoing connections and gRPC's own.
constexpr std::size_t kReservedDescriptors = 192;

std::string_view View(grpc::string_ref text) { return {text.data(), text.size()}; }

// Sees every path before a byte of a message is read.
class Service final : public grpc::CallbackGenericService {
 public:
  explicit Service(Door& door) : door_(door) {}

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* ctx) override {
    const auto auth = ctx->auth_context();
    const auto pems = auth->FindPropertyValues("x509_pem_cert");
    const auto reused = auth->FindPropertyValues("ssl_session_reused");
    const std::string address = ctx->peer();
    Knock knock;
    knock.path = ctx->method();
    // None, or more than one, is nobody.
    if (pems.size() == 1) knock.certificate_pem = View(pems.front());
    knock.address = address;
    knock.resumed = !reused.empty() && View(reused.front()) != "false";
    auto entered = door_.gate.Enter(knock);
    if (auto* refusal = std::get_if<Refusal>(&entered)) {
      return RefusedCall::Start(door_, std::move(*refusal));
    }
    auto& admitted = std::get<Admitted>(entered);
    if (admitted.method->stream) return StreamCall::Start(door_, std::move(admitted), ctx);
    const SteadyTime deadline = Deadline(*ctx, admitted.method->deadline);
    return UnaryCall::Start(door_, std::move(admitted), deadline);
  }

 private:
  // The caller's, or the method's own when that is sooner: no call is without one.
  static SteadyTime Deadline(const grpc::GenericCallbackServerContext& ctx, Millis own) {
    const auto left =
        std::chrono::duration_cast<Millis>(ctx.deadline() - std::chrono::system_clock::now());
    return std::chrono::steady_clock::now() + std::min(own, std::max(left, Millis{0}));
  }

  Door& door_;
};

void SetLimits(grpc::ServerBuilder& builder, const RpcOptions& options) {
  const auto millis = [](Millis value) { return static_cast<int>(value.count()); };
  builder.SetMaxReceiveMessageSize(kMostMessageBytes);
  builder.SetMaxSendMessageSize(kMostMessageBytes);
  const std::pair<const char*, int> arguments[] = {
      // A compressed message is inflated before it is measured (fact 15).
      {GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, 1},
      {GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, millis(options.handshake_timeout)},
      {GRPC_ARG_MAX_CONCURRENT_STREAMS, options.streams_per_connection},
      {GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024},
      {GRPC_ARG_MAX_CONNECTION_IDLE_MS, millis(options.connection_idle)},
      {GRPC_ARG_MAX_CONNECTION_AGE_MS, millis(options.connection_age)},
      {GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, millis(options.connection_age_grace)},
      {GRPC_ARG_KEEPALIVE_TIME_MS, 60'000},
      {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000},
      {GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 30'000},
      {GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2},
      {GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1},
  };
  for (const auto& [name, value] : arguments) builder.AddChannelArgument(name, value);
  grpc::ResourceQuota quota("equinode");
  quota.Resize(options.transport_memory);
  builder.SetResourceQuota(quota);
}

Status CheckMethods(const std::vector<Method>& methods) {
  std::set<std::string_view> seen;
  for (const Method& method : methods) {
    const bool one_way = (method.unary != nullptr) != (method.stream != nullptr);
    if (!method.path.starts_with('/') || !one_way || !seen.insert(method.path).second ||
        method.max_request_bytes > static_cast<std::size_t>(kMostMessageBytes)) {
      return Error{Code::kInvalidArgument, "BAD_METHOD",
                   "the table of methods is wrong at " + method.path};
    }
  }
  return Ok();
}

}  // namespace

struct RpcServer::Impl {
  Impl(RpcOptions given, std::vector<Method> methods, GateHooks hooks, const Clock& clock, Log& out)
      : options(std::move(given)),
        log(out),
        gate(std::move(methods), std::move(hooks), options, clock, log),
        pool(options.workers, options.most_waiting) {}

  void Sweep() {
    std::unique_lock lock(mutex);
    while (!stop_sweeping.wait_for(lock, options.sweep, [&] { return stopping; })) {
      lock.unlock();
      calls.Tick(std::chrono::steady_clock::now());
      lock.lock();
    }
  }

  const RpcOptions options;
  Log& log;
  Gate gate;
  ActiveCalls calls;
  Door door{gate, pool, calls, options, log};
  WorkerPool pool;  // After what its last tasks use.
  Service service{door};
  std::unique_ptr<Acceptor> acceptor;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> into_grpc;
  std::unique_ptr<grpc::Server> server;
  std::thread sweeper;
  std::once_flag drained;
  Status drain_status = Ok();  // Written inside `drained` only.
  std::mutex mutex;
  std::condition_variable stop_sweeping;
  bool stopping = false;  // Guarded by mutex.
};

RpcServer::RpcServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RpcServer::~RpcServer() {
  if (impl_->server == nullptr) return;
  const Status ignored = Drain(std::chrono::seconds{2});
  (void)ignored;
}

Result<std::unique_ptr<RpcServer>> RpcServer::Start(RpcOptions options, const CurrentKeyRing& keys,
                                                    std::vector<Method> methods, GateHooks hooks,
                                                    const Clock& clock, Log& log) {
  EQN_CHECK(PrepareGrpc());
  EQN_CHECK(CheckMethods(methods));
  const std::size_t descriptors = DescriptorLimit();
  const std::size_t room =
      descriptors > 2 * kReservedDescriptors ? descriptors - kReservedDescriptors : descriptors / 2;
  if (options.max_connections > room) {
    log.Warning("connections_limited", {{Field::kCount, std::uint64_t{room}}});
    options.max_connections = room;
  }
  EQN_TRY(std::unique_ptr<Acceptor> acceptor,
          Acceptor::Bind(options.listen,
                         {options.max_connections, options.max_connections_per_address}, log));
  auto impl =
      std::make_unique<Impl>(std::move(options), std::move(methods), std::move(hooks), clock, log);
  impl->acceptor = std::move(acceptor);
  grpc::ServerBuilder builder;
  SetLimits(builder, impl->options);
  builder.RegisterCallbackGenericService(&impl->service);
  impl->into_grpc = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      RingCredentials(keys));
  impl->server = builder.BuildAndStart();
  if (impl->server == nullptr) {
    return Error{Code::kInternal, "CANNOT_SERVE", "the transport does not start"};
  }
  impl->sweeper = std::thread([raw = impl.get()] { raw->Sweep(); });
  impl->acceptor->Start([raw = impl.get()](int fd) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = fd;
    raw->into_grpc->HandleNewConnection(&connection);
  });
  return std::unique_ptr<RpcServer>(new RpcServer(std::move(impl)));
}

std::uint16_t RpcServer::port() const { return impl_->acceptor->port(); }

std::size_t RpcServer::open_calls() const { return impl_->calls.size(); }

Status RpcServer::Drain(Millis patience) {
  Impl& impl = *impl_;
  std::call_once(impl.drained, [&] {
    const auto begun = std::chrono::steady_clock::now();
    const auto deadline = std::chrono::system_clock::now() + patience;
    impl.acceptor->Stop();
    impl.gate.Close();
    impl.calls.Drain();
    impl.server->Shutdown(deadline);
    {
      const std::lock_guard lock(impl.mutex);
      impl.stopping = true;
    }
    impl.stop_sweeping.notify_all();
    impl.sweeper.join();
    const auto used = std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - begun);
    if (!impl.pool.WaitIdle(std::max(patience - used, Millis{100}))) {
      impl.drain_status = Error{Code::kDeadlineExceeded, "HANDLERS_RUNNING",
                                "handlers are still running after the time to shut down"};
    }
    impl.log.Info("port_closed", {{Field::kMillis, std::int64_t{used.count()}}});
  });
  return impl.drain_status;
}

}  // namespace equinode
