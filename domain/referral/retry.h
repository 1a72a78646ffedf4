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

// May `next` be asked for the need of `earlier` (all referrals of that need, oldest first)?
//   FAILED_PRECONDITION / STILL_OPEN      one of them is open at the same organisation.
//                         ASKED_BEFORE    that organisation has turned it down or let it lapse;
//                                         reopening a closed one is the way back.
//                         TOO_MANY        kMaxReferralsOfNeed were made: a person has to look.
//   INVALID_ARGUMENT    / OTHER_NEED      one of them is of another need.
Status MayRefer(std::span<const View> earlier, const Uuid& need, std::string_view next);

// May this closed referral be taken up again? A new one that names it in `reopens`; the old one
// never changes. FAILED_PRECONDITION / STILL_OPEN, NOT_REOPENED (entered in error or a draft).
Status MayReopen(const View& closed);

}  // namespace equinode::referral
