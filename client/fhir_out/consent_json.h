// Private to client/fhir_out: one Consent.
#pragma once

#include "client/fhir_out/consent_resource.h"
#include "client/fhir_out/parts.h"

namespace equinode::fhir_out {

// `organisation`: URI of the node that keeps it.
Json ConsentJson(const ConsentOnPaper& paper, const std::string& organisation);
Result<ConsentOnPaper> ConsentFromJson(const Read& resource);

}  // namespace equinode::fhir_out
