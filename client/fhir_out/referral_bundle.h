// A referral as a Bundle (collection) of FHIR R4 resources: ServiceRequest (the order), Task (where
// it stands), a Procedure for each piece of evidence and a Consent for each consent. Profiles:
// SDOHCC-ServiceRequest, SDOHCC-TaskForReferralManagement, SDOHCC-Procedure, SDOHCC-Consent of
// hl7.fhir.us.sdoh-clinicalcare 3.0.0. Where each fact stands:
//   Task.status; businessStatus (sub-state; "cancel-asked" with its reason as text); statusReason;
//   owner, requester (identifier = URI), groupIdentifier (the need), partOf, restriction.period.end
//   (expiry), executionPeriod.start (appointment), note, input (the order's fields), output.
//   ServiceRequest.intent is filler-order where the order is part of another one (the guide's
//   refer-2), else order; its status is the requester's: active until the loop is closed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/fhir_out/referral_paper.h"

namespace equinode {

// JSON, keys in FHIR's order, indented or on one line, a line feed at the end. The same paper gives
// the same bytes.
std::string BundleOf(const ReferralPaper& paper, bool one_line = false);

// What BundleOf wrote, or another's Bundle of the same profiles as far as it says the same things:
// the first Task for referral management and what it refers to. INVALID_ARGUMENT / BAD_FHIR, with
// the element, for what is none; NOT_A_REFERRAL when there is no such Task.
Result<ReferralPaper> PaperFrom(std::string_view bundle);

inline constexpr std::size_t kMostBundleBytes = 1024 * 1024;

}  // namespace equinode
