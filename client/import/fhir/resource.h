// One FHIR resource to one record, or to a count of what was passed over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "client/import/fhir/coverage.h"
#include "client/import/fhir/patient.h"
#include "client/import/fhir/social.h"
#include "domain/people/source_stamp.h"

namespace equinode::fhir {

enum class ResourceKind : std::uint8_t {
  kPassedOver,  // A type that is not taken in.
  kPerson,
  kCoverage,
  kOrganization,
  kSocial,  // Observation, QuestionnaireResponse, Condition, Encounter: `social` says what.
  kBundle,  // To be taken apart by the caller.
};

// Reused from one resource to the next.
struct ReadResource {
  ResourceKind kind = ResourceKind::kPassedOver;
  std::string type{};   // resourceType, where it is a word; known even when the rest is refused.
  std::string id{};     // Where it is an id; likewise.
  SourceStamp stamp{};  // Of its meta; what there is no instant or no number is not said.
  ReadPatient patient{};
  ReadCoverage coverage{};
  OrganizationRecord organization{};
  ReadSocial social{};
};

// `entry_url` is the fullUrl of a Bundle's entry, of which the id is taken where the resource has
// none. Besides the refusals of each resource: NOT_A_RESOURCE, MISSING_ID, BAD_ID, PLACEHOLDER_ID,
// DUPLICATE_KEY.
Status ReadFhirResource(const dom::element& root, std::string_view entry_url,
                        const Surroundings& around, const PayerMap& payers, ReadResource& out);

// "Patient/123", "Patient" or "", as far as it is known.
std::string Label(const ReadResource& resource);

}  // namespace equinode::fhir
