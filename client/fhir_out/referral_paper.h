// One referral as FHIR can hold it: what its chain of events says, without the chain.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/id.h"
#include "base/result.h"
#include "domain/referral/event.h"
#include "domain/referral/order.h"
#include "domain/referral/view.h"

namespace equinode {

struct ReferralNote {
  std::string author{};  // URI of who wrote it.
  Instant at{};
  std::string text{};
  friend bool operator==(const ReferralNote&, const ReferralNote&) = default;
};

// A consent that the referral was made under.
struct ReferralConsent {
  Uuid id{};
  Instant signed_at{};
  std::optional<Instant> revoked_at{};
  Digest document{};  // SHA-256 of what was signed.
  friend bool operator==(const ReferralConsent&, const ReferralConsent&) = default;
};

struct ReferralPaper {
  Uuid id{};
  std::string person{};  // source_id at the requester.
  Uuid need{};
  std::string domain{};  // Gravity category.
  referral::Priority priority = referral::Priority::kRoutine;
  std::string requester{};    // URI of the node that asks.
  std::string target_node{};  // URI of the node where the target acts.
  std::string owner{};        // URI of the organisation that answers for it; empty = not claimed.
  referral::State state = referral::State::kRequested;
  referral::SubState sub = referral::SubState::kNone;
  std::string reason{};            // Of the state: a code of domain/referral/data/reasons.csv.
  std::string cancel_asked_for{};  // Why the requester wants it to end; empty = it does not.
  bool loop_closed = false;        // The requester has seen the end.
  Instant sent{};
  Instant changed{};  // The last event.
  Instant expires{};
  std::optional<Instant> appointment{};
  std::optional<Uuid> part_of{};
  std::optional<Uuid> follows{};
  std::optional<Uuid> reopens{};
  std::map<std::string, std::string, std::less<>> order{};  // The target's fields.
  std::vector<referral::Evidence> evidence{};
  std::string reported_by{};
  std::vector<ReferralNote> notes{};  // Oldest first.
  std::vector<ReferralConsent> consents{};
  friend bool operator==(const ReferralPaper&, const ReferralPaper&) = default;
};

// From the events in the order of their chain. FAILED_PRECONDITION / NO_SUCH_MOVE and its like when
// they are none that the machine allows (domain/referral/moves.h); NOT_SENT for a draft.
Result<ReferralPaper> PaperOf(std::span<const referral::Event> events, std::string person,
                              const referral::TargetOrder& order,
                              std::vector<ReferralConsent> consents);

}  // namespace equinode
