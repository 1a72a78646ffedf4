#include "server/referrals/open_split_order.h"

#include <utility>

namespace equinode {

namespace {

// How it was graded cannot be read: it is not more than its state.
referral::Child ChildInRow(const StoredReferral& row) {
  referral::View view;
  view.state = referral::StateNamed(row.state).value_or(referral::State::kRequested);
  view.here = HereOf(row);
  return referral::ChildOf(view);
}

}  // namespace

Result<OpenSplitOrder> OpenSplitOrder::Load(ReadTx& tx, StoredSplitOrder stored) {
  OpenSplitOrder order;
  EQN_TRY(std::vector<StoredReferral> parts, ReferralStore::PartsOf(tx, stored.id));
  order.stored = std::move(stored);
  std::vector<referral::Child> children;
  std::size_t closed = 0;
  for (StoredReferral& each : parts) {
    // The id is this node's own; another node's part may name whatever it likes.
    if (!each.ours) continue;
    Result<OpenReferral> loaded = OpenReferral::Load(tx, each);
    if (!loaded.ok() && loaded.error().reason != "BAD_ROW") return loaded.error();
    if (!loaded.ok()) {
      children.push_back(ChildInRow(each));
      order.unreadable.emplace_back(std::move(each), loaded.error());
      continue;
    }
    EQN_TRY(OpenReferral part, std::move(loaded));
    children.push_back(referral::ChildOf(part.chain.view));
    if (referral::IsLoopClosed(part.chain.view)) ++closed;
    order.parts.push_back(std::move(part));
  }
  order.parent = referral::ParentOf(children);
  const std::size_t ended = order.parent.served + order.parent.unserved;
  order.loop_closed = order.parent.open == 0 && ended > 0 && closed == ended;
  return order;
}

}  // namespace equinode
