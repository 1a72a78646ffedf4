#include "server/referrals/earlier.h"

#include <algorithm>
#include <string>
#include <vector>

#include "domain/referral/retry.h"
#include "server/referrals/open_referral.h"

namespace equinode {

using referral::View;

namespace {

Error OtherNeed() {
  return Error{Code::kInvalidArgument, "OTHER_NEED",
               "a referral that names an earlier one, its need or its order is of the same person, "
               "need and domain"};
}

Status TakeOver(const Uuid& need, const std::string& person, const std::string& domain,
                ReferralAsked& asked) {
  if (asked.person.empty()) asked.person = person;
  if (asked.opening.domain.empty()) asked.opening.domain = domain;
  if (asked.opening.need.nil()) asked.opening.need = need;
  if (asked.person == person && asked.opening.domain == domain && asked.opening.need == need) {
    return Ok();
  }
  return OtherNeed();
}

}  // namespace

Status FollowOn(ReadTx& tx, ReferralAsked& asked) {
  const referral::Opening& opening = asked.opening;
  if (opening.follows && opening.reopens) {
    return Error{Code::kInvalidArgument, "BAD_FOLLOWS",
                 "a referral follows one that ended, or takes it up again: say one or the other"};
  }
  const std::optional<Uuid> named = opening.follows ? opening.follows : opening.reopens;
  if (named) {
    EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, *named));
    if (!stored.ours) return ReferralStore::NoSuchReferral();
    EQN_TRY(const OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
    EQN_CHECK(
        TakeOver(open.stored.need, open.stored.person, open.chain.view.opening.domain, asked));
  }
  if (opening.part_of) {
    EQN_TRY(const StoredSplitOrder order, SplitOrderStore::Get(tx, *opening.part_of));
    EQN_CHECK(TakeOver(order.need, order.person, order.domain, asked));
  }
  return Ok();
}

Status CheckEarlier(ReadTx& tx, const ReferralAsked& asked, const referral::Opening& opening) {
  EQN_TRY(std::vector<StoredReferral> earlier, ReferralStore::OfNeed(tx, opening.need));
  std::vector<View> views;
  for (StoredReferral& each : earlier) {
    // Another node's need may have the same name.
    if (!each.ours) continue;
    if (each.person != asked.person) return OtherNeed();
    EQN_TRY(OpenReferral open, OpenReferral::Load(tx, std::move(each)));
    if (open.chain.view.opening.domain != opening.domain) return OtherNeed();
    views.push_back(std::move(open.chain.view));
  }
  const auto view_of = [&](const Uuid& id) -> const View& {
    // FollowOn has found it under this need.
    return *std::ranges::find(views, id, &View::id);
  };
  const std::string& next = opening.owner.empty() ? opening.target_node : opening.owner;
  if (opening.reopens) {
    return referral::MayReopen(view_of(*opening.reopens), views, next, asked.reason);
  }
  if (opening.follows) EQN_CHECK(referral::MayFollow(view_of(*opening.follows)));
  return referral::MayRefer(views, opening.need, next);
}

}  // namespace equinode
