// The thread that steps the exchange: when it is nudged, and when the engine said.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/log.h"
#include "server/exchange/engine.h"

namespace equinode {

class ExchangeLoop {
 public:
  // All must outlive the loop. Takes the engine's nudge over.
  ExchangeLoop(ExchangeEngine& engine, const Clock& clock, Log& log);
  ~ExchangeLoop();  // Stops.

  void Start();
  // Returns when the step under way is done.
  void Stop();

 private:
  void Run();

  ExchangeEngine& engine_;
  const Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool nudged_ = false;    // Guarded by mutex_.
  bool stopping_ = false;  // Guarded by mutex_.
  std::thread thread_{};
};

}  // namespace equinode
