// Private to server/rpc: the calls that are open, so that time can be looked after: deadlines that
// the caller did not set, rights that were lost, ages, the end of the node.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace equinode {

using SteadyTime = std::chrono::steady_clock::time_point;

class ActiveCall {
 public:
  virtual ~ActiveCall() = default;
  // Now and then, from one thread. Never blocks.
  virtual void Tick(SteadyTime now) = 0;
  // The node goes down: end in good order, soon.
  virtual void Drain() = 0;
};

// Thread-safe. Calls are held weakly: they live by themselves.
class ActiveCalls {
 public:
  void Add(const std::shared_ptr<ActiveCall>& call) {
    const std::lock_guard lock(mutex_);
    calls_.emplace(call.get(), call);
  }
  void Remove(const ActiveCall* call) {
    const std::lock_guard lock(mutex_);
    calls_.erase(call);
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return calls_.size();
  }
  void Tick(SteadyTime now) {
    for (const auto& call : All()) call->Tick(now);
  }
  void Drain() {
    for (const auto& call : All()) call->Drain();
  }

 private:
  std::vector<std::shared_ptr<ActiveCall>> All() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<ActiveCall>> all;
    all.reserve(calls_.size());
    for (const auto& [key, weak] : calls_) {
      if (auto call = weak.lock()) all.push_back(std::move(call));
    }
    return all;
  }

  mutable std::mutex mutex_;
  std::unordered_map<const ActiveCall*, std::weak_ptr<ActiveCall>> calls_;  // Guarded by mutex_.
};

}  // namespace equinode
