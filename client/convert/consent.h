// A person's consent as the contract shows it, and back.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "domain/consent/consent.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode {

// INVALID_ARGUMENT / BAD_CONSENT for words and times that are none. Whether it is one that can be
// kept (consent::CheckConsent) is for who keeps it: what was kept before is read also where the
// rules are stricter now. `id` and nothing of the revocation is taken over.
Result<consent::Consent> ConsentFrom(const v1::Consent& message, const Uuid& id);
void SetConsent(const consent::Consent& consent, std::optional<Instant> revoked_at,
                v1::Consent* out);

}  // namespace equinode
