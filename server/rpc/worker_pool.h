// The threads that run handlers, a fixed number of them. Handlers may block on the store, so they
// never run on gRPC's own few threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace equinode {

// Thread-safe.
class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t most_waiting);
  // Runs what waits, then ends the threads.
  ~WorkerPool();

  // Queues `task`, or says no because too much waits already.
  bool TryPost(std::function<void()> task);
  // Queues `task` whatever waits: for tasks whose number something else bounds.
  void Post(std::function<void()> task);
  // Waits until nothing waits or runs. False when that took longer than `wait`.
  bool WaitIdle(Millis wait);

 private:
  void Work();

  const std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable idle_;
  // Guarded by mutex_.
  std::deque<std::function<void()>> tasks_;
  std::size_t running_ = 0;
  bool stop_ = false;
  std::vector<std::thread> threads_;  // Last: they use all of the above.
};

}  // namespace equinode
