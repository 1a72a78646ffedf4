// A gate that listens on loopback, with an enrolment in memory that matches exactly: what the
// tests of the port share. The real enrolment has tests of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "client/channel/channel.h"
#include "server/keys/key_ring.h"
#include "server/rpc/rpc_server.h"
#include "tests/support/pki.h"
#include "tests/support/raw_http2.h"

namespace equinode::testing {

inline constexpr const char* kEcho = "/equinode.test.Gate/Echo";
inline constexpr const char* kStream = "/equinode.test.Gate/Stream";
inline constexpr const char* kWait = "/equinode.test.Gate/Wait";

// What a raw client sees of a call's end, as gRPC numbers it.
inline constexpr int kOk = 0;
inline constexpr int kInvalidArgument = 3;
inline constexpr int kDeadlineExceeded = 4;
inline constexpr int kPermissionDenied = 7;
inline constexpr int kResourceExhausted = 8;
inline constexpr int kUnimplemented = 12;
inline constexpr int kUnauthenticated = 16;

// A door that a test opens for a handler. Thread-safe.
class Latch {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void WaitForWaiters(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

// Enrolment by exact URI and fingerprint. Thread-safe.
class ExactEnrolment {
 public:
  explicit ExactEnrolment(TrustStore trust) : trust_(std::move(trust)) {}

  void Enrol(const TestCert& cert) {
    const std::lock_guard lock(mutex_);
    const Certificate certificate = cert.certificate();
    enrolled_[certificate.uri_names().at(0)].insert(certificate.fingerprint());
  }
  // Whatever certificate of the network shows this URI. So a test of names cannot pass because the
  // fingerprint was another.
  void EnrolUri(const std::string& uri) {
    const std::lock_guard lock(mutex_);
    enrolled_[uri].insert(kAny);
  }
  void Withdraw(const std::string& uri) {
    const std::lock_guard lock(mutex_);
    enrolled_.erase(uri);
  }
  void Revoke(const TestCert& cert) {
    const std::lock_guard lock(mutex_);
    revoked_.insert(cert.certificate().fingerprint());
  }
  void Forbid(const std::string& uri, const std::string& method) {
    const std::lock_guard lock(mutex_);
    forbidden_.insert({uri, method});
  }

  Result<Caller> Admit(const Certificate& certificate, std::string_view address,
                       std::string_view method, Instant now) const {
    EQN_CHECK(trust_.Verify(certificate, now, Usage::kNode));
    const Error nobody{Code::kUnauthenticated, "NOT_ENROLLED", "not enrolled here"};
    if (certificate.uri_names().size() != 1) return nobody;
    const std::string& uri = certificate.uri_names().front();
    const auto identity = ParseIdentity(uri);
    if (!identity.ok()) return nobody;
    const std::lock_guard lock(mutex_);
    if (revoked_.contains(certificate.fingerprint())) {
      return Error{Code::kUnauthenticated, "REVOKED", "the certificate was revoked"};
    }
    const auto found = enrolled_.find(uri);
    if (found == enrolled_.end() ||
        (!found->second.contains(kAny) && !found->second.contains(certificate.fingerprint()))) {
      return nobody;
    }
    if (forbidden_.contains({uri, std::string(method)})) {
      return Error{Code::kPermissionDenied, "METHOD_NOT_ALLOWED", "not for this role"};
    }
    return Caller{*identity, certificate.fingerprint(), std::string(address)};
  }

 private:
  static constexpr const char* kAny = "*";
  const TrustStore trust_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, std::set<std::string>> enrolled_;
  std::set<std::string> revoked_;
  std::set<std::pair<std::string, std::string>> forbidden_;
};

// Answers each message with itself; "stop" ends the stream; "flood" sends until told to hold back.
class EchoSession final : public StreamSession {
 public:
  explicit EchoSession(std::shared_ptr<OpenStream> stream) : stream_(std::move(stream)) {}
  Status OnMessage(std::string message) override {
    if (message == "stop") {
      stream_->Finish(Ok());
    } else if (message == "fail") {
      return Error{Code::kFailedPrecondition, "TEST_FAILED", "as it was asked to"};
    } else {
      stream_->Send(std::move(message));
    }
    return Ok();
  }
  Status OnHalfClose() override {
    stream_->Finish(Ok());
    return Ok();
  }

 private:
  std::shared_ptr<OpenStream> stream_;
};

class GateNode {
 public:
  explicit GateNode(RpcOptions options = Quick()) : GateNode(std::move(options), TestPki()) {}
  GateNode(RpcOptions options, TestPki pki)
      : pki_(std::move(pki)),
        clock_(pki_.now()),
        log_(-1, clock_),
        own_(pki_.Node("payer", "plan")),
        peer_(pki_.Node("practice", "clinic")),
        enrolment_(pki_.trust()),
        keys_(Ring(own_)),
        options_(std::move(options)) {
    enrolment_.Enrol(peer_);
  }
  ~GateNode() { server_.reset(); }

  // Options of which the slow ones are quick.
  static RpcOptions Quick() {
    RpcOptions options;
    options.sweep = std::chrono::milliseconds{20};
    options.recheck = std::chrono::milliseconds{50};
    options.workers = 8;
    return options;
  }

  std::shared_ptr<const KeyRing> Ring(const TestCert& cert) const {
    const Certificate certificate = cert.certificate();
    return std::make_shared<KeyRing>(KeyRing{ParseIdentity(certificate.uri_names().at(0)).value(),
                                             KeyPair{certificate, cert.key()},
                                             {},
                                             pki_.trust()});
  }

  void Add(Method method) { methods_.push_back(std::move(method)); }
  static Method Unary(std::string path, UnaryHandler handler) {
    Method method;
    method.path = std::move(path);
    method.max_request_bytes = 1024 * 1024;
    method.unary = std::move(handler);
    return method;
  }

  void Start() {
    Add(Unary(kEcho, [](Call& call, std::string_view request) -> Result<std::string> {
      return call.caller.identity.uri + " " + std::string(request);
    }));
    Method stream;
    stream.path = kStream;
    stream.max_request_bytes = 1024 * 1024;
    stream.stream = [](Call&,
                       std::shared_ptr<OpenStream> open) -> Result<std::unique_ptr<StreamSession>> {
      return std::unique_ptr<StreamSession>(std::make_unique<EchoSession>(std::move(open)));
    };
    Add(std::move(stream));
    GateHooks hooks;
    hooks.admit = [this](const Certificate& certificate, std::string_view address,
                         std::string_view method, Instant now) {
      return enrolment_.Admit(certificate, address, method, now);
    };
    hooks.audit = [this](AuditEntry entry, const TouchedIds&) -> Status {
      const std::lock_guard lock(mutex_);
      if (audit_broken_) return Error{Code::kUnavailable, "DISK", "no"};
      entries_.push_back(std::move(entry));
      return Ok();
    };
    auto server = RpcServer::Start(options_, keys_, methods_, std::move(hooks), clock_, log_);
    if (!server.ok()) std::abort();
    server_ = std::move(server).value();
  }

  RpcServer& server() { return *server_; }
  void Stop() { server_.reset(); }
  TestPki& pki() { return pki_; }
  ManualClock& clock() { return clock_; }
  ExactEnrolment& enrolment() { return enrolment_; }
  CurrentKeyRing& keys() { return keys_; }
  const TestCert& own() const { return own_; }
  const TestCert& peer() const { return peer_; }
  std::string own_uri() const { return own_.certificate().uri_names().at(0); }
  std::string peer_uri() const { return peer_.certificate().uri_names().at(0); }
  std::uint16_t port() const { return server_->port(); }
  std::string address() const { return "127.0.0.1:" + std::to_string(server_->port()); }

  std::vector<AuditEntry> entries() const {
    const std::lock_guard lock(mutex_);
    return entries_;
  }
  void ForgetEntries() {
    const std::lock_guard lock(mutex_);
    entries_.clear();
  }
  void BreakAudit(bool broken) {
    const std::lock_guard lock(mutex_);
    audit_broken_ = broken;
  }

  // A channel to this node that shows `cert`.
  std::unique_ptr<Channel> Dial(const TestCert& cert) const { return Dial(cert, own_uri()); }
  std::unique_ptr<Channel> Dial(const TestCert& cert, const std::string& expected) const {
    auto channel = Channel::Open(Credentials(cert), {address(), expected});
    if (!channel.ok()) std::abort();
    return std::move(channel).value();
  }
  ChannelCredentials Credentials(const TestCert& cert) const {
    return {pki_.ca_pem(), cert.pem, Secret::Copy(AsBytes(cert.key_pem))};
  }

  RawTlsOptions Raw(const TestCert& cert) const { return {cert.full_pem(), cert.key_pem}; }

  // A fresh connection, one good call.
  Result<std::string> GoodCall() const {
    return Dial(peer_)->CallBytes(kEcho, "hello", std::chrono::seconds{5});
  }
  bool ThreeGoodCalls() const {
    for (int i = 0; i < 3; ++i) {
      if (!GoodCall().ok()) return false;
    }
    return true;
  }

 private:
  TestPki pki_;
  ManualClock clock_;
  Log log_;
  TestCert own_;
  TestCert peer_;
  ExactEnrolment enrolment_;
  CurrentKeyRing keys_;
  const RpcOptions options_;
  std::vector<Method> methods_;
  mutable std::mutex mutex_;
  std::vector<AuditEntry> entries_;  // Guarded by mutex_.
  bool audit_broken_ = false;        // Guarded by mutex_.
  std::unique_ptr<RpcServer> server_;
};

// A method that answers when the latch is opened.
inline Method Waiting(Latch& latch) {
  return GateNode::Unary(kWait, [&latch](Call&, std::string_view) {
    latch.Wait();
    return Result<std::string>("done");
  });
}

}  // namespace equinode::testing
