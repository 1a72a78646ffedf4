#include "server/exchange/notice_applier.h"

#include <string>
#include <utility>

#include "client/convert/envelope.h"
#include "server/access/renewal.h"
#include "storage/outbox_store.h"

namespace equinode {

PayloadApplier CertificateNoticeApplier(Enrolment& enrolment, const CurrentKeyRing& keys,
                                        const Clock& clock) {
  return [&enrolment, &keys, &clock](const Incoming& incoming) -> Result<ApplyInTx> {
    EQN_TRY(const exchange::CertificateNotice notice, NoticeFromBytes(incoming.payload));
    EQN_TRY(Certificate certificate,
            CheckRenewal(incoming.from, notice, enrolment, keys, clock.Now()));
    return ApplyInTx([&enrolment, &clock, from = incoming.from,
                      certificate = std::move(certificate),
                      at = notice.in_use_from](Tx& tx, AuditNote& note) {
      return ApplyRenewal(tx, from, certificate, at, enrolment, clock.Now(), note);
    });
  };
}

Status QueueCertificateNotices(Tx& tx, const Enrolment& enrolment, const Certificate& certificate,
                               Instant in_use_from, Instant now) {
  const Bytes notice = BytesFromNotice({certificate.der(), in_use_from});
  for (const EnrolledPeer& peer : enrolment.Peers()) {
    EQN_CHECK(OutboxStore::Queue(tx, peer.identity.uri, exchange::Lane::kControl,
                                 exchange::PayloadKind::kCertificateNotice, notice, now));
  }
  return Ok();
}

}  // namespace equinode
