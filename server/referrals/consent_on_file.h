// What a person's consents on file say to one question: the one way in which this node asks it.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "domain/consent/consent.h"
#include "domain/referral/event.h"
#include "storage/sqlite/tx.h"

namespace equinode {

// By all consents and revocations of `person` that the store holds. An error is the store's.
Result<consent::Decision> ConsentOnFile(ReadTx& tx, std::string_view person,
                                        const consent::Question& question, Instant now);

// Whether a referral with that opening may tell the organisation that is asked. One that is open to
// whoever claims it at a QHIO's node has to be covered for the community organisations too.
Result<consent::Decision> ConsentToRefer(ReadTx& tx, std::string_view person,
                                         const referral::Opening& opening, Instant now);

// An answer that is no yes as the error of a call: FAILED_PRECONDITION / CONSENT_REFUSED,
// CONSENT_REVOKED, CONSENT_EXPIRED, NO_CONSENT.
Error WithoutConsent(const consent::Decision& decision);

}  // namespace equinode
