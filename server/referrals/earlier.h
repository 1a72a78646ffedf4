// What a new referral takes from those before it, and what they keep it from. Private to
// server/referrals and the service that creates referrals.
#pragma once

#include "base/result.h"
#include "server/referrals/desk.h"

namespace equinode {

// A referral that follows or reopens another one, or is one more part of an order, is of its
// person, its need and its domain: what `asked` leaves open is filled in, anything else is refused.
// Twice is the same as once.
//   NOT_FOUND / NO_SUCH_REFERRAL (also for one that was asked of this node), NO_SUCH_ORDER;
//   INVALID_ARGUMENT / OTHER_NEED, BAD_FOLLOWS (more than one of them is named).
Status FollowOn(ReadTx& tx, ReferralAsked& asked);

// `opening` says whom it goes to. INVALID_ARGUMENT / OTHER_NEED when the need is known as another
// person's or of another domain; the errors of MayFollow, MayReopen and MayRefer
// (domain/referral/retry.h).
Status CheckEarlier(ReadTx& tx, const ReferralAsked& asked, const referral::Opening& opening);

}  // namespace equinode
