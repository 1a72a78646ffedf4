// What a node tells for an export, as the values that client/fhir_out writes.
#pragma once

#include <string>

#include "base/result.h"
#include "client/cli/session.h"
#include "client/fhir_out/consent_resource.h"
#include "client/fhir_out/person_facts.h"
#include "client/fhir_out/referral_paper.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::cli {

struct FetchedReferral {
  ReferralPaper paper{};
  bool ours = false;  // This node asked.
};
// One referral, every page of its events. Errors of ReferralService/ExportReferral and of PaperOf;
// INTERNAL / BAD_ANSWER.
Result<FetchedReferral> FetchReferral(Session& session, const std::string& id);

// What is kept of one person's needs and consents, and with `with_patient` who it is. A node that
// keeps no consents (a payer's) has none. Errors of NeedService, ConsentService and RecordService;
// INTERNAL / BAD_ANSWER.
Result<PersonFacts> FetchFacts(Session& session, const std::string& person, bool with_patient);

// INTERNAL / BAD_ANSWER.
Result<ConsentOnPaper> ConsentOnPaperFrom(const v1::Consent& message);

}  // namespace equinode::cli
