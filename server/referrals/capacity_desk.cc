#include "server/referrals/capacity_desk.h"

#include <utility>
#include <vector>

#include "storage/capacity_store.h"
#include "storage/outbox_store.h"

namespace equinode {

using exchange::PayloadKind;
using referral::Capacity;

bool CapacityDesk::IsHere(std::string_view organisation) const {
  const std::string self = deps_.keys.Get()->self.uri;
  return organisation == self || deps_.enrolment.HostOf(organisation) == self;
}

Status CapacityDesk::Send(Tx& tx, std::string_view to, const CapacityNews& news) const {
  EQN_CHECK(OutboxStore::Queue(tx, to, exchange::LaneOf(PayloadKind::kCapacity),
                               PayloadKind::kCapacity, BytesFromCapacityNews(news),
                               deps_.clock.Now()));
  if (deps_.queued) deps_.queued(tx);
  return Ok();
}

Result<std::uint32_t> CapacityDesk::Set(Tx& tx, const Capacity& capacity) const {
  EQN_CHECK(referral::CheckCapacity(capacity));
  if (!IsHere(capacity.organisation)) {
    return Error{Code::kPermissionDenied, "NOT_YOUR_CAPACITY",
                 "a node speaks for its own organisation and for those that it hosts: "
                 "`equinode host list`"};
  }
  EQN_CHECK(CapacityStore::Put(tx, capacity));
  EQN_TRY(const std::vector<std::string> askers,
          CapacityStore::Askers(tx, capacity.organisation, capacity.domain,
                                deps_.clock.Now() - referral::kMaxCapacityLife));
  std::uint32_t told = 0;
  for (const std::string& each : askers) {
    if (!deps_.enrolment.Find(each)) continue;
    EQN_CHECK(Send(tx, each, {capacity.organisation, capacity.domain, false, capacity}));
    ++told;
  }
  return told;
}

Status CapacityDesk::Ask(Tx& tx, std::string_view organisation, std::string_view domain) const {
  const Instant now = deps_.clock.Now();
  if (IsHere(organisation)) return Ok();
  std::string node(organisation);
  if (!deps_.enrolment.Find(node)) node = deps_.enrolment.HostOf(organisation).value_or("");
  if (node.empty() || !deps_.enrolment.Find(node)) {
    return Error{Code::kNotFound, "NO_SUCH_PEER",
                 "no enrolled node is or hosts this organisation: `equinode peer list` and "
                 "`equinode host list`"};
  }
  EQN_TRY(const std::vector<CapacityQuestion> open,
          CapacityStore::Questions(tx, organisation, domain));
  for (const CapacityQuestion& each : open) {
    if (!each.answered && each.asked + kAskAgain > now) return Ok();
  }
  EQN_CHECK(CapacityStore::Ask(tx, organisation, domain, now));
  return Send(tx, node, {std::string(organisation), std::string(domain), true, {}});
}

PayloadApplier CapacityDesk::Applier() const {
  return [this](const Incoming& incoming) -> Result<ApplyInTx> {
    EQN_TRY(CapacityNews news, CapacityNewsFromBytes(incoming.payload));
    return ApplyInTx(
        [this, news = std::move(news), from = incoming.from](Tx& tx, AuditNote& note) -> Status {
          const Instant now = deps_.clock.Now();
          note.subject = "capacity";
          note.purpose = news.asked ? "capacity asked" : "capacity said";
          if (news.asked) {
            // Of an organisation that is not here nobody has said anything here.
            CapacityNews answer{news.organisation, news.domain, false, {}};
            if (IsHere(news.organisation)) {
              EQN_CHECK(CapacityStore::AskedBy(tx, from, news.organisation, news.domain, now));
              EQN_TRY(answer.said, CapacityStore::Find(tx, news.organisation, news.domain));
            }
            return Send(tx, from, answer);
          }
          if (news.organisation != from && deps_.enrolment.HostOf(news.organisation) != from) {
            note.purpose = "capacity, refused: of another node";
            return Ok();
          }
          if (news.said && news.said->said_at > now + exchange::kClockTolerance) {
            note.purpose = "capacity, refused: said in the future";
            return Ok();
          }
          if (news.said) EQN_CHECK(CapacityStore::Put(tx, *news.said));
          return CapacityStore::Answered(tx, news.organisation, news.domain, now);
        });
  };
}

}  // namespace equinode
