// Referrals and consents as the contract shows them.
#pragma once

#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "equinode/v1/referral_service.pb.h"
#include "server/referrals/open_referral.h"

namespace equinode {

void SetReferral(const OpenReferral& open, const std::vector<StoredProposal>& proposals,
                 const std::vector<referral::TakenWord>& words, Instant now, v1::Referral* out);
// One that is stored and cannot be read by today's tables: what its row says, and that as its
// fault.
void SetUnreadable(const StoredReferral& stored, const Error& error, v1::Referral* out);
// Each event with where it led.
Status SetHistory(const OpenReferral& open, v1::GetReferralResponse* out);
// The verbs that `actor`, of this end's people, may use now, in the table's order.
void SetVerbs(const OpenReferral& open, std::string_view actor, Instant now,
              v1::GetReferralResponse* out);

}  // namespace equinode
