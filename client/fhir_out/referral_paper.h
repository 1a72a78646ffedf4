// One referral as FHIR can hold it: what its chain of events says, without the chain.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "client/fhir_out/consent_resource.h"
#include "domain/referral/event.h"
#include "domain/referral/view.h"

namespace equinode {

struct ReferralNote {
  std::string author{};  // URI of who wrote it.
  Instant at{};
  std::string text{};
  friend bool operator==(const ReferralNote&, const ReferralNote&) = default;
};

struct ReferralPaper {
  Uuid id{};
  std::string person{};  // source_id at the requester; empty at the other end.
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
  std::vector<ReferralNote> notes{};       // Oldest first.
  std::vector<ConsentOnPaper> consents{};  // Under which it was told; the requester's end.
  friend bool operator==(const ReferralPaper&, const ReferralPaper&) = default;
};

// An event in its place of the chain.
struct PlacedEvent {
  referral::Event event{};
  Instant linked_at{};  // By the clock of the home.
};

// From the events in the order of their chain. FAILED_PRECONDITION / NO_SUCH_MOVE and its like when
// they are none that the machine allows (domain/referral/moves.h); NOT_SENT for a draft. `order`:
// the fields that the target has; none when they were destroyed.
Result<ReferralPaper> PaperOf(std::span<const PlacedEvent> events, std::string person,
                              std::map<std::string, std::string, std::less<>> order,
                              std::vector<ConsentOnPaper> consents);

// The elements in which `file` says otherwise than `here`, as FHIR names them. What this end is not
// told (`ours` false: who the person is at the requester, its consents) is not compared.
std::vector<std::string> Differences(const ReferralPaper& here, const ReferralPaper& file,
                                     bool ours);

}  // namespace equinode
