// Referrals as people read them.
#pragma once

#include <google/protobuf/map.h>
#include <google/protobuf/repeated_field.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "client/cli/sheet.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::cli {

// The last part of a node's URI: short enough for a table.
std::string ShortOf(const std::string& uri);
// Whose deed it was: "tim of foodbank", or a node's "foodbank".
std::string WhoOf(const std::string& uri);
std::string StateText(const v1::Referral& each);
std::string NextText(const v1::Referral& each);

// One row a referral.
Sheet ReferralSheet();
void AddTo(Sheet& sheet, const v1::Referral& each);
// One referral with its properties.
Json ReferralJson(const v1::Referral& each);

// "name=text" of the command line as fields of an order. USAGE.
Status SetFields(const std::vector<std::string>& fields,
                 google::protobuf::Map<std::string, std::string>* order);

// What was filled in and may not leave for that domain, as one line; empty for nothing.
std::string HeldBackText(const google::protobuf::RepeatedPtrField<std::string>& fields,
                         const std::string& domain);

}  // namespace equinode::cli
