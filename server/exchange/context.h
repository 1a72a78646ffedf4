// What the parts of the engine share. Private to server/exchange.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "server/exchange/engine.h"

namespace equinode {

struct ExchangeContext {
  ExchangeContext(ExchangeDeps d, ExchangeOptions o) : deps(std::move(d)), options(o) {}

  std::string self() const { return deps.keys.Get()->self.uri; }
  const PayloadApplier* ApplierOf(exchange::PayloadKind kind) const {
    const auto at = appliers.find(kind);
    return at == appliers.end() ? nullptr : &at->second;
  }

  const PayloadWatch* WatchOf(exchange::PayloadKind kind) const {
    const auto at = watches.find(kind);
    return at == watches.end() ? nullptr : &at->second;
  }

  // The session to `hop` that sends: the newest. Null when there is none.
  std::shared_ptr<PushSession> PusherTo(std::string_view hop);
  bool Pushes(const PushSession* session);
  void Add(const std::shared_ptr<PushSession>& session);
  void Forget(const PushSession* session);
  // Wakes who pushes to `to`, straight or over its relay.
  void WakeTowards(std::string_view to);
  std::vector<std::shared_ptr<PushSession>> Pushers();

  void Nudge();

  // Whether a refusal of this number may go into a receipt: once in a while for each, so that a hop
  // that hands the same damage over again and again does not make receipts without end.
  bool MayTell(const exchange::Header& header, Instant now);

  const ExchangeDeps deps;
  const ExchangeOptions options;
  std::map<exchange::PayloadKind, PayloadApplier> appliers{};  // Both are fixed
  std::map<exchange::PayloadKind, PayloadWatch> watches{};     // before the first step.

  std::mutex step_mutex{};  // One step at a time.
  Instant next_sweep{};     // Guarded by step_mutex.

  std::mutex mutex{};
  std::function<void()> nudge{};  // Guarded by mutex.
  struct Open {
    const PushSession* key = nullptr;
    std::weak_ptr<PushSession> session{};
  };
  std::map<std::string, std::vector<Open>, std::less<>> pushers{};  // Guarded by mutex; by hop.
  std::map<std::pair<exchange::LinkKey, std::uint64_t>, Instant> told{};  // Guarded by mutex.
};

// Runs `task(0) ... task(count - 1)`, some of them aside, and returns when all are done.
void RunAll(const std::function<void(std::function<void()>)>& run_aside, std::size_t count,
            const std::function<void(std::size_t)>& task);

}  // namespace equinode
