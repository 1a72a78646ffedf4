#include "server/exchange/push_session.h"

#include <algorithm>
#include <map>
#include <utility>

#include "server/exchange/context.h"
#include "server/exchange/receipts.h"

namespace equinode {

using exchange::LinkFault;
using exchange::LinkKey;

namespace {

// Read ahead of the stream.
constexpr std::size_t kAhead = 8;
constexpr std::size_t kAheadBytes = 1024 * 1024;

}  // namespace

// A link that goes over this hop: our own, or one that we keep for others.
struct PushSession::Source {
  LinkKey key{};
  std::optional<StoredOutgoing> own{};
  std::optional<RelayLink> kept{};

  std::uint64_t acked() const { return own ? own->state.hop_acked : kept->collected; }
  std::uint64_t through() const { return own ? own->state.given.through : kept->through; }
  std::uint32_t rounds() const { return own ? own->state.rounds : kept->rounds; }
};

PushSession::PushSession(std::shared_ptr<ExchangeContext> context, std::string hop,
                         std::function<void()> wake)
    : context_(std::move(context)),
      hop_(std::move(hop)),
      wake_(std::move(wake)),
      flow_(context_->options.flow) {}

PushSession::~PushSession() { context_->Forget(this); }

Result<std::vector<PushSession::Source>> PushSession::Sources(ReadTx& tx, Instant now) {
  const std::string self = context_->self();
  std::vector<Source> sources;
  for (const EnrolledPeer& peer : context_->deps.enrolment.Peers()) {
    const std::string& to = peer.identity.uri;
    if (to != hop_ && peer.relay != hop_) continue;
    // Nothing goes to who has no good certificate any more (revoked, expired).
    if (!context_->deps.enrolment.SealTo(to, now).ok()) continue;
    EQN_TRY(std::vector<StoredOutgoing> own, OutgoingStore::OfPeer(tx, to));
    for (StoredOutgoing& link : own) {
      if (link.state.fault != LinkFault::kNone) continue;
      sources.push_back({LinkKey{self, to, link.lane}, std::move(link), std::nullopt});
    }
    EQN_TRY(std::vector<RelayLink> kept, RelayStore::ForRecipient(tx, to));
    for (RelayLink& link : kept) {
      if (link.sender == hop_) continue;  // Not back to where it came from.
      sources.push_back({LinkKey{link.sender, to, link.lane}, std::nullopt, std::move(link)});
    }
  }
  // Lanes in their order; within one, those after the link that was served last go first.
  const auto before = [this](const Source& a, const Source& b) {
    if (a.key.lane != b.key.lane) return a.key.lane < b.key.lane;
    const bool a_later = a.key > served_;
    const bool b_later = b.key > served_;
    if (a_later != b_later) return a_later;
    return a.key < b.key;
  };
  std::sort(sources.begin(), sources.end(), before);
  return sources;
}

Status PushSession::Fetch(Instant now) {
  return context_->deps.database.Read([&](ReadTx& tx) -> Status {
    EQN_TRY(const std::vector<Source> sources, Sources(tx, now));
    for (const Source& source : sources) {
      const auto after = flow_.GoesOnAfter(source.key, source.acked(), source.rounds(), now);
      if (!after || *after >= source.through()) continue;
      if (source.own) {
        EQN_TRY(std::vector<SealedNumber> numbers,
                OutgoingStore::After(tx, *source.own, *after, kAhead, kAheadBytes));
        for (SealedNumber& number : numbers) {
          number.header.from = source.key.from;
          fetched_.push_back({std::move(number.header), std::move(number.sealed)});
        }
      } else {
        EQN_TRY(std::vector<RelayedEnvelope> envelopes,
                RelayStore::After(tx, *source.kept, *after, kAhead, kAheadBytes));
        for (RelayedEnvelope& envelope : envelopes) {
          fetched_.push_back({std::move(envelope.header), std::move(envelope.sealed)});
        }
      }
      if (fetched_.empty()) continue;
      served_ = source.key;
      return Ok();
    }
    return Ok();
  });
}

Result<std::optional<WireEnvelope>> PushSession::Next(Instant now) {
  if (!context_->Pushes(this)) return std::optional<WireEnvelope>();
  const std::lock_guard lock(mutex_);
  if (!flow_.HasRoom()) return std::optional<WireEnvelope>();
  if (fetched_.empty()) EQN_CHECK(Fetch(now));
  if (fetched_.empty()) {
    tries_at_ = flow_.NextTry(now);
    return std::optional<WireEnvelope>();
  }
  WireEnvelope envelope = std::move(fetched_.front());
  fetched_.pop_front();
  const exchange::Header& header = envelope.header;
  flow_.Sent(LinkKey{header.from, header.to, header.lane}, header.number, envelope.sealed.size(),
             now);
  return std::optional<WireEnvelope>(std::move(envelope));
}

Status PushSession::Answered(const exchange::Answer& answer, Instant now) {
  const std::string self = context_->self();
  std::map<LinkKey, std::uint64_t> through;
  std::map<LinkKey, LinkFault> faults;
  {
    const std::lock_guard lock(mutex_);
    for (const exchange::Ack& ack : answer.acks) {
      if (!flow_.Acked(ack.link, ack.through)) continue;
      // What the hop keeps for others it may have from an earlier stream.
      through[ack.link] = std::max(through[ack.link], ack.through);
    }
    for (const exchange::HopRefusal& each : answer.refusals) {
      const LinkKey key{each.from, each.to, each.refusal.lane};
      flow_.Refused(key, each.refusal.number, each.refusal.expected, now);
      std::erase_if(fetched_, [&](const WireEnvelope& waiting) {
        return LinkKey{waiting.header.from, waiting.header.to, waiting.header.lane} == key;
      });
      // The recipient itself says so, not a relay.
      if (key.to != hop_ || key.from != self) continue;
      if (each.refusal.reason == exchange::reason::kNumberReused ||
          each.refusal.reason == exchange::reason::kChainDiffers) {
        faults[key] = LinkFault::kChainDiffers;
      } else if (each.refusal.reason == exchange::reason::kOutOfSequence) {
        through.try_emplace(key, 0);
        faults.try_emplace(key, LinkFault::kNone);
      }
    }
  }
  if (through.empty() && faults.empty()) return Ok();
  EQN_CHECK(context_->deps.database.Write("hop_answer", [&](Tx& tx) -> Status {
    for (const auto& [key, position] : through) {
      if (key.from == self) continue;
      EQN_TRY(RelayLink link, RelayStore::Find(tx, key.from, key.to, key.lane));
      EQN_CHECK(RelayStore::Collected(tx, link, position));
    }
    for (const exchange::HopRefusal& each : answer.refusals) {
      const LinkKey key{each.from, each.to, each.refusal.lane};
      if (faults.count(key) == 0) continue;
      EQN_TRY(StoredOutgoing link, OutgoingStore::Find(tx, key.to, key.lane));
      const std::uint64_t expected = each.refusal.expected;
      if (faults[key] != LinkFault::kNone) {
        link.state.fault = faults[key];
      } else if (expected != 0 && expected <= link.state.receipted.through &&
                 exchange::EraOf(expected) == exchange::EraOf(link.state.given.through)) {
        link.state.fault = LinkFault::kPeerBehind;
      } else {
        continue;
      }
      tx.OnCommit([this, link] { TellFault(*context_, link); });
      EQN_CHECK(OutgoingStore::Save(tx, link));
    }
    for (const auto& [key, position] : through) {
      if (key.from != self || position == 0) continue;
      EQN_TRY(StoredOutgoing link, OutgoingStore::Find(tx, key.to, key.lane));
      if (position > link.state.given.through && key.to == hop_ &&
          link.state.fault == LinkFault::kNone) {
        link.state.fault = exchange::FaultOfAhead(link.state, position);
        tx.OnCommit([this, link] { TellFault(*context_, link); });
      }
      link.state = exchange::HopAcked(link.state, position);
      EQN_CHECK(OutgoingStore::Save(tx, link));
    }
    return Ok();
  }));
  return Ok();
}

std::optional<Instant> PushSession::NextTry(Instant now) const {
  const std::lock_guard lock(mutex_);
  return flow_.NextTry(now);
}

bool PushSession::TryComes(Instant now) {
  const std::lock_guard lock(mutex_);
  if (!tries_at_ || *tries_at_ > now) return false;
  tries_at_.reset();
  return true;
}

bool PushSession::Silent(Instant now, Millis patience) const {
  const std::lock_guard lock(mutex_);
  const auto since = flow_.UnansweredSince();
  return since && *since + patience <= now;
}

}  // namespace equinode
