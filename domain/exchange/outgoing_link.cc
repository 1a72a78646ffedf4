#include "domain/exchange/outgoing_link.h"

#include <algorithm>
#include <array>
#include <utility>

namespace equinode::exchange {
namespace {

// What a refusal of a number that the recipient still waits for asks of the sender.
constexpr std::array<std::pair<std::string_view, RefusalStep>, 9> kSteps = {{
    {reason::kOutOfSequence, RefusalStep::kResend},
    {reason::kBadSeal, RefusalStep::kResend},
    {reason::kBadEnvelope, RefusalStep::kResend},
    {reason::kHeaderDiffers, RefusalStep::kResend},
    {reason::kExpired, RefusalStep::kVoidExpired},
    {reason::kOtherKey, RefusalStep::kVoidAndSendAgain},
    {reason::kIdReused, RefusalStep::kVoidAndSendAgain},
    {reason::kNumberReused, RefusalStep::kFault},
    {reason::kChainDiffers, RefusalStep::kFault},
}};

constexpr Millis kLongestPatience = std::chrono::hours{24};

}  // namespace

std::string_view FaultName(LinkFault fault) {
  switch (fault) {
    case LinkFault::kNone:
      return "";
    case LinkFault::kPeerAhead:
      return "PEER_AHEAD";
    case LinkFault::kPeerBehind:
      return "PEER_BEHIND";
    case LinkFault::kChainDiffers:
      return "CHAIN_DIFFERS";
    case LinkFault::kPeerBeganAnew:
      return "PEER_BEGAN_ANEW";
  }
  return "";
}

bool MayGive(const OutgoingLink& link, std::uint64_t bytes, const Window& window) {
  return link.fault == LinkFault::kNone &&
         link.given.through - link.receipted.through < window.numbers && bytes < window.bytes;
}

Number NextNumber(const OutgoingLink& link) {
  return Number{link.given.through + 1, link.given.chain};
}

OutgoingLink Give(OutgoingLink link, const Digest& content, Instant now) {
  if (!link.waiting()) {
    link.waiting_since = now;
    link.silences = 0;
  }
  link.given.through += 1;
  link.given.chain = NextChain(link.given.chain, content);
  return link;
}

LinkFault FaultOfAhead(const OutgoingLink& link, std::uint64_t position) {
  return EraOf(position) > EraOf(link.given.through) ? LinkFault::kPeerBeganAnew
                                                     : LinkFault::kPeerAhead;
}

OutgoingLink HopAcked(OutgoingLink link, std::uint64_t through) {
  link.hop_acked = std::max(link.hop_acked, std::min(through, link.given.through));
  return link;
}

OutgoingLink ResendFrom(OutgoingLink link, std::uint64_t expected, Instant now) {
  if (EraOf(expected) != EraOf(link.given.through + 1)) return link;
  if (expected <= link.receipted.through) {
    link.fault = LinkFault::kPeerBehind;
  } else if (expected > link.given.through + 1) {
    link.fault = LinkFault::kPeerAhead;
  } else if (expected <= link.given.through) {
    link.hop_acked = std::min(link.hop_acked, expected - 1);
    link.waiting_since = now;
    link.rounds += 1;
  }
  return link;
}

OutgoingLink Receipted(OutgoingLink link, const LinkPosition& position, const SentNumber* sent,
                       Instant now) {
  if (EraOf(position.through) != EraOf(link.given.through)) return link;
  if (position.through > link.given.through) {
    link.fault = LinkFault::kPeerAhead;
    return link;
  }
  if (position.through < link.receipted.through) {
    link.fault = LinkFault::kPeerBehind;
    return link;
  }
  if (position.through == link.receipted.through) {
    if (position.chain != link.receipted.chain) link.fault = LinkFault::kChainDiffers;
    return link;
  }
  if (sent == nullptr || sent->number != position.through || sent->chain() != position.chain) {
    link.fault = LinkFault::kChainDiffers;
    return link;
  }
  link.receipted = position;
  link.hop_acked = std::max(link.hop_acked, position.through);
  link.waiting_since = now;
  link.silences = 0;
  return link;
}

std::optional<Instant> ResendAt(const OutgoingLink& link, Millis patience) {
  if (!link.waiting() || link.fault != LinkFault::kNone) return std::nullopt;
  Millis wait = patience;
  for (std::uint32_t i = 0; i < link.silences && wait < kLongestPatience; ++i) wait *= 2;
  return link.waiting_since + std::min(wait, kLongestPatience);
}

OutgoingLink ResendAll(OutgoingLink link, Instant now) {
  link.hop_acked = link.receipted.through;
  link.waiting_since = now;
  link.silences += 1;
  link.rounds += 1;
  return link;
}

RefusalStep Decide(const Refusal& refusal, const LinkPosition& position) {
  // Only a number behind the recipient can be given twice: that never mends.
  if (EraOf(refusal.number) != EraOf(position.through)) return RefusalStep::kIgnore;
  if (refusal.reason == reason::kNumberReused) return RefusalStep::kFault;
  if (refusal.number <= position.through) {
    // Its number is behind the recipient. A permanent refusal says that it went to dead letters
    // there; anything else was mended in the meantime.
    const bool overtaken = !refusal.permanent;
    return overtaken ? RefusalStep::kIgnore : RefusalStep::kDeadLetter;
  }
  for (const auto& [word, step] : kSteps) {
    if (refusal.reason == word) return step;
  }
  return RefusalStep::kIgnore;  // The recipient will ask again when it can take it.
}

}  // namespace equinode::exchange
