// The sender's half of a link: numbers are given once, kept until the recipient's own receipt, and
// sent again as often as it takes. Pure: states go in and come out, time is a parameter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "domain/exchange/envelope.h"

namespace equinode::exchange {

// Why a link stands still until an operator looks: one of its ends is not what it was.
enum class LinkFault : std::uint8_t {
  kNone = 0,
  kPeerAhead = 1,      // The peer has numbers that we never gave: this node runs on old data.
  kPeerBehind = 2,     // The peer waits for a number that it had receipted: it runs on old data.
  kChainDiffers = 3,   // The same numbers with other contents.
  kPeerBeganAnew = 4,  // The peer's operator has begun the links anew; ours has to, by its code.
};
// "", "PEER_AHEAD", "PEER_BEHIND", "CHAIN_DIFFERS", "PEER_BEGAN_ANEW".
std::string_view FaultName(LinkFault fault);

// One outgoing link, as stored.
struct OutgoingLink {
  LinkPosition given{};         // The last number given.
  LinkPosition receipted{};     // What the recipient signed for; copies up to here are gone.
  std::uint64_t hop_acked = 0;  // Durable at the next hop, which may be a relay.
  Instant waiting_since{};      // When the wait for the next receipt began, or began anew.
  std::uint32_t silences = 0;   // How many waits in a row ended without a receipt.
  std::uint32_t rounds = 0;     // Rises whenever numbers are to be sent again.
  LinkFault fault = LinkFault::kNone;

  bool waiting() const { return receipted.through < given.through; }
  friend bool operator==(const OutgoingLink&, const OutgoingLink&) = default;
};

// One number of it that is not receipted yet.
struct SentNumber {
  std::uint64_t number = 0;
  Replaced first{};  // Id and digest of the first content of the number: what the chain holds.
  Digest previous_chain{};
  Instant expires{};  // Of what stands for the number now.
  bool voided = false;

  Digest chain() const { return NextChain(previous_chain, first.digest); }
};

// How much may be under way on one link before the recipient has said anything.
struct Window {
  std::uint64_t numbers = 256;
  std::uint64_t bytes = 64ull * 1024 * 1024;
};

// True when another number may be given. `bytes` are sealed and not receipted.
bool MayGive(const OutgoingLink& link, std::uint64_t bytes, const Window& window);

// The number and the chain before it that the next content is made with.
struct Number {
  std::uint64_t value = 0;
  Digest previous_chain{};
};
Number NextNumber(const OutgoingLink& link);
// The link after that content got the number.
OutgoingLink Give(OutgoingLink link, const Digest& content, Instant now);

// What it means that the recipient has numbers after all that were given.
LinkFault FaultOfAhead(const OutgoingLink& link, std::uint64_t position);

// The next hop has everything up to `through`. Never goes back, never past what was given.
OutgoingLink HopAcked(OutgoingLink link, std::uint64_t through);

// The recipient waits for `expected`: send again from there. A number that it had receipted is
// gone here, and its asking for it is a fault.
OutgoingLink ResendFrom(OutgoingLink link, std::uint64_t expected, Instant now);

// The recipient's receipt. `sent` is the number `position.through` where it is still kept, else
// nullptr. Receipts come in the order in which they were sealed, so one that goes back is a fault.
// One of another era says nothing about this one.
OutgoingLink Receipted(OutgoingLink link, const LinkPosition& position, const SentNumber* sent,
                       Instant now);

// When everything not receipted is sent again, though the hop had acknowledged it: first after
// `patience`, then after twice as long each time, up to a day. Nothing while nothing waits.
std::optional<Instant> ResendAt(const OutgoingLink& link, Millis patience);
OutgoingLink ResendAll(OutgoingLink link, Instant now);

// What a refusal in a receipt asks of the sender.
enum class RefusalStep : std::uint8_t {
  kIgnore,            // Overtaken by events.
  kResend,            // From `expected`.
  kVoidExpired,       // The number can no longer take effect: void it.
  kVoidAndSendAgain,  // Void the number and queue its payload under a new one.
  kDeadLetter,        // It had its number and no effect: tell the operator.
  kFault,             // The link stands still.
};
// `position` is the recipient's position on the refused lane, from the same receipt.
RefusalStep Decide(const Refusal& refusal, const LinkPosition& position);

}  // namespace equinode::exchange
