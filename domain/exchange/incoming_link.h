// The recipient's half of a link: what may take effect, what is a copy, what is a lie. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "domain/exchange/envelope.h"

namespace equinode::exchange {

// One incoming link, as stored.
struct IncomingLink {
  LinkPosition applied{};      // Everything up to here took effect, was voided or is a dead letter.
  std::uint64_t reported = 0;  // Position in the last receipt that we sealed.
  std::uint64_t owed = 0;      // Arrivals since then that call for a receipt.
  Instant owed_since{};        // When the first of those came.
  AuditPoint audit{};          // The furthest audit head that the sender showed on this lane.
  friend bool operator==(const IncomingLink&, const IncomingLink&) = default;
};

// An envelope that took its number.
struct Seen {
  std::uint64_t number = 0;
  Uuid id{};
  Digest digest{};                     // Of its SealedContent.
  std::optional<Replaced> replaced{};  // Of a void: what it stands for.

  // What the chain holds for the number.
  Replaced effective() const { return replaced ? *replaced : Replaced{id, digest}; }
};

// An opened and verified envelope that asks for its number.
struct Arriving {
  Seen seen{};
  Digest previous_chain{};
  Instant created{};
  Instant expires{};
};

enum class Arrival : std::uint8_t {
  kApply,          // It is the one we wait for.
  kVoid,           // It is the void of the one we wait for.
  kDuplicate,      // Known; acknowledge it again, do nothing.
  kOtherEra,       // Of an era before this one: acknowledge it, do nothing.
  kNotBegunAnew,   // Of a later era: this side's operator has not begun the link anew yet.
  kOutOfSequence,  // A number before it is missing.
  kIdReused,       // The id came with other bytes: quarantine.
  kNumberReused,   // The number came with other bytes: quarantine, the sender runs on old data.
  kChainDiffers,   // The right number on another past: quarantine.
  kExpired,        // Too late; its void will come.
  kFromTheFuture,  // Not before our clock agrees.
};
// The refusal's word, empty for those that are not refused.
std::string_view RefusalReason(Arrival arrival);
// True where the same bytes will never do.
bool IsPermanent(Arrival arrival);

// `at_number` is what took that number here, `with_id` what came with that id, nullptr for nothing
// (never seen, or forgotten with the numbers far below the position).
Arrival Judge(const IncomingLink& link, const Arriving& arriving, const Seen* at_number,
              const Seen* with_id, Instant now);

// The link after the number it waited for. `calls_for_receipt` is false for receipts themselves.
IncomingLink Advance(IncomingLink link, const Seen& seen, bool calls_for_receipt, Instant now);

// True when `point`, shown by a later content of the same lane, goes back behind what was shown
// before or tells another story of the same length (THREATS R10).
bool GoesBack(const AuditPoint& shown_before, const AuditPoint& point);

// When to seal a receipt: after `every` arrivals, or `after` the first of them. Receipts alone do
// not call for one until `receipts_every` numbers have come, so that two nodes do not thank each
// other for ever and yet forget their copies.
struct ReceiptPolicy {
  std::uint64_t every = 32;
  Millis after = std::chrono::seconds{1};
  std::uint64_t receipts_every = 64;
};
// The moment at which a receipt for these lanes is due (it may have passed), or nothing.
// `refused_since` is when the oldest refusal not yet reported was made.
std::optional<Instant> ReceiptDue(std::span<const IncomingLink> lanes,
                                  std::optional<Instant> refused_since,
                                  const ReceiptPolicy& policy);
IncomingLink Reported(IncomingLink link);

}  // namespace equinode::exchange
