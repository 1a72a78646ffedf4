#include "domain/referral/chain.h"

#include <algorithm>

#include "base/field_bytes.h"
#include "domain/referral/moves.h"

namespace equinode::referral {
namespace {

constexpr std::string_view kChainFormat = "equinode referral link 1";

Error Wrong(std::string_view reason, std::uint64_t number, std::string_view what) {
  return Error{Code::kDataLoss, std::string(reason),
               "link " + std::to_string(number) + ": " + std::string(what)};
}

// The node itself, or an operator of its organisation: `<uri>/operator/<name>`.
bool IsOf(std::string_view actor, std::string_view organisation) {
  constexpr std::string_view kOperator = "/operator/";
  if (organisation.empty() || !actor.starts_with(organisation)) return false;
  actor.remove_prefix(organisation.size());
  return actor.empty() || (actor.starts_with(kOperator) && actor.size() > kOperator.size());
}

const Opening& OpeningOf(const View& view, const Event& event) {
  return event.opening ? *event.opening : view.opening;
}

}  // namespace

Bytes LinkBytes(const Link& link) {
  FieldWriter out;
  out.Text(kChainFormat);
  out.Number(link.number);
  out.Raw(link.before);
  out.Number(link.event.size(), 4);
  out.Raw(link.event);
  out.Number(link.actor_signature.size(), 4);
  out.Raw(link.actor_signature);
  out.Text(link.home);
  out.Number(static_cast<std::uint64_t>(link.linked_at.time_since_epoch().count()));
  return std::move(out).bytes();
}

Digest HashOf(const Link& link) { return Sha256(LinkBytes(link)); }

std::string_view HomeOf(const View& view, const Event& event) {
  const Opening& opening = OpeningOf(view, event);
  if (view.received || event.kind == EventKind::kReceive) return opening.target_node;
  return opening.requester_node;
}

std::string_view NodeOfActor(const View& view, const Event& event) {
  const Opening& opening = OpeningOf(view, event);
  switch (event.role) {
    case Role::kRequester:
    case Role::kRequesterNode:
      return opening.requester_node;
    case Role::kTarget:
    case Role::kTargetNode:
      return opening.target_node;
  }
  return "";
}

Status CheckActor(const View& view, const Event& event) {
  const Opening& opening = OpeningOf(view, event);
  bool may = false;
  switch (event.role) {
    case Role::kRequester:
      may = IsOf(event.actor, opening.requester_node);
      break;
    case Role::kRequesterNode:
      may = event.actor == opening.requester_node;
      break;
    case Role::kTargetNode:
      may = event.actor == opening.target_node;
      break;
    case Role::kTarget:
      // Who claims acts for the organisation that will own it; nobody claims for another one. Who
      // answers for an owned referral is of the owner, or of the node where it is kept.
      may = event.kind == EventKind::kClaim
                ? IsOf(event.actor, event.owner)
                : IsOf(event.actor, view.owner) || IsOf(event.actor, opening.target_node);
      break;
  }
  if (may) return Ok();
  if (event.role == Role::kTarget && event.kind != EventKind::kClaim && view.owner.empty()) {
    return Error{Code::kPermissionDenied, "WRONG_ACTOR",
                 "no organisation has claimed this referral yet: claim it first"};
  }
  return Error{
      Code::kPermissionDenied, "WRONG_ACTOR",
      "this actor may not act as the " + std::string(Name(event.role)) + " of this referral"};
}

Result<Chain> Extend(const Chain& chain, const Link& link, const SignatureCheck& check) {
  const std::uint64_t number = chain.number + 1;
  if (link.number != number) {
    return Wrong("CHAIN_GAP", number, "the next link that came is " + std::to_string(link.number));
  }
  if (link.before != chain.head) {
    return Wrong("CHAIN_BROKEN", number, "it does not follow from the link before");
  }
  if (link.linked_at < chain.last) {
    return Wrong("CHAIN_BACKWARDS", number, "it is older than the link before");
  }
  Result<Event> event = EventFrom(link.event);
  if (!event) return Wrong("NOT_A_MOVE", number, event.error().message);
  const Status actor = CheckActor(chain.view, *event);
  if (!actor) return Wrong("WRONG_ACTOR", number, actor.error().message);
  if (link.home != HomeOf(chain.view, *event)) {
    return Wrong("WRONG_HOME", number, "it was linked by a node that was not the home");
  }
  if (!check(link.event, link.actor_signature, NodeOfActor(chain.view, *event))) {
    return Wrong("BAD_SIGNATURE", number, "the actor's node has not signed this event");
  }
  const Bytes bytes = LinkBytes(link);
  if (!check(bytes, link.home_signature, link.home)) {
    return Wrong("BAD_SIGNATURE", number, "the home has not signed this link");
  }
  Result<View> view = Apply(chain.view, *event, link.linked_at);
  if (!view) return Wrong("NOT_A_MOVE", number, view.error().message);
  return Chain{std::move(*view), number, Sha256(bytes), link.linked_at};
}

Result<Chain> Verify(std::span<const Link> links, const SignatureCheck& check) {
  Chain chain;
  for (const Link& link : links) {
    EQN_TRY(Chain longer, Extend(chain, link, check));
    chain = std::move(longer);
  }
  return chain;
}

Result<Link> Place(const Chain& chain, const Event& event, Bytes actor_signature, Instant now) {
  EQN_CHECK(CheckActor(chain.view, event));
  Link link;
  link.linked_at = std::max(now, chain.last);
  EQN_CHECK(Apply(chain.view, event, link.linked_at));
  link.number = chain.number + 1;
  link.before = chain.head;
  link.event = CanonicalBytes(event);
  link.actor_signature = std::move(actor_signature);
  link.home = HomeOf(chain.view, event);
  return link;
}

std::optional<std::uint64_t> ForkAt(std::span<const Link> ours, std::span<const Link> theirs) {
  for (const Link& link : theirs) {
    if (link.number > ours.size()) continue;
    if (link.number == 0 || LinkBytes(ours[link.number - 1]) != LinkBytes(link)) return link.number;
  }
  return std::nullopt;
}

Status CheckSeen(std::span<const Link> ours, const Event& event) {
  if (event.seen_number == 0) {
    if (event.seen_hash == Digest{}) return Ok();
  } else if (event.seen_number <= ours.size() &&
             HashOf(ours[event.seen_number - 1]) == event.seen_hash) {
    return Ok();
  }
  return Error{
      Code::kDataLoss, "CHAIN_FORK",
      "the other end has seen another link " + std::to_string(event.seen_number) + " than ours"};
}

}  // namespace equinode::referral
