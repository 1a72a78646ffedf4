// The one gate: decides about every call before a byte of it is read, and records what became of
// it. Knows nothing of the transport, so that a second door can stand behind the same gate.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/crypto/certificate.h"
#include "base/log.h"
#include "base/result.h"
#include "server/rpc/method.h"
#include "server/rpc/options.h"
#include "server/rpc/rate_limiter.h"

namespace equinode {

// What the node does for the gate. Called from many threads.
struct GateHooks {
  // Who is this, and may it call `method` now? Everything, each time: trust, dates, name,
  // enrolment, revocation, policy (Enrolment::Admit). In memory; never blocks.
  std::function<Result<Caller>(const Certificate& certificate, std::string_view address,
                               std::string_view method, Instant now)>
      admit;
  // Appends an entry; durable when it returns (AuditLog::Append). May block.
  std::function<Status(AuditEntry entry, const TouchedIds& touched)> audit;
  // Whether a refusal is one that the node wants to hear, so that nobody was denied anything: it is
  // neither an entry nor a line of the log. May be empty. Must not block.
  std::function<bool(const AuditEntry& entry)> expected{};
};

// What the transport knows of a call.
struct Knock {
  std::string_view path{};
  std::string_view certificate_pem{};  // The leaf that was shown in the handshake.
  std::string_view address{};
  bool resumed = false;  // The TLS session was.
};

struct Refusal {
  Error error{};
  std::optional<Millis> retry_after{};
  std::optional<AuditEntry> entry{};  // To be written before the answer leaves.
};

// Counts down when it goes.
class Slot {
 public:
  Slot() = default;
  explicit Slot(std::shared_ptr<std::atomic<std::size_t>> count) : count_(std::move(count)) {}
  Slot(Slot&&) = default;
  Slot& operator=(Slot&& other) noexcept {
    Slot(std::move(other)).count_.swap(count_);
    return *this;
  }
  ~Slot() {
    if (count_) count_->fetch_sub(1);
  }

 private:
  std::shared_ptr<std::atomic<std::size_t>> count_{};
};

struct Admitted {
  const Method* method = nullptr;  // The gate's; lives as long as the gate.
  Call call{};
  Certificate certificate;
  Slot slot{};
};

// Thread-safe.
class Gate {
 public:
  // `clock` and `log` must outlive the gate.
  Gate(std::vector<Method> methods, GateHooks hooks, const RpcOptions& options, const Clock& clock,
       Log& log);

  // Known path? Whose certificate? May it? Within bounds? In this order; the first no counts.
  std::variant<Admitted, Refusal> Enter(const Knock& knock);
  // Again, for a stream that is open.
  std::optional<Refusal> Recheck(const Admitted& admitted);

  // The entry of a call that was let in; nothing when it needs none. `outcome` is OK or a reason.
  Status Record(const Method& method, const Call& call, std::string_view outcome);
  // The entry of a refusal. The refusal stands even when it cannot be written; the log says so.
  void Record(const Refusal& refusal);

  // From now on every call is refused: UNAVAILABLE / DRAINING.
  void Close() { closed_ = true; }

  const std::map<std::string, Method, std::less<>>& methods() const { return methods_; }

 private:
  Result<Certificate> Identify(const Knock& knock);
  Refusal Deny(const Error& error, const Certificate* certificate, const Knock& knock);
  std::optional<Refusal> Bound(const Caller& caller, bool stream, Instant now, Slot& slot);

  const std::map<std::string, Method, std::less<>> methods_;
  const GateHooks hooks_;
  const RpcOptions options_;
  const Clock& clock_;
  Log& log_;
  std::atomic<bool> closed_ = false;
  RateLimiter calls_;
  RateLimiter denials_;
  RateLimiter quiet_;  // Of log lines about refusals.
  std::mutex mutex_;
  // Guarded by mutex_. Parsing costs more than verifying, and a caller calls more than once.
  std::map<std::string, Certificate, std::less<>> parsed_;
  std::map<std::string, std::shared_ptr<std::atomic<std::size_t>>, std::less<>> at_once_;
};

}  // namespace equinode
