#include "server/exchange/take_session.h"

#include <algorithm>
#include <utility>

#include "domain/audit/entry.h"
#include "server/exchange/arrival.h"
#include "server/exchange/context.h"

namespace equinode {

using exchange::Answer;
using exchange::Header;
using exchange::HopRefusal;
using exchange::LinkKey;
namespace reason = exchange::reason;

namespace {

// Of envelopes that take effect together.
constexpr std::size_t kAnsweredAtOnce = 32;

LinkKey KeyOf(const Header& header) { return LinkKey{header.from, header.to, header.lane}; }

void Ack(Answer& answer, const LinkKey& link, std::uint64_t through) {
  if (through == 0) return;
  const auto at = std::find_if(answer.acks.begin(), answer.acks.end(),
                               [&](const exchange::Ack& each) { return each.link == link; });
  if (at == answer.acks.end()) {
    answer.acks.push_back({link, through});
  } else {
    at->through = through;
  }
}

void RefuseIn(Answer& answer, const Header& header, exchange::Refusal refusal) {
  answer.refusals.push_back(HopRefusal{header.from, header.to, std::move(refusal)});
}

}  // namespace

TakeSession::TakeSession(std::shared_ptr<ExchangeContext> context, std::string hop,
                         std::function<void()> wake)
    : context_(std::move(context)), hop_(std::move(hop)), wake_(std::move(wake)) {}

void TakeSession::Offer(WireEnvelope envelope) {
  const auto slot = std::make_shared<Slot>();
  slot->envelope = std::move(envelope);
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return slots_.size() < kMostUnderWay; });
    slots_.push_back(slot);
  }
  if (!context_->deps.run_aside) {
    Judge(slot);
    Drain();
    return;
  }
  context_->deps.run_aside([self = shared_from_this(), slot] {
    self->Judge(slot);
    self->Drain();
  });
}

void TakeSession::Judge(const std::shared_ptr<Slot>& slot) {
  Taken taken = OpenEnvelope(*context_, hop_, slot->envelope, context_->deps.clock.Now());
  const std::lock_guard lock(mutex_);
  slot->taken = std::move(taken);
  slot->ready = true;
}

void TakeSession::Drain() {
  for (;;) {
    std::vector<std::shared_ptr<Slot>> group;
    {
      const std::lock_guard lock(mutex_);
      if (draining_) return;
      for (const auto& slot : slots_) {
        if (!slot->ready || group.size() == kAnsweredAtOnce) break;
        group.push_back(slot);
      }
      if (group.empty()) return;
      draining_ = true;
    }
    TakeEffect(group);
    {
      const std::lock_guard lock(mutex_);
      slots_.erase(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(group.size()));
      draining_ = false;
    }
    room_.notify_all();
  }
}

void TakeSession::TakeEffect(const std::vector<std::shared_ptr<Slot>>& slots) {
  Answer answer;
  Places places;
  const auto attempt = [&]() -> Status {
    return context_->deps.database.Write("take", [&](Tx& tx) {
      answer = Answer{};  // A body may run again.
      places = places_;
      return TakeInTx(tx, slots, places, answer, context_->deps.clock.Now());
    });
  };
  const Status done = attempt();
  if (done.ok()) {
    places_ = std::move(places);
    for (const auto& slot : slots) {
      if (slot->taken.way == Taken::Way::kRelay) context_->WakeTowards(slot->envelope.header.to);
    }
    Say(std::move(answer));
    context_->Nudge();
    return;
  }
  if (slots.size() > 1) {
    // One of them cannot be stored: the others must not wait for it.
    for (const auto& slot : slots) TakeEffect({slot});
    return;
  }
  const Header& header = slots.front()->envelope.header;
  context_->deps.log.Warning("envelope_not_stored", {{Field::kEnvelope, header.id},
                                                     {Field::kPeer, header.from},
                                                     {Field::kReason, done.error().reason}});
  Answer later;
  RefuseIn(later, header, RefusalOf(header, reason::kTryLater, false));
  Say(std::move(later));
}

Status TakeSession::TakeInTx(Tx& tx, const std::vector<std::shared_ptr<Slot>>& slots,
                             Places& places, Answer& answer, Instant now) {
  for (const auto& slot : slots) {
    const Header& header = slot->envelope.header;
    Taken& taken = slot->taken;
    switch (taken.way) {
      case Taken::Way::kRefuse:
        if (taken.tell && context_->MayTell(header, now)) {
          EQN_CHECK(IncomingStore::Refuse(tx, header.from, {taken.refusal, false, now}));
        }
        EQN_CHECK(RecordDenied(tx, header, taken.refusal, now));
        RefuseIn(answer, header, taken.refusal);
        break;
      case Taken::Way::kSettled: {
        EQN_TRY(const StoredIncoming link, IncomingStore::Find(tx, header.from, header.lane));
        Ack(answer, KeyOf(header), link.state.applied.through);
        break;
      }
      case Taken::Way::kRelay:
        EQN_CHECK(Relay(tx, slot->envelope, places, answer, now));
        break;
      case Taken::Way::kApply: {
        EQN_TRY(const Arrived arrived,
                TakeArrival(*context_, tx, *taken.opened, slot->envelope.sealed, now));
        if (arrived.refusal) RefuseIn(answer, header, *arrived.refusal);
        if (!arrived.refusal || arrived.took_number) {
          Ack(answer, KeyOf(header), arrived.through);
        }
        break;
      }
    }
  }
  return Ok();
}

// Who hands over what is not theirs, or is not who they say, is on record (THREATS TA08): once a
// minute and lane, so that nobody fills the log.
Status TakeSession::RecordDenied(Tx& tx, const Header& header, const exchange::Refusal& refusal,
                                 Instant now) {
  const bool denial = refusal.reason == reason::kWrongSender ||
                      refusal.reason == reason::kUnknownSigner ||
                      refusal.reason == reason::kRevoked;
  Header by_hop;
  by_hop.from = hop_;
  by_hop.lane = header.lane;
  if (!denial || !context_->MayTell(by_hop, now)) return Ok();
  AuditEntry entry;
  entry.actor = hop_;
  entry.action = "ENVELOPE_DENIED";
  entry.subject = AuditText(header.from);
  entry.purpose = std::string(LaneName(header.lane));
  entry.outcome = refusal.reason;
  EQN_CHECK(context_->deps.audit.Append(tx, std::move(entry)));
  return Ok();
}

Status TakeSession::Relay(Tx& tx, const WireEnvelope& envelope, Places& places, Answer& answer,
                          Instant now) {
  const Header& header = envelope.header;
  const ExchangeOptions& options = context_->options;
  if (header.expires <= now) {
    RefuseIn(answer, header, RefusalOf(header, reason::kExpired, true));
    return Ok();
  }
  const LinkKey key = KeyOf(header);
  EQN_TRY(RelayLink link, RelayStore::Find(tx, header.from, header.to, header.lane));
  RelayPlace place = places[key];
  // In order on each stream. What is missing is asked for once: the sender goes back then, and what
  // it begins with is the lowest that it has; the others were receipted and are gone.
  const std::uint64_t expected = place.last != 0 ? place.last + 1 : link.through + 1;
  const bool lowest = place.asked && header.number <= place.before;
  place.before = header.number;
  if (header.number > expected && !lowest) {
    place.asked = true;
    places[key] = place;
    RefuseIn(answer, header, RefusalOf(header, reason::kOutOfSequence, false, expected));
    return Ok();
  }
  EQN_TRY(const RelayTotals totals, RelayStore::Totals(tx));
  EQN_TRY(const std::uint64_t waiting, RelayStore::BytesFor(tx, header.to));
  const std::uint64_t size = envelope.sealed.size();
  if (totals.bytes + size > options.relay_bytes ||
      waiting + size > options.relay_bytes_per_recipient) {
    RefuseIn(answer, header, RefusalOf(header, reason::kRelayFull, false));
    return Ok();
  }
  EQN_CHECK(RelayStore::Keep(tx, link, header, envelope.sealed));
  place.last = header.number;
  place.asked = false;
  places[key] = place;
  Ack(answer, key, header.number);
  return Ok();
}

void TakeSession::Say(Answer answer) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    for (const exchange::Ack& ack : answer.acks) Ack(answers_, ack.link, ack.through);
    for (HopRefusal& refusal : answer.refusals) answers_.refusals.push_back(std::move(refusal));
    wake = wake_;
  }
  if (wake) wake();
}

Answer TakeSession::TakeAnswers() {
  const std::lock_guard lock(mutex_);
  return std::exchange(answers_, Answer{});
}

bool TakeSession::Quiet() const {
  const std::lock_guard lock(mutex_);
  return slots_.empty() && answers_.empty();
}

void TakeSession::Close() {
  const std::lock_guard lock(mutex_);
  wake_ = nullptr;
}

}  // namespace equinode
