// What one end of a referral tells the other, made from what is stored alone, so that the same can
// be made again. Private to server/referrals.
#pragma once

#include "client/convert/referral.h"
#include "server/referrals/open_referral.h"

namespace equinode {

// A rule's no, not the store's.
inline bool IsNo(const Error& error) {
  return error.code == Code::kFailedPrecondition || error.code == Code::kPermissionDenied ||
         error.code == Code::kInvalidArgument;
}

// With nothing but the id.
ReferralNews NewsOf(const OpenReferral& open);
// The first that the target hears: the order, and the link that opens the chain.
ReferralNews FirstNews(const OpenReferral& open);
// The same with all that has happened since, for a target that may have lost it; at most
// kMaxPayloadLinks links.
ReferralNews WholeNews(const OpenReferral& open);

// The target is to tell back its state alone from now on.
ReferralNews LimitNews(const OpenReferral& open);

}  // namespace equinode
