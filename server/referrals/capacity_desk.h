// Capacity on the wire: what this node's organisations say, what others were asked and have said.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "client/convert/referral.h"
#include "domain/referral/capacity.h"
#include "server/referrals/desk.h"

namespace equinode {

// Thread-safe. Everything happens in the caller's transaction.
class CapacityDesk {
 public:
  // An unanswered question is not put again within that.
  static constexpr Millis kAskAgain = std::chrono::hours{1};

  // Of the deps: clock, enrolment, keys and queued.
  explicit CapacityDesk(ReferralDeps deps) : deps_(std::move(deps)) {}

  // Keeps the word and tells it to whoever has asked in the last kMaxCapacityLife. Returns how many
  // that are. The organisation is this node's own or one that it hosts: PERMISSION_DENIED /
  // NOT_YOUR_CAPACITY; CheckCapacity's errors.
  Result<std::uint32_t> Set(Tx& tx, const referral::Capacity& capacity) const;

  // Asks the organisation's node. Nothing is sent about this node's own and those that it hosts,
  // nor within kAskAgain of a question that is still open. NOT_FOUND / NO_SUCH_PEER.
  Status Ask(Tx& tx, std::string_view organisation, std::string_view domain) const;

  // Answers questions, keeps answers. A node speaks for itself and for those that, as this node
  // knows, it hosts; another's word is passed over, and noted.
  PayloadApplier Applier() const;

 private:
  bool IsHere(std::string_view organisation) const;
  Status Send(Tx& tx, std::string_view to, const CapacityNews& news) const;

  const ReferralDeps deps_;
};

}  // namespace equinode
