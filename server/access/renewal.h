// A peer's next certificate, as it announces it itself in a certificate notice (DESIGN section 5):
// the notice came signed by a certificate of it that is good, so the peer vouches for the new one.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/crypto/certificate.h"
#include "base/result.h"
#include "domain/audit/entry.h"
#include "domain/exchange/payload.h"
#include "server/access/enrolment.h"
#include "server/keys/key_ring.h"

namespace equinode {

// The first half of an applier (server/exchange/payload_applier.h): what is wrong here is the
// notice's fault. INVALID_ARGUMENT / BAD_CERTIFICATE, CERTIFICATE_NAME when it is not for the
// sender's own URI, CERTIFICATE_UNTRUSTED and its like (one that is not valid yet is fine);
// FAILED_PRECONDITION / REVOKED.
Result<Certificate> CheckRenewal(std::string_view from, const exchange::CertificateNotice& notice,
                                 const Enrolment& enrolment, const CurrentKeyRing& keys,
                                 Instant now);

// The second half. Taken over (current, or next when it is in use later) or held for an operator,
// as the enrolment says; nothing when it is known already. `note` says which:
// CERTIFICATE_TAKEN_OVER, CERTIFICATE_HELD or CERTIFICATE_KNOWN stands in its purpose. NOT_FOUND /
// NO_SUCH_PEER.
Status ApplyRenewal(Tx& tx, std::string_view from, const Certificate& certificate,
                    Instant in_use_from, Enrolment& enrolment, Instant now, AuditNote& note);

}  // namespace equinode
