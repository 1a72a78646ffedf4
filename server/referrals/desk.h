// A node's hand in its referrals: signs what its people do, gives events their place where this
// node is the home, proposes them where it is not, and takes what the other end tells.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "client/convert/referral.h"
#include "domain/referral/chain.h"
#include "domain/referral/order.h"
#include "server/access/enrolment.h"
#include "server/exchange/payload_applier.h"
#include "server/keys/key_ring.h"
#include "server/referrals/open_referral.h"
#include "storage/referral_store.h"
#include "storage/sqlite/tx.h"

namespace equinode {

// All that is referred to must outlive the desk.
struct ReferralDeps {
  const Clock& clock;
  Random& random;
  const Enrolment& enrolment;
  const CurrentKeyRing& keys;
  // Called in a transaction that queued a payload (ExchangeEngine::NudgeAfter). May be null.
  std::function<void(Tx&)> queued{};
};

// What somebody asks for.
struct ReferralAsked {
  std::string person{};
  referral::Opening opening{};  // requester_node, order, respond_by and expires are set here.
  referral::Order order{};
};

// What somebody does.
struct ReferralDeed {
  referral::EventKind verb = referral::EventKind::kAccept;
  std::string reason{};
  std::string note{};
  std::optional<Instant> when{};
  std::string reported_by{};
  std::vector<referral::Evidence> evidence{};
};

struct ReferralActed {
  StoredReferral referral{};
  bool proposed = false;  // The other end decides.
};

// Thread-safe. Everything happens in the caller's transaction.
class ReferralDesk {
 public:
  explicit ReferralDesk(ReferralDeps deps) : deps_(std::move(deps)) {}

  // Checks consent (purpose referral, the domain, toward the target), the earlier referrals of the
  // need, the order's fields; signs, keeps and sends. FAILED_PRECONDITION / NO_CONSENT,
  // CONSENT_REFUSED, CONSENT_REVOKED, CONSENT_EXPIRED and MayRefer's; NOT_FOUND / NO_SUCH_PEER,
  // NO_SUCH_REFERRAL (follows, reopens); ForTarget's.
  Result<StoredReferral> Create(Tx& tx, std::string_view actor, const ReferralAsked& asked) const;

  // One verb by one of this node's people. Apply()'s and CheckActor()'s errors;
  // FAILED_PRECONDITION / CHAIN_FAULT when the two ends' chains do not agree, PROPOSED_BEFORE while
  // the same verb waits for the other end.
  Result<ReferralActed> Act(Tx& tx, std::string_view actor, const Uuid& referral,
                            const ReferralDeed& deed) const;

  // Takes back a yes of this node's person: what waits to leave is destroyed, the rest of the world
  // is told, and for each open referral under it a cancellation is made or asked for.
  // NOT_FOUND / NO_SUCH_CONSENT; FAILED_PRECONDITION / NOT_A_YES, REVOKED_BEFORE.
  struct Revoked {
    std::uint32_t destroyed = 0;
    std::vector<std::string> told{};  // Sorted.
  };
  Result<Revoked> Revoke(Tx& tx, const Uuid& consent, const Digest& document) const;

  // Ends, in this node's own name, what has waited too long (moves `expire`), at most `most`.
  // Returns how many.
  Result<std::size_t> Expire(Tx& tx, std::size_t most) const;

  // The other end's news. A payload that cannot be read is its sender's fault; a chain that does
  // not fit is kept as the referral's fault, and shown.
  PayloadApplier NewsApplier() const;
  PayloadApplier RevocationApplier() const;

 private:
  Result<Bytes> Sign(ByteView bytes) const;
  referral::SignatureCheck Checker(Instant now) const;
  referral::Event EventBy(std::string_view actor, referral::Role role,
                          const OpenReferral& open) const;
  Status Send(Tx& tx, const OpenReferral& open, ByteView payload) const;
  // Links from that index on go to the other end.
  Status Tell(Tx& tx, const OpenReferral& open, std::size_t first_link) const;
  Status Save(Tx& tx, OpenReferral& open) const;
  Status Keep(Tx& tx, OpenReferral& open, referral::Link link, referral::Chain chain) const;
  Status PlaceHere(Tx& tx, OpenReferral& open, const referral::Event& event, Bytes signature) const;
  Status Propose(Tx& tx, OpenReferral& open, const referral::Event& event) const;
  Result<bool> TakeBack(Tx& tx, const OpenReferral& open) const;
  // True when it has its place, false when the other end was asked.
  Result<bool> PlaceOrPropose(Tx& tx, OpenReferral& open, const referral::Event& event) const;

  Status TakeNew(Tx& tx, std::string_view from, const ReferralNews& news, AuditNote& note) const;
  Status TakeLinks(Tx& tx, OpenReferral& open, const ReferralNews& news, AuditNote& note) const;
  Status TakeProposal(Tx& tx, OpenReferral& open, const ReferralNews& news, AuditNote& note) const;
  Status TakeRefusal(Tx& tx, OpenReferral& open, const ReferralNews& news, AuditNote& note) const;
  Status Refuse(Tx& tx, std::string_view to, const Uuid& referral, const Uuid& event,
                std::string_view reason) const;
  Status TakeRevocation(Tx& tx, std::string_view from, const RevocationNews& news) const;

  const ReferralDeps deps_;
};

}  // namespace equinode
