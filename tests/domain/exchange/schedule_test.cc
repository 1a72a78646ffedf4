// Random schedules of loss, copies, reordering, replay and restarts on one link.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "tests/domain/exchange/links.h"

namespace equinode::exchange {
namespace {

constexpr Millis kTenDays = std::chrono::days{10};

// Everything that may happen to a link, in a random order.
class Schedule {
 public:
  explicit Schedule(std::uint64_t seed) : random_(seed) {
    sender_.random = &random_;
    now_ = Instant{std::chrono::hours{24 * 365 * 56}};
  }

  void Step() {
    now_ += Millis{static_cast<std::int64_t>(random_.Below(3600'000))};
    switch (random_.Below(12)) {
      case 0:
      case 1:
      case 2:
        SealOne();
        break;
      case 3:
      case 4:
        SendFromHopPosition();
        break;
      case 5:
      case 6:
      case 7:
        DeliverAny();
        break;
      case 8:
        if (!wire_.empty()) wire_.erase(wire_.begin() + static_cast<long>(Any(wire_.size())));
        break;
      case 9:
        receipts_.push_back(recipient_.link.applied);
        if (random_.Below(3) == 0) receipts_.pop_back();  // Lost.
        break;
      case 10:
        TakeReceipt();
        break;
      default:
        VoidExpired();
        if (random_.Below(8) == 0) now_ += std::chrono::days{6};
        break;
    }
  }

  // The network heals: everything kept is sent in order until the recipient has it.
  void Heal() {
    wire_.clear();
    while (!receipts_.empty()) TakeReceipt();
    VoidExpired();
    for (const auto& [number, kept] : sender_.kept) {
      if (number > recipient_.link.applied.through) recipient_.Take(kept.message, now_);
    }
    sender_.TakeReceipt(recipient_.link.applied, now_);
  }

  void Check() const {
    RC_ASSERT(sender_.link.fault == LinkFault::kNone);
    RC_ASSERT(sender_.link.receipted == sender_.link.given);
    RC_ASSERT(recipient_.link.applied == sender_.link.given);
    RC_ASSERT(sender_.kept.empty());
    const std::set<std::string> once(recipient_.effects.begin(), recipient_.effects.end());
    RC_ASSERT(once.size() == recipient_.effects.size());
    RC_ASSERT(std::is_sorted(recipient_.effects.begin(), recipient_.effects.end()));
    RC_ASSERT(recipient_.effects.size() + recipient_.voided.size() == queued_);
    for (const Replaced& gone : recipient_.voided) RC_ASSERT(may_be_void_.count(gone.id) == 1);
  }

 private:
  std::size_t Any(std::size_t size) { return static_cast<std::size_t>(random_.Below(size)); }

  void SealOne() {
    // A crash before the commit leaves the sender as it was; nothing had left it.
    const OutgoingLink before = sender_.link;
    char name[16];
    std::snprintf(name, sizeof name, "p%06zu", queued_);
    const Message message = sender_.Seal(name, now_, kTenDays);
    if (random_.Below(5) == 0) {
      sender_.link = before;
      sender_.kept.erase(message.arriving.seen.number);
      return;
    }
    ++queued_;
  }

  void SendFromHopPosition() {
    if (random_.Below(3) == 0) sender_.link = ResendAll(sender_.link, now_);
    for (const auto& [number, kept] : sender_.kept) {
      if (number <= sender_.link.hop_acked) continue;
      wire_.push_back(kept.message);
      all_.push_back(kept.message);
    }
  }

  void DeliverAny() {
    // A message from the wire, or a replay of one from long ago.
    const bool replay = random_.Below(6) == 0;
    const std::vector<Message>& from = replay ? all_ : wire_;
    if (from.empty()) return;
    const std::size_t at = Any(from.size());
    const Message message = from[at];
    const RecipientModel before = recipient_;
    const Arrival arrival = recipient_.Take(message, now_);
    RC_ASSERT(arrival != Arrival::kIdReused);
    RC_ASSERT(arrival != Arrival::kNumberReused);
    RC_ASSERT(arrival != Arrival::kChainDiffers);
    if (random_.Below(6) == 0) {
      recipient_ = before;  // It fell before its commit and never answered.
      return;
    }
    if (arrival == Arrival::kOutOfSequence) {
      sender_.link = ResendFrom(sender_.link, recipient_.link.applied.through + 1, now_);
    } else if (random_.Below(3) != 0) {  // Else the ack is lost.
      sender_.link = HopAcked(sender_.link, recipient_.link.applied.through);
    }
    if (!replay && random_.Below(3) != 0) wire_.erase(wire_.begin() + static_cast<long>(at));
  }

  void TakeReceipt() {
    if (receipts_.empty()) return;
    sender_.TakeReceipt(receipts_.front(), now_);
    receipts_.erase(receipts_.begin());
  }

  void VoidExpired() {
    for (auto& [number, kept] : sender_.kept) {
      if (kept.sent.expires > now_) continue;
      may_be_void_.insert(kept.sent.first.id);
      sender_.Void(number, now_, kTenDays);
    }
  }

  SeededRandom random_;
  Instant now_{};
  SenderModel sender_{};
  RecipientModel recipient_{};
  std::vector<Message> wire_{};
  std::vector<Message> all_{};
  std::vector<LinkPosition> receipts_{};
  std::set<Uuid> may_be_void_{};
  std::size_t queued_ = 0;
};

RC_GTEST_PROP(LinkSchedule, EachPayloadTakesEffectOnceOrIsVoidedAndTheChainsAgree, ()) {
  Schedule schedule(*rc::gen::arbitrary<std::uint64_t>());
  const int steps = *rc::gen::inRange(0, 400);
  for (int i = 0; i < steps; ++i) schedule.Step();
  schedule.Heal();
  schedule.Check();
}

}  // namespace
}  // namespace equinode::exchange
