// Events and chains for the tests of referrals. Signatures are MACs under the node's name: enough
// to tell whose they are.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/crypto/hash.h"
#include "domain/referral/chain.h"
#include "domain/referral/clocks.h"
#include "domain/referral/moves.h"

namespace equinode::referral::testing {

inline constexpr char kClinic[] = "spiffe://net/practice/clinic";
inline constexpr char kFoodBank[] = "spiffe://net/cbo/foodbank";
inline constexpr char kQhio[] = "spiffe://net/qhio/hub";

inline Instant Day(int day, int hour = 12) {
  return std::chrono::sys_days(std::chrono::year(2026) / 1 / 1) + std::chrono::days(day) +
         std::chrono::hours(hour);
}

inline Uuid Id(std::uint8_t n) {
  Bytes bytes(16, 0);
  bytes[0] = 1;
  bytes[15] = n;
  return *Uuid::FromBytes(bytes);
}

inline Opening OpeningAt(Instant at, std::string owner = kFoodBank) {
  Opening opening;
  opening.requester_node = kClinic;
  opening.target_node = kFoodBank;
  opening.owner = std::move(owner);
  opening.domain = "food-insecurity";
  opening.need = Id(200);
  opening.order.fill(7);
  StartClocks(opening, at);
  return opening;
}

inline View Ended(std::string owner, State state, std::string reason) {
  View view;
  view.id = Id(9);
  view.opening = OpeningAt(Day(0), owner);
  view.owner = std::move(owner);
  view.state = state;
  view.reason = std::move(reason);
  return view;
}

// An accepted referral of which the target's end told on the first day, as it is at the end of
// `role`.
inline View Accepted(Role role) {
  View view = Ended(kFoodBank, State::kAccepted, "");
  view.sent = view.created = view.received = view.accepted = Day(0);
  view.last_by_target = Day(0);
  view.here.role = role;
  return view;
}

inline std::string ActorOf(Role role, std::string owner = kFoodBank) {
  switch (role) {
    case Role::kRequester:
      return std::string(kClinic) + "/operator/nora";
    case Role::kTarget:
      return owner + "/operator/tim";
    case Role::kRequesterNode:
      return kClinic;
    case Role::kTargetNode:
      return kFoodBank;
  }
  return "";
}

// An event that lacks nothing that any row of the table may ask for.
inline Event Whole(EventKind kind, Role role, Instant at, std::uint8_t id = 2) {
  Event event;
  event.id = Id(id);
  event.referral = Id(100);
  event.kind = kind;
  event.role = role;
  event.actor = ActorOf(role);
  event.at = at;
  event.note = "as agreed";
  event.when = at + std::chrono::days(3);
  if (kind == EventKind::kClaim) event.owner = kFoodBank;
  if (kind == EventKind::kComplete) event.reported_by = "Tim";
  for (const Reason& reason : Reasons()) {
    for (const EventKind each : reason.events) {
      if (each == kind) event.reason = reason.code;
    }
  }
  if (kind == EventKind::kCreate || kind == EventKind::kCreateDraft) event.opening = OpeningAt(at);
  return event;
}

inline Bytes Sign(ByteView bytes, std::string_view node) {
  const Digest mac = HmacSha256(AsBytes(node), bytes);
  return {mac.begin(), mac.end()};
}
inline Status CheckMac(ByteView bytes, ByteView signature, std::string_view node) {
  const Bytes right = Sign(bytes, node);
  if (EqualConstantTime(right, signature)) return Ok();
  return Error{Code::kDataLoss, "BAD_SIGNATURE", "not by that node"};
}

// Both ends' story, as the home writes it.
struct Story {
  std::vector<Link> links{};
  Chain chain{};

  Status Add(Event event, Instant now) {
    event.seen_number = chain.number;
    event.seen_hash = chain.head;
    const Bytes bytes = CanonicalBytes(event);
    EQN_TRY(Link link, Place(chain, event, Sign(bytes, NodeOfActor(chain.view, event)), now));
    link.home_signature = Sign(LinkBytes(link), link.home);
    EQN_TRY(chain, Extend(chain, link, CheckMac));
    links.push_back(std::move(link));
    return Ok();
  }
  Status Add(EventKind kind, Role role, Instant at) {
    return Add(Whole(kind, role, at, static_cast<std::uint8_t>(links.size() + 2)), at);
  }
};

}  // namespace equinode::referral::testing
