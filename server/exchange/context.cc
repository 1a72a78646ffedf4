#include "server/exchange/context.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace equinode {

std::shared_ptr<PushSession> ExchangeContext::PusherTo(std::string_view hop) {
  const std::lock_guard lock(mutex);
  const auto at = pushers.find(hop);
  if (at == pushers.end() || at->second.empty()) return nullptr;
  return at->second.back().session.lock();
}

bool ExchangeContext::Pushes(const PushSession* session) {
  const std::lock_guard lock(mutex);
  const auto at = pushers.find(session->hop());
  return at != pushers.end() && !at->second.empty() && at->second.back().key == session;
}

void ExchangeContext::Add(const std::shared_ptr<PushSession>& session) {
  const std::lock_guard lock(mutex);
  pushers[session->hop()].push_back({session.get(), session});
}

void ExchangeContext::Forget(const PushSession* session) {
  std::shared_ptr<PushSession> next;
  {
    const std::lock_guard lock(mutex);
    const auto at = pushers.find(session->hop());
    if (at == pushers.end()) return;
    std::erase_if(at->second, [&](const Open& each) { return each.key == session; });
    if (at->second.empty()) {
      pushers.erase(at);
    } else {
      next = at->second.back().session.lock();
    }
  }
  if (next) next->Wake();  // It goes on.
}

void ExchangeContext::WakeTowards(std::string_view to) {
  if (const auto straight = PusherTo(to)) straight->Wake();
  const auto peer = deps.enrolment.Find(to);
  if (!peer || peer->relay.empty()) return;
  if (const auto relay = PusherTo(peer->relay)) relay->Wake();
}

std::vector<std::shared_ptr<PushSession>> ExchangeContext::Pushers() {
  std::vector<std::shared_ptr<PushSession>> found;
  const std::lock_guard lock(mutex);
  for (const auto& [hop, open] : pushers) {
    for (const Open& each : open) {
      if (auto session = each.session.lock()) found.push_back(std::move(session));
    }
  }
  return found;
}

bool ExchangeContext::MayTell(const exchange::Header& header, Instant now) {
  constexpr Millis kOnceIn = std::chrono::minutes{1};
  constexpr std::size_t kMost = 10'000;
  const std::lock_guard lock(mutex);
  const auto old = [&](Instant at) { return at + kOnceIn <= now; };
  if (told.size() >= kMost) std::erase_if(told, [&](const auto& each) { return old(each.second); });
  if (told.size() >= kMost) return false;
  const auto [at, fresh] = told.try_emplace(
      {exchange::LinkKey{header.from, header.to, header.lane}, header.number}, now);
  if (!fresh && !old(at->second)) return false;
  at->second = now;
  return true;
}

void ExchangeContext::Nudge() {
  std::function<void()> call;
  {
    const std::lock_guard lock(mutex);
    call = nudge;
  }
  if (call) call();
}

void RunAll(const std::function<void(std::function<void()>)>& run_aside, std::size_t count,
            const std::function<void(std::size_t)>& task) {
  if (!run_aside || count < 2) {
    for (std::size_t i = 0; i < count; ++i) task(i);
    return;
  }
  struct Shared {
    std::atomic<std::size_t> next{0};
    std::mutex mutex{};
    std::condition_variable done{};
    std::size_t finished = 0;  // Guarded by mutex.
  };
  const auto shared = std::make_shared<Shared>();
  // `task` is the caller's: it is touched only for a claimed number, and the caller waits for
  // those.
  const auto work = [shared, count, &task] {
    for (;;) {
      const std::size_t i = shared->next.fetch_add(1);
      if (i >= count) return;
      task(i);
      const std::lock_guard lock(shared->mutex);
      if (++shared->finished == count) shared->done.notify_all();
    }
  };
  for (std::size_t i = 1; i < std::min<std::size_t>(count, 4); ++i) run_aside(work);
  work();
  std::unique_lock lock(shared->mutex);
  shared->done.wait(lock, [&] { return shared->finished == count; });
}

}  // namespace equinode
