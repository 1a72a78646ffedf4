// Token buckets, one a key: how often one caller may do something.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace equinode {

struct Rate {
  double per_second = 0;
  double burst = 0;  // At most this many at once; at least 1.
};

// Thread-safe. Time is handed in and may stand still or go back; then nothing is filled up.
class RateLimiter {
 public:
  explicit RateLimiter(Rate rate) : rate_(rate) {}

  // Nothing when the caller may go on, else how long it should wait.
  std::optional<Millis> Take(std::string_view key, Instant now);

 private:
  struct Bucket {
    double tokens = 0;
    Instant filled{};
  };
  void Forget(Instant now);
  double Fill(const Bucket& bucket, Instant now) const;

  const Rate rate_;
  std::mutex mutex_;
  std::map<std::string, Bucket, std::less<>> buckets_;  // Guarded by mutex_.
};

}  // namespace equinode
