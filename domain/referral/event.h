// One event of a referral: what happened, who says so, and what must be known of it. Both ends keep
// the same bytes of it, so it holds nothing that one of them may not see: the order itself (who,
// where, how to reach) stays with the ends, the event carries its digest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/id.h"
#include "base/result.h"
#include "domain/referral/words.h"

namespace equinode::referral {

enum class Priority : std::uint8_t { kRoutine = 1, kUrgent = 2, kAsap = 3, kStat = 4 };
std::string_view Name(Priority priority);  // FHIR request-priority: "routine", ...
std::optional<Priority> PriorityNamed(std::string_view name);

// What the first event says once for the whole referral.
struct Opening {
  std::string requester_node{};  // URI of the node that asks.
  std::string target_node{};  // URI of the node where the target acts; of a light CBO the QHIO's.
  std::string owner{};        // URI of the organisation that is asked; empty = any may claim it.
  std::string domain{};       // Gravity category code, "food-insecurity".
  Priority priority = Priority::kRoutine;
  Uuid need{};     // The need at the requester; the same through re-referral, split and relay.
  Digest order{};  // SHA-256 of the order's bytes as the target gets them.
  Instant respond_by{};           // From the table of clocks, at the moment of sending.
  Instant expires{};              // From here on nobody has to wait any more.
  std::optional<Uuid> part_of{};  // The order that was split, at the same requester node.
  std::optional<Uuid> follows{};  // The referral that was turned down before this one.
  std::optional<Uuid> reopens{};  // The closed one that this one takes up again.
  friend bool operator==(const Opening&, const Opening&) = default;
};

// What stands behind "served".
struct Evidence {
  enum class Kind : std::uint8_t { kProcedure = 1, kServiceRecord = 2 };
  Kind kind = Kind::kProcedure;
  std::string system{};  // Of the code, at most 256 bytes.
  std::string code{};    // At most 64 bytes.
  Instant at{};          // When it was done.
  Digest document{};     // SHA-256 of the Procedure or record.
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

inline constexpr std::size_t kMaxNoteBytes = 2000;
inline constexpr std::size_t kMaxEvidence = 16;

struct Event {
  Uuid id{};  // Of this event: a second arrival of it changes nothing.
  Uuid referral{};
  EventKind kind = EventKind::kCreate;
  std::string actor{};  // URI of the person's or node's certificate.
  Role role = Role::kRequester;
  Instant at{};          // By the clock of the actor's node.
  std::string reason{};  // A code of reasons.csv, or empty.
  std::string note{};    // Words for the other side; both see them.
  // schedule, reschedule: the appointment. hold: when it is looked at again.
  std::optional<Instant> when{};
  std::string owner{};               // claim: URI of the organisation that takes it.
  std::vector<Evidence> evidence{};  // complete
  std::string reported_by{};         // complete without evidence: whose word it is.
  std::optional<Opening> opening{};  // create and create-draft only.
  // How far the actor's node knew the chain when it acted.
  std::uint64_t seen_number = 0;
  Digest seen_hash{};
  friend bool operator==(const Event&, const Event&) = default;
};

// INVALID_ARGUMENT / BAD_EVENT for an event that no table could allow: text over its bound or not
// printable, a missing or a needless opening, more evidence than kMaxEvidence.
Status CheckShape(const Event& event);

// Words for people, of an event or beside one. INVALID_ARGUMENT / BAD_EVENT.
Status CheckNote(std::string_view note);

// The bytes that are signed: fields in order, each with its length, so that no two events share
// them.
Bytes CanonicalBytes(const Event& event);
// What CanonicalBytes() made; INVALID_ARGUMENT / BAD_EVENT for anything else, also bytes that are
// not the canonical ones of what they say.
Result<Event> EventFrom(ByteView bytes);

}  // namespace equinode::referral
