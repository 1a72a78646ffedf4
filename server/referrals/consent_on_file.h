// What a person's consents on file say to one question: the one way in which this node asks it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "domain/consent/consent.h"
#include "domain/referral/event.h"
#include "storage/sqlite/tx.h"

namespace equinode {

// By all consents and revocations of `person` that the store holds. An error is the store's.
Result<consent::Decision> ConsentOnFile(ReadTx& tx, std::string_view person,
                                        const consent::Question& question, Instant now);

// The labels under which a referral tells, beside its domain: of its order's bytes, or where those
// are gone of the domain alone.
std::vector<std::string> LabelsOf(ByteView order, std::string_view domain);

// Whether a referral with that opening and those labels may tell the organisation that is asked.
// One that is open to whoever claims it at a QHIO's node has to be covered for the community
// organisations too.
Result<consent::Decision> ConsentToRefer(ReadTx& tx, std::string_view person,
                                         const referral::Opening& opening,
                                         const std::vector<std::string>& labels, Instant now);

// Whether the answer may hold more than the state: no refusal of the way back speaks, and no yes to
// it that has ended. The recipient that such a consent names is who is asked, or who hears it.
Result<bool> MayTellBack(ReadTx& tx, std::string_view person, const referral::Opening& opening,
                         const std::vector<std::string>& labels, Instant now);

// An answer that is no yes as the error of a call: FAILED_PRECONDITION / CONSENT_REFUSED,
// CONSENT_REVOKED, CONSENT_EXPIRED, NO_CONSENT.
Error WithoutConsent(const consent::Decision& decision);

}  // namespace equinode
