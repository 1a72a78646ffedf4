// The chain of a referral's events, the same at both ends. Each event is signed by its actor's
// node; each link, which gives the event its place, by the referral's home node. So nobody can put
// words into another's mouth, and nobody but the home can order them, and a home that tells two
// stories has signed both.
//
// The home is the requester's node until the target's node has received the referral, and from then
// on the target's node (of a light organisation the QHIO's). The requester's later events are
// proposals: the home links them if the table still allows them when they arrive. An outcome that
// came first has beaten a cancellation, at both ends and in either order.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/result.h"
#include "domain/referral/event.h"
#include "domain/referral/view.h"

namespace equinode::referral {

struct Link {
  std::uint64_t number = 0;  // From 1, gapless.
  Digest before{};           // hash of the link before; zeros at 1.
  Bytes event{};             // CanonicalBytes().
  Bytes actor_signature{};   // Over `event`, by the node of the actor.
  std::string home{};        // URI of the node that linked it.
  Instant linked_at{};       // By its clock; never before the link before.
  Bytes home_signature{};    // Over LinkBytes(), by `home`.
  friend bool operator==(const Link&, const Link&) = default;
};

// What the home signs: everything but its signature.
Bytes LinkBytes(const Link& link);
// SHA-256 of LinkBytes(): the `before` of the next.
Digest HashOf(const Link& link);

// How far a chain goes and what follows from it.
struct Chain {
  View view{};
  std::uint64_t number = 0;
  Digest head{};
  Instant last{};  // linked_at of the last one.
  friend bool operator==(const Chain&, const Chain&) = default;
};

// OK when `signature` over `bytes` is of the node with that URI. Handed in by who knows
// certificates.
using SignatureCheck =
    std::function<Status(ByteView bytes, ByteView signature, std::string_view node)>;

// The chain with one more link, or the first thing that is wrong with it, all DATA_LOSS:
//   CHAIN_GAP        not the next number.
//   CHAIN_BROKEN     does not follow from the link before.
//   CHAIN_BACKWARDS  linked before the one before.
//   BAD_SIGNATURE    of the actor's node or the home's.
//   WRONG_HOME       linked by a node that was not the home.
//   WRONG_ACTOR      the actor is not of the node or organisation whose part it acts in.
//   NOT_A_MOVE       the table does not allow it here; with the table's words.
Result<Chain> Extend(const Chain& chain, const Link& link, const SignatureCheck& check);
// From nothing through all of them.
Result<Chain> Verify(std::span<const Link> links, const SignatureCheck& check);

// Which node may put `event` into its place now.
std::string_view HomeOf(const View& view, const Event& event);
// Which node signs for the actor.
std::string_view NodeOfActor(const View& view, const Event& event);
// PERMISSION_DENIED / WRONG_ACTOR unless the actor may speak in the event's role: staff of the
// requester's node's organisation, of the target's, or (light) of the organisation that is asked.
Status CheckActor(const View& view, const Event& event);

// The next link for an event, without the home's signature, or why it has no place: the errors of
// Apply() and CheckActor(). `now` is the home's clock; a clock that went back is held at the last
// link's.
Result<Link> Place(const Chain& chain, const Event& event, Bytes actor_signature, Instant now);

// The first number at which `theirs`, a piece of the other end's chain, tells another story than
// ours; nothing where the two agree as far as both go. The signatures may differ (ECDSA is not
// deterministic), the story may not.
std::optional<std::uint64_t> ForkAt(std::span<const Link> ours, std::span<const Link> theirs);

// An event tells how far its actor's node knew the chain. DATA_LOSS / CHAIN_FORK when that is not a
// point of ours: one end has another story.
Status CheckSeen(std::span<const Link> ours, const Event& event);

}  // namespace equinode::referral
