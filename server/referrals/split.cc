// One order for several organisations.
#include <utility>

#include "server/referrals/desk.h"

namespace equinode {

namespace {

constexpr std::size_t kMostParts = 12;

}  // namespace

Result<StoredSplitOrder> ReferralDesk::Split(Tx& tx, std::string_view actor,
                                             const SplitAsked& asked) const {
  if (asked.parts.size() < 2 || asked.parts.size() > kMostParts) {
    return Error{Code::kInvalidArgument, "BAD_SPLIT",
                 "an order is split over 2 to 12 organisations"};
  }
  const Instant now = deps_.clock.Now();
  StoredSplitOrder order;
  order.id = Uuid::MakeV7(now, deps_.random);
  order.need =
      asked.whole.opening.need.nil() ? Uuid::MakeV7(now, deps_.random) : asked.whole.opening.need;
  order.person = asked.whole.person;
  order.domain = asked.whole.opening.domain;
  order.created = now;
  EQN_TRY(order, SplitOrderStore::Add(tx, std::move(order)));
  for (const SplitAsked::Part& part : asked.parts) {
    ReferralAsked one = asked.whole;
    one.opening.target_node = part.target_node;
    one.opening.owner = part.owner;
    one.opening.part_of = order.id;
    one.opening.need = order.need;
    one.order = part.order;
    one.order.insert(asked.whole.order.begin(), asked.whole.order.end());
    EQN_CHECK(Create(tx, actor, std::move(one)));
  }
  return order;
}

}  // namespace equinode
