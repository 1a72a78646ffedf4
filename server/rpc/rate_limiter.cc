#include "server/rpc/rate_limiter.h"

#include <algorithm>
#include <cmath>

namespace equinode {

namespace {

constexpr std::size_t kMostBuckets = 8192;

}  // namespace

double RateLimiter::Fill(const Bucket& bucket, Instant now) const {
  const double millis = std::max<double>(0, static_cast<double>((now - bucket.filled).count()));
  return std::min(rate_.burst, bucket.tokens + millis * rate_.per_second / 1000);
}

std::optional<Millis> RateLimiter::Take(std::string_view key, Instant now) {
  const std::lock_guard lock(mutex_);
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    if (buckets_.size() >= kMostBuckets) Forget(now);
    found = buckets_.emplace(std::string(key), Bucket{rate_.burst, now}).first;
  }
  Bucket& bucket = found->second;
  bucket.tokens = Fill(bucket, now);
  bucket.filled = std::max(bucket.filled, now);
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::nullopt;
  }
  const double wait = std::ceil((1 - bucket.tokens) * 1000 / rate_.per_second);
  return Millis(static_cast<std::int64_t>(wait));
}

// A bucket that is full again is as good as none. When all are in use the smallest keys go: they
// start full again, which is kinder than memory without bound.
void RateLimiter::Forget(Instant now) {
  std::erase_if(buckets_,
                [&](const auto& entry) { return Fill(entry.second, now) >= rate_.burst; });
  while (buckets_.size() >= kMostBuckets) buckets_.erase(buckets_.begin());
}

}  // namespace equinode
