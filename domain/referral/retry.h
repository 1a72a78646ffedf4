// Asking somebody else for the same need after a referral ended without the service. The need and
// its clock stay; who turned it down is not asked again.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "domain/referral/view.h"

namespace equinode::referral {

inline constexpr std::size_t kMaxReferralsOfNeed = 12;

// Who was asked: the organisation, or for an open request that nobody claimed its node.
std::string_view AskedOf(const View& view);

// May `next` be asked for the need of `earlier` (all referrals of that need, oldest first)? One
// that this end closed since the ends disagreed was not turned down.
//   FAILED_PRECONDITION / STILL_OPEN      one of them is open at the same organisation.
//                         ASKED_BEFORE    that organisation has turned it down or let it lapse;
//                                         reopening a closed one is the way back.
//                         TOO_MANY        kMaxReferralsOfNeed were made: a person has to look.
//   INVALID_ARGUMENT    / OTHER_NEED      one of them is of another need.
Status MayRefer(std::span<const View> earlier, const Uuid& need, std::string_view next);

// May this one, one of `earlier`, be named by a new one as what it comes after?
// FAILED_PRECONDITION / STILL_OPEN.
Status MayFollow(const View& ended);

// May this closed referral, one of `earlier`, be taken up again at `next`? A new one that names it
// in `reopens`; the old one never changes. Who turned it down is asked again by that way alone, so
// it is open once for each referral, to the same organisation, and a reason is said (reasons.csv,
// `create`). FAILED_PRECONDITION / STILL_OPEN (this one, or another at that organisation),
// NOT_REOPENED (entered in error or a draft), REOPENED_BEFORE, OTHER_ORGANISATION, TOO_MANY;
// INVALID_ARGUMENT / REASON_REQUIRED.
Status MayReopen(const View& closed, std::span<const View> earlier, std::string_view next,
                 std::string_view reason);

}  // namespace equinode::referral
