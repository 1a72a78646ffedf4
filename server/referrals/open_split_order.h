// A split order with its parts, as one transaction sees it.
#pragma once

#include <utility>
#include <vector>

#include "base/result.h"
#include "domain/referral/split.h"
#include "server/referrals/open_referral.h"
#include "storage/split_order_store.h"

namespace equinode {

struct OpenSplitOrder {
  StoredSplitOrder stored{};
  std::vector<OpenReferral> parts{};  // Oldest first.
  // Those that today's tables cannot read, and why. What they count as their rows say.
  std::vector<std::pair<StoredReferral, Error>> unreadable{};
  referral::Parent parent{};
  bool loop_closed = false;  // Every part that counts has ended and was seen.

  static Result<OpenSplitOrder> Load(ReadTx& tx, StoredSplitOrder stored);
};

}  // namespace equinode
