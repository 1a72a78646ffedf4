// Who looks on while referrals change: open streams that are woken when a change is durable.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "server/rpc/method.h"
#include "storage/sqlite/tx.h"

namespace equinode {

// Thread-safe.
class ReferralWatchers {
 public:
  // Of all callers together; of one caller the gate allows fewer (RpcOptions::streams_at_once).
  static constexpr std::size_t kMost = 256;

  // RESOURCE_EXHAUSTED / TOO_MANY_WATCHERS.
  Status Add(std::shared_ptr<OpenStream> stream);
  void Remove(const OpenStream* stream);
  // Wakes everybody when this transaction is durable: once a group of transactions.
  void WakeAfter(Tx& tx);

 private:
  void WakeAll();

  std::mutex mutex_;
  std::vector<std::shared_ptr<OpenStream>> streams_{};  // Guarded by mutex_.
};

}  // namespace equinode
