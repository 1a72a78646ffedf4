// FHIR R4 Coverage to attribution: who, by which payer and line of business, from when to when.
#pragma once

#include <string>

#include "base/result.h"
#include "client/import/fhir/json.h"
#include "client/import/fhir/patient.h"
#include "client/import/fhir/payer_map.h"
#include "domain/people/record.h"

namespace equinode::fhir {

struct ReadCoverage {
  CoverageRecord coverage{};
  std::string patient_id{};
  bool mapped = false;  // A rule named the payer.
};

// `out` is overwritten. Refusals: those of IdOf for the beneficiary, MISSING_STATUS, BAD_STATUS,
// MISSING_PAYOR, BAD_PERIOD, US_CORE_15, and those of json.h.
Status ReadCoverageResource(const dom::object& resource, const Surroundings& around,
                            const PayerMap& payers, ReadCoverage& out);

}  // namespace equinode::fhir
