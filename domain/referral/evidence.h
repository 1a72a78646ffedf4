// What stands behind "served with evidence", and which days people may name when they say
// something.
#pragma once

#include <span>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "domain/referral/event.h"
#include "domain/referral/view.h"

namespace equinode::referral {

// A code system in which what was done is coded (data/evidence_systems.csv).
struct EvidenceSystem {
  std::string uri{};
  std::string form{};  // How its codes are written.
  std::string name{};
};
std::span<const EvidenceSystem> EvidenceSystems();

// Whether it is evidence for a referral that was sent at `sent`, said at `said`. A Procedure has a
// code of one of the systems above, written as that system writes them; a service record is of an
// absolute URI and comes with its document's hash. What was done was done neither before the day
// before the referral was sent (that may have been the same day where the client lives) nor more
// than a day after it is said. INVALID_ARGUMENT / BAD_EVIDENCE, with what is wrong.
Status CheckEvidence(const Evidence& evidence, Instant sent, Instant said);

// What a person may not say now, though a chain from elsewhere may hold it: evidence that is none,
// and an appointment or a day of review that is more than a day over (INVALID_ARGUMENT / BAD_TIME).
Status CheckSaid(const View& view, const Event& event);

}  // namespace equinode::referral
