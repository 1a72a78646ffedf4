// FHIR R4 Patient to a person record with its demographic assertions.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/import/fhir/demographics.h"
#include "client/import/fhir/json.h"
#include "client/import/fhir/reference.h"
#include "client/import/source_profile.h"
#include "domain/people/record.h"
#include "domain/zcodes/code_table.h"

namespace equinode::fhir {

// What a resource is read with. References outlive the reading.
struct Surroundings {
  const SourceProfile& profile;
  std::string_view feed{};
  std::chrono::sys_days today{};
  const FullUrls* urls = nullptr;     // Of the Bundle around it.
  const ZCodeTable* codes = nullptr;  // Null = the built-in one.
};

struct ReadPatient {
  PersonRecord person{};
  std::vector<std::size_t> mrns{};  // Places in person.identifiers of record numbers, 1..128 bytes.
  std::uint64_t conflicts = 0;
  PersonRecord spare{};  // Memory of the person before, for the next. Means nothing.
  Demographics demographics{};
};

// `out` is overwritten. Refusals: WRONG_TYPE, TEXT_TOO_LONG, TOO_MANY, CONTROL_CHARACTER,
// BAD_BIRTH_DATE, FUTURE_BIRTH_DATE, US_CORE_23.
Status ReadPatientResource(const dom::object& resource, const Surroundings& around,
                           ReadPatient& out);

}  // namespace equinode::fhir
