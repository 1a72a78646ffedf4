#include "server/referrals/watchers.h"

#include <utility>

namespace equinode {

Status ReferralWatchers::Add(std::shared_ptr<OpenStream> stream) {
  const std::lock_guard lock(mutex_);
  if (streams_.size() >= kMost) {
    return Error{Code::kResourceExhausted, "TOO_MANY_WATCHERS",
                 "too many watch referrals here already; `equinode referral changes` needs no "
                 "stream"};
  }
  streams_.push_back(std::move(stream));
  return Ok();
}

void ReferralWatchers::Remove(const OpenStream* stream) {
  const std::lock_guard lock(mutex_);
  std::erase_if(streams_, [&](const auto& each) { return each.get() == stream; });
}

void ReferralWatchers::WakeAfter(Tx& tx) {
  tx.OnGroupCommit(this, [this] { WakeAll(); });
}

void ReferralWatchers::WakeAll() {
  std::vector<std::shared_ptr<OpenStream>> streams;
  {
    // A stream's own lock may be held by who removes itself here.
    const std::lock_guard lock(mutex_);
    streams = streams_;
  }
  for (const auto& each : streams) each->Wake();
}

}  // namespace equinode
