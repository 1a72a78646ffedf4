// What a certificate notice does here (server/access/renewal.h).
#pragma once

#include "base/clock.h"
#include "server/access/enrolment.h"
#include "server/exchange/payload_applier.h"
#include "server/keys/key_ring.h"
#include "storage/sqlite/tx.h"

namespace equinode {

PayloadApplier CertificateNoticeApplier(Enrolment& enrolment, const CurrentKeyRing& keys,
                                        const Clock& clock);

// Tells every peer of `certificate`, which this node will use from `in_use_from` on: the notices
// are signed by the key that is in use now.
Status QueueCertificateNotices(Tx& tx, const Enrolment& enrolment, const Certificate& certificate,
                               Instant in_use_from, Instant now);

}  // namespace equinode
