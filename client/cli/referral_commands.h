// Commands about referrals, a file each; and moments as they take them.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <string>

#include "client/cli/command.h"

namespace equinode::cli {

void AddHost(Program program);
void AddExport(Program program);
// Of the group `referral`.
void AddReferralCapacity(Program program, Command referral);
void AddReferralClosures(Program program, Command referral);
void AddReferralImport(Program program, Command referral);
void AddReferralOrders(Program program, Command referral);
void AddReferralWatch(Program program, Command referral);

// Of the group `consent`.
void AddConsentImport(Program program, Command consent);

// Of the node or the way to it, not of one line of a file that is taken in.
bool IsTheNodes(const Error& error);

// RFC 3339, or a day: its first moment, 00:00 UTC, as all of the node's clocks count days. USAGE.
Result<google::protobuf::Timestamp> MomentOf(const std::string& text);

}  // namespace equinode::cli
