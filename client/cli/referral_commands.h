// Commands about referrals, a file each; and moments as they take them.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <string>

#include "client/cli/command.h"

namespace equinode::cli {

void AddHost(Program program);
// Of the group `referral`.
void AddReferralCapacity(Program program, Command referral);
void AddReferralClosures(Program program, Command referral);
void AddReferralOrders(Program program, Command referral);
void AddReferralWatch(Program program, Command referral);

// RFC 3339, or a day: its first moment, 00:00 UTC, as all of the node's clocks count days. USAGE.
Result<google::protobuf::Timestamp> MomentOf(const std::string& text);

}  // namespace equinode::cli
