// A person's consent as FHIR R4 Consent by SDOHCC-Consent of hl7.fhir.us.sdoh-clinicalcare 3.0.0,
// out and in. Where each fact stands:
//   given or refused   provision.type permit or deny, policyRule OPTIN or OPTOUT
//   direction          provision.action: disclose (to the recipient), collect (back from it)
//   recipient          provision.actor, role IRCP: identifier = URI, or a class (kRecipientClass)
//   purposes           provision.purpose (v3-ActReason; a referral is COC, coordination of care)
//   categories         provision.code: Gravity's category, or a label of ours (kConsentLabel)
//   from, until        provision.period; `end` is the last moment at which it holds
//   signed, document   dateTime; sourceAttachment.url urn:equinode:sha256:<hex>
//   taken back         status inactive, and since when in the extension kConsentRevoked
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/consent/consent.h"

namespace equinode {

struct ConsentOnPaper {
  consent::Consent consent{};  // `person` is who it is in the file, until it is mapped.
  std::optional<Instant> revoked_at{};
  friend bool operator==(const ConsentOnPaper&, const ConsentOnPaper&) = default;
};

// A Consent of a file, or why it is none that can be kept.
struct ConsentFound {
  std::size_t entry = 0;  // In the Bundle, from 1; 1 of a resource alone.
  Result<ConsentOnPaper> consent;
};

// Every Consent of a Bundle, or the one that `text` is; other resources are passed over.
// INVALID_ARGUMENT / BAD_FHIR when it is neither JSON nor a resource, at most 16 MiB. Of each
// Consent: BAD_FHIR with the element, NOT_IN_FORCE for a draft, proposed or rejected one and one
// entered in error.
Result<std::vector<ConsentFound>> ConsentsIn(std::string_view text);

}  // namespace equinode
