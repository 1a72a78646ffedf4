#include "server/rpc/gate.h"

#include <utility>

#include "server/audit/call_entry.h"

namespace equinode {

namespace {

constexpr std::size_t kMostParsed = 1024;
constexpr std::size_t kMostCounters = 4096;
constexpr std::size_t kMostPem = 64 * 1024;

std::map<std::string, Method, std::less<>> ByPath(std::vector<Method> methods) {
  std::map<std::string, Method, std::less<>> table;
  for (Method& method : methods) {
    std::string path = method.path;
    table.emplace(std::move(path), std::move(method));
  }
  return table;
}

Refusal Exhausted(const char* reason, const char* message, Millis wait) {
  return {{Code::kResourceExhausted, reason, message}, wait, std::nullopt};
}

// As it may stand in an entry. What was claimed is kept even though it was not believed: it is what
// an operator will ask about.
std::string Claimed(const Certificate* certificate) {
  if (certificate == nullptr || certificate->uri_names().size() != 1) return "unidentified";
  return AuditText(certificate->uri_names().front());
}

}  // namespace

Gate::Gate(std::vector<Method> methods, GateHooks hooks, const RpcOptions& options,
           const Clock& clock, Log& log)
    : methods_(ByPath(std::move(methods))),
      hooks_(std::move(hooks)),
      options_(options),
      clock_(clock),
      log_(log),
      calls_(options.calls),
      denials_(options.denials),
      quiet_(Rate{1, 20}) {}

std::variant<Admitted, Refusal> Gate::Enter(const Knock& knock) {
  if (closed_) {
    return Refusal{{Code::kUnavailable, "DRAINING", "the node is going down; try again later"},
                   std::chrono::seconds{2},
                   std::nullopt};
  }
  const auto certificate = Identify(knock);
  const Certificate* shown = certificate.ok() ? &*certificate : nullptr;
  const auto found = methods_.find(knock.path);
  if (found == methods_.end()) {
    return Deny({Code::kUnimplemented, "NO_SUCH_METHOD", "this node has no such method"}, shown,
                knock);
  }
  if (!certificate.ok()) return Deny(certificate.error(), nullptr, knock);
  const Method& method = found->second;
  const Instant now = clock_.Now();
  auto caller = hooks_.admit(*certificate, knock.address, method.path, now);
  if (!caller.ok()) return Deny(caller.error(), shown, knock);
  Slot slot;
  if (auto over = Bound(*caller, method.stream != nullptr, now, slot)) return std::move(*over);
  Call call{std::move(caller).value(), method.path, now, {}};
  return Admitted{&method, std::move(call), *certificate, std::move(slot)};
}

std::optional<Refusal> Gate::Recheck(const Admitted& admitted) {
  const std::string& address = admitted.call.caller.address;
  auto caller = hooks_.admit(admitted.certificate, address, admitted.method->path, clock_.Now());
  if (caller.ok() && caller->identity == admitted.call.caller.identity) return std::nullopt;
  const Error error = caller.ok() ? Error{Code::kPermissionDenied, "IDENTITY_CHANGED",
                                          "the certificate stands for somebody else now"}
                                  : caller.error();
  return Deny(error, &admitted.certificate, {admitted.method->path, {}, address, false});
}

Result<Certificate> Gate::Identify(const Knock& knock) {
  const Error unread{Code::kUnauthenticated, "CERTIFICATE_UNREADABLE",
                     "a certificate is needed that this node can read"};
  if (knock.resumed) {
    return Error{Code::kUnauthenticated, "SESSION_RESUMED", "connect again with a full handshake"};
  }
  if (knock.certificate_pem.empty() || knock.certificate_pem.size() > kMostPem) return unread;
  {
    const std::lock_guard lock(mutex_);
    const auto found = parsed_.find(knock.certificate_pem);
    if (found != parsed_.end()) return found->second;
  }
  auto parsed = Certificate::FromPem(knock.certificate_pem);
  if (!parsed.ok()) return unread;
  const std::lock_guard lock(mutex_);
  if (parsed_.size() >= kMostParsed) parsed_.clear();
  parsed_.emplace(std::string(knock.certificate_pem), *parsed);
  return parsed;
}

Refusal Gate::Deny(const Error& error, const Certificate* certificate, const Knock& knock) {
  const Instant now = clock_.Now();
  const std::string_view key = certificate != nullptr ? certificate->fingerprint() : knock.address;
  if (const auto wait = denials_.Take(key, now)) {
    return Exhausted("TOO_MANY_DENIALS", "too many calls that were denied", *wait);
  }
  AuditEntry entry;
  entry.at = now;
  entry.actor = Claimed(certificate);
  entry.from = AuditText(knock.address);
  entry.action = AuditText(knock.path);
  if (certificate != nullptr) entry.subject = "certificate " + certificate->fingerprint();
  entry.outcome = error.reason;
  if (hooks_.expected && hooks_.expected(entry)) return {error, std::nullopt, std::nullopt};
  if (!quiet_.Take("", now)) {
    log_.Warning("call_denied", {{Field::kReason, error.reason}, {Field::kMethod, knock.path}});
  }
  return {error, std::nullopt, std::move(entry)};
}

std::optional<Refusal> Gate::Bound(const Caller& caller, bool stream, Instant now, Slot& slot) {
  const std::string& uri = caller.identity.uri;
  if (const auto wait = calls_.Take(uri, now)) {
    return Exhausted("TOO_MANY_CALLS", "too many calls a second; slow down", *wait);
  }
  std::shared_ptr<std::atomic<std::size_t>> count;
  {
    const std::lock_guard lock(mutex_);
    if (at_once_.size() >= kMostCounters) {
      std::erase_if(at_once_, [](const auto& entry) { return entry.second->load() == 0; });
    }
    auto& kept = at_once_[(stream ? "s " : "u ") + uri];
    if (!kept) kept = std::make_shared<std::atomic<std::size_t>>(0);
    count = kept;
    const std::size_t most = stream ? options_.streams_at_once : options_.calls_at_once;
    if (count->load() >= most) {
      return Exhausted(stream ? "TOO_MANY_STREAMS" : "TOO_MANY_CALLS_AT_ONCE",
                       "too many calls at once; wait for the answers", std::chrono::seconds{1});
    }
    count->fetch_add(1);
  }
  slot = Slot(std::move(count));
  return std::nullopt;
}

Status Gate::Record(const Method& method, const Call& call, std::string_view outcome) {
  if (!method.audited || call.audit.recorded) return Ok();
  const Status kept = hooks_.audit(EntryFor(call, std::string(outcome)), call.audit.touched);
  if (kept.ok()) return Ok();
  log_.Error("audit_failed", {{Field::kMethod, call.method}});
  return Error{Code::kUnavailable, "AUDIT_UNAVAILABLE",
               "the call cannot be recorded, so it cannot be answered; try again later"};
}

void Gate::Record(const Refusal& refusal) {
  if (!refusal.entry || hooks_.audit(*refusal.entry, {}).ok()) return;
  log_.Error("audit_failed", {{Field::kReason, refusal.error.reason}});
}

}  // namespace equinode
