// Time is handed in. Production reads the system's clock; tests hold the hands.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"

namespace equinode {

// Milliseconds since 1970-01-01T00:00:00Z, UTC, no leap seconds.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Millis = std::chrono::milliseconds;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant Now() const override;
};

// A clock that moves when told to. For tests and for replays.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  Instant Now() const override;
  void Advance(Millis by);
  void Set(Instant to);

 private:
  mutable std::mutex mutex_;
  Instant now_;  // Guarded by mutex_.
};

// RFC 3339 in UTC with milliseconds: 2026-11-24T08:00:00.000Z.
std::string FormatInstant(Instant at);
// RFC 3339 with `Z` or an offset, up to nanoseconds (cut to milliseconds). INVALID_ARGUMENT
// otherwise.
Result<Instant> ParseInstant(std::string_view text);

}  // namespace equinode
