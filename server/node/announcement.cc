#include "server/node/announcement.h"

#include <utility>
#include <vector>

#include "server/exchange/notice_applier.h"
#include "storage/outbox_store.h"
#include "storage/outgoing_store.h"

namespace equinode {

using exchange::Lane;
using exchange::PayloadKind;

Announcement::Announcement(Database& database, AuditLog& audit, const Enrolment& enrolment,
                           const CurrentKeyRing& keys, const Clock& clock, Log& log,
                           std::function<void(Tx&)> queued, AnnouncementLimits limits)
    : database_(database),
      audit_(audit),
      enrolment_(enrolment),
      keys_(keys),
      clock_(clock),
      log_(log),
      queued_(std::move(queued)),
      limits_(limits) {}

bool Announcement::MayTakeOver(const KeyRing& next) {
  const Instant now = clock_.Now();
  const std::shared_ptr<const KeyRing> ring = keys_.Get();
  const Certificate& current = ring->current.certificate;
  const Certificate& certificate = next.current.certificate;
  if (certificate == current || enrolment_.Peers().empty()) return true;
  if (announced_ != certificate.fingerprint()) {
    const Status told = Announce(certificate, now);
    if (!told.ok()) {
      log_.Error("keys_not_announced", {{Field::kReason, told.error().reason}});
      return current.not_after() <= now + limits_.last_moment;
    }
    announced_ = certificate.fingerprint();
    since_ = now;
  }
  const auto know = AllKnow();
  const bool last_moment = current.not_after() <= now + limits_.last_moment ||
                           enrolment_.IsRevoked(ring->self.uri, current);
  if ((know.ok() && *know) || last_moment || now >= since_ + limits_.longest) {
    announced_.clear();
    return true;
  }
  return false;
}

Status Announcement::Announce(const Certificate& next, Instant now) {
  return database_.Write("announce_keys", [&](Tx& tx) -> Status {
    // Until then peers hold both for good.
    EQN_CHECK(QueueCertificateNotices(tx, enrolment_, next, now + limits_.longest, now));
    AuditEntry entry;
    entry.actor = "node";
    entry.action = "KEYS_ANNOUNCED";
    entry.subject = "certificate " + std::string(next.fingerprint());
    entry.outcome = "OK";
    EQN_CHECK(audit_.Append(tx, std::move(entry)));
    if (queued_) queued_(tx);
    return Ok();
  });
}

Result<bool> Announcement::AllKnow() {
  return database_.Read([&](ReadTx& tx) -> Result<bool> {
    for (const EnrolledPeer& peer : enrolment_.Peers()) {
      const std::string& uri = peer.identity.uri;
      EQN_TRY(const bool queued,
              OutboxStore::Holds(tx, uri, Lane::kControl, PayloadKind::kCertificateNotice));
      EQN_TRY(const bool sent,
              OutgoingStore::Holds(tx, uri, Lane::kControl, PayloadKind::kCertificateNotice));
      if (queued || sent) return false;
    }
    return true;
  });
}

}  // namespace equinode
