#include "server/jobs/exchange_loop.h"

#include <algorithm>

namespace equinode {

namespace {

constexpr Millis kAfterError = std::chrono::seconds{1};
// Between two steps, so that a stream of small payloads shares envelopes, commits and receipts.
constexpr Millis kBreath = std::chrono::milliseconds{2};

}  // namespace

ExchangeLoop::ExchangeLoop(ExchangeEngine& engine, const Clock& clock, Log& log)
    : engine_(engine), clock_(clock), log_(log) {
  engine_.SetNudge([this] {
    const std::lock_guard lock(mutex_);
    nudged_ = true;
    wake_.notify_one();
  });
}

ExchangeLoop::~ExchangeLoop() {
  engine_.SetNudge(nullptr);
  Stop();
}

void ExchangeLoop::Start() {
  thread_ = std::thread([this] { Run(); });
}

void ExchangeLoop::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void ExchangeLoop::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    nudged_ = false;
    lock.unlock();
    const Instant now = clock_.Now();
    const auto next = engine_.Step(now);
    Millis wait = kAfterError;
    if (next.ok()) {
      wait = std::clamp(Millis{*next - now}, Millis{1}, Millis{std::chrono::minutes{1}});
    } else {
      log_.Warning("exchange_step_failed", {{Field::kReason, next.error().reason}});
    }
    lock.lock();
    wake_.wait_for(lock, kBreath, [this] { return stopping_; });
    wake_.wait_for(lock, wait, [this] { return stopping_ || nudged_; });
  }
}

}  // namespace equinode
