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
#include "domain/audit/entry.h"
#include "domain/consent/consent.h"
#include "domain/referral/chain.h"
#include "domain/referral/order.h"
#include "server/access/enrolment.h"
#include "server/exchange/payload_applier.h"
#include "server/keys/key_ring.h"
#include "server/referrals/open_referral.h"
#include "storage/referral_store.h"
#include "storage/split_order_store.h"
#include "storage/sqlite/tx.h"

namespace equinode {

// All that is referred to must outlive the desk.
struct ReferralDeps {
  const Clock& clock;
  Random& random;
  const Enrolment& enrolment;
  const CurrentKeyRing& keys;
  // Called in a transaction that queued a payload (ExchangeEngine::NudgeAfter), and in one that
  // changed a referral. May be null.
  std::function<void(Tx&)> queued{};
  std::function<void(Tx&)> changed{};
  // An entry of the audit log, in the transaction of what it is about. May be null.
  std::function<Status(Tx&, AuditEntry, const TouchedIds&)> audit{};
};

// What somebody asks for.
struct ReferralAsked {
  std::string person{};
  // requester_node, order, respond_by and expires are set here; target_node may be an organisation
  // that an enrolled node hosts; no owner = the target's own. Without a need it is a new one, or
  // that of the referral or order that it names; so are person and domain.
  referral::Opening opening{};
  bool open = false;     // Nobody in particular: no owner.
  std::string reason{};  // Why it is reopened: a code of reasons.csv.
  std::string note{};    // Beside the reason; both ends see it.
  bool despite_capacity = false;
  referral::Order order{};
};

// One order for several organisations.
struct SplitAsked {
  struct Part {
    std::string target_node{};
    std::string owner{};
    referral::Order order{};  // Goes before the same fields of the whole.
  };
  ReferralAsked whole{};  // Without a target.
  std::vector<Part> parts{};
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

  // Checks consent (purpose referral, the domain and the order's labels, toward the target), the
  // earlier referrals of the need, the order's fields; signs, keeps and sends. What the person does
  // not want to be told back goes along as the order's tell_back. FAILED_PRECONDITION / NO_CONSENT,
  // CONSENT_REFUSED, CONSENT_REVOKED, CONSENT_EXPIRED, NO_CAPACITY, HOSTED_HERE; NOT_FOUND /
  // NO_SUCH_PEER, NOT_HOSTED; INVALID_ARGUMENT / BAD_REASON; the errors of FollowOn and
  // CheckEarlier (server/referrals/earlier.h) and ForTarget's.
  Result<StoredReferral> Create(Tx& tx, std::string_view actor, ReferralAsked asked) const;

  // All parts or none. Create's errors; INVALID_ARGUMENT / BAD_SPLIT.
  Result<StoredSplitOrder> Split(Tx& tx, std::string_view actor, const SplitAsked& asked) const;

  // One verb by one of this node's people, or of an organisation that it hosts. Apply()'s and
  // CheckActor()'s errors; FAILED_PRECONDITION / CHAIN_FAULT when the two ends' chains do not
  // agree, ENDED_HERE when this end has closed its copy, PROPOSED_BEFORE while the same verb waits
  // for the other end; CheckSaid's and CheckWords'.
  Result<ReferralActed> Act(Tx& tx, std::string_view actor, const Uuid& referral,
                            const ReferralDeed& deed) const;

  // This end's people close its copy where the ends disagree, or where the other end is silent.
  // SettledBy()'s errors (domain/referral/here.h).
  Result<StoredReferral> Settle(Tx& tx, std::string_view actor, const Uuid& referral,
                                referral::Grade grade, std::string_view note) const;

  // Takes back a yes of this node's person: what waits to leave is destroyed, the rest of the world
  // is told, and for each open referral under it a cancellation is made or asked for.
  // NOT_FOUND / NO_SUCH_CONSENT; FAILED_PRECONDITION / NOT_A_YES, REVOKED_BEFORE.
  struct Revoked {
    std::uint32_t destroyed = 0;
    std::vector<std::string> told{};  // Sorted.
  };
  Result<Revoked> Revoke(Tx& tx, const Uuid& consent, const Digest& document) const;

  // Keeps a person's decision. A refusal that overrules a yes does for each referral that the yes
  // covered until now what Revoke does; of the way back, the targets of open ones are told that
  // they may tell their state alone. ALREADY_EXISTS / CONSENT_EXISTS.
  Result<Revoked> Record(Tx& tx, const consent::Consent& consent) const;

  // Looks at the referrals whose turn the clock alone changes, at most `most`: ends, in this node's
  // own name, what has waited too long (moves `expire`); what never arrived it asks the other end
  // about; what the other end should have ended it puts before this end's people, and closes this
  // end's copy as lost when the grace is over. One that cannot be read holds up no other. Returns
  // how many it looked at.
  Result<std::size_t> Expire(Tx& tx, std::size_t most) const;

  // The other end's news. A payload that cannot be read is its sender's fault; a chain that does
  // not fit is kept as the referral's fault, and shown.
  PayloadApplier NewsApplier() const;
  PayloadApplier RevocationApplier() const;

  // What is asked when news of a referral leaves: without consent the order stays, and the referral
  // ends here. And what is kept in mind of what was dropped with a peer's enrolment.
  PayloadWatch NewsWatch() const;
  PayloadWatch RevocationWatch() const;

  // The peer may have lost what it was told (`everything`: its data was put back), or was enrolled
  // again: revocations that it has not heard and the chains of open referrals go to it again; with
  // `everything` also those that it had heard, and what ended within kBackupReach. What it has
  // already changes nothing there.
  Status TellAgain(Tx& tx, std::string_view peer, bool everything) const;
  static constexpr Millis kBackupReach = std::chrono::days{90};

  // Whether this end may add no words to a referral: to hear or to tell more than the state, the
  // person has not agreed, or no longer does.
  Result<bool> StatusOnlyHere(ReadTx& tx, const OpenReferral& open) const;

 private:
  // Where the referral goes and who is asked, from what was asked for.
  Result<referral::Opening> Resolve(ReadTx& tx, const ReferralAsked& asked) const;
  Status KeptBack(Tx& tx, std::string_view to, const Uuid& referral, bool sealed) const;
  Status WordsKeptBack(Tx& tx, std::string_view to, const ReferralNews& news) const;
  Status ProposeLast(Tx& tx, std::string_view peer) const;
  Status NoteKeptBack(Tx& tx, std::string_view to, const StoredReferral& stored,
                      std::string_view why) const;
  Status QueueRevocation(Tx& tx, std::string_view peer, const RevocationNews& news) const;
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
  Result<ReferralActed> ActOnEnded(Tx& tx, OpenReferral& open, const ReferralDeed& deed) const;
  Status Turn(Tx& tx, OpenReferral& open) const;
  Status EndHere(Tx& tx, OpenReferral& open, referral::EndHere end, std::string_view action) const;
  // The ends' chains do not agree; the first thing that was wrong is kept.
  void NoteFault(OpenReferral& open, std::string fault) const;
  // The other end was heard: an end for its silence is none any more.
  void Heard(OpenReferral& open) const;
  // True when it has its place, false when the other end was asked.
  Result<bool> PlaceOrPropose(Tx& tx, OpenReferral& open, const referral::Event& event) const;

  Status TakeNew(Tx& tx, std::string_view from, const ReferralNews& news, AuditNote& note) const;
  Status TakeLinks(Tx& tx, OpenReferral& open, const ReferralNews& news, AuditNote& note) const;
  Status TakeProposal(Tx& tx, OpenReferral& open, const ReferralNews& news, AuditNote& note) const;
  Status TakeRefusal(Tx& tx, OpenReferral& open, const ReferralNews& news, AuditNote& note) const;
  Status Refuse(Tx& tx, std::string_view to, const Uuid& referral, const Uuid& event,
                std::string_view reason) const;
  Status TakeRevocation(Tx& tx, std::string_view from, const RevocationNews& news) const;
  Status TakeLimit(Tx& tx, OpenReferral& open, AuditNote& note) const;
  // Which of a person's referrals may be told, and answered in full, as things stand.
  struct Allowed {
    std::vector<Uuid> told{};
    std::vector<Uuid> answered{};  // Of those that are open.
  };
  Result<Allowed> AllowedNow(ReadTx& tx, std::string_view person) const;
  // Ends what was told, or is about to be; false when it had not left, and nobody has to hear.
  Result<bool> TakeBackOne(Tx& tx, OpenReferral& open, Revoked& revoked) const;
  // The state alone is to be told back from now on, where that was otherwise before.
  Status NarrowBack(Tx& tx, const Allowed& before, const Allowed& now, Revoked& revoked) const;
  Status EndUntaken(Tx& tx, OpenReferral& open, std::string_view why) const;

  const ReferralDeps deps_;
};

}  // namespace equinode
