#include "domain/exchange/incoming_link.h"

#include <algorithm>

namespace equinode::exchange {

std::string_view RefusalReason(Arrival arrival) {
  switch (arrival) {
    case Arrival::kApply:
    case Arrival::kVoid:
    case Arrival::kDuplicate:
    case Arrival::kOtherEra:
      return "";
    case Arrival::kNotBegunAnew:
      return reason::kNotBegunAnew;
    case Arrival::kOutOfSequence:
      return reason::kOutOfSequence;
    case Arrival::kIdReused:
      return reason::kIdReused;
    case Arrival::kNumberReused:
      return reason::kNumberReused;
    case Arrival::kChainDiffers:
      return reason::kChainDiffers;
    case Arrival::kExpired:
      return reason::kExpired;
    case Arrival::kFromTheFuture:
      return reason::kFromTheFuture;
  }
  return "";
}

bool IsPermanent(Arrival arrival) {
  switch (arrival) {
    case Arrival::kApply:
    case Arrival::kVoid:
    case Arrival::kDuplicate:
    case Arrival::kOtherEra:
    case Arrival::kNotBegunAnew:
    case Arrival::kOutOfSequence:
    case Arrival::kFromTheFuture:
      return false;
    case Arrival::kIdReused:
    case Arrival::kNumberReused:
    case Arrival::kChainDiffers:
    case Arrival::kExpired:
      return true;
  }
  return true;
}

Arrival Judge(const IncomingLink& link, const Arriving& arriving, const Seen* at_number,
              const Seen* with_id, Instant now) {
  const Seen& seen = arriving.seen;
  if (EraOf(seen.number) < EraOf(link.applied.through)) return Arrival::kOtherEra;
  if (EraOf(seen.number) > EraOf(link.applied.through)) return Arrival::kNotBegunAnew;
  if (with_id != nullptr) {
    const bool same = with_id->number == seen.number && with_id->digest == seen.digest;
    return same ? Arrival::kDuplicate : Arrival::kIdReused;
  }
  if (seen.number <= link.applied.through) {
    // A void after its original, an original after its void: the number is settled either way.
    if (at_number == nullptr || at_number->effective() == seen.effective()) {
      return Arrival::kDuplicate;
    }
    return Arrival::kNumberReused;
  }
  if (seen.number != link.applied.through + 1) return Arrival::kOutOfSequence;
  if (arriving.previous_chain != link.applied.chain) return Arrival::kChainDiffers;
  if (arriving.expires <= now) return Arrival::kExpired;
  if (arriving.created > now + kClockTolerance) return Arrival::kFromTheFuture;
  return seen.replaced ? Arrival::kVoid : Arrival::kApply;
}

IncomingLink Advance(IncomingLink link, const Seen& seen, bool calls_for_receipt, Instant now) {
  link.applied.through = seen.number;
  link.applied.chain = NextChain(link.applied.chain, seen.effective().digest);
  if (calls_for_receipt) {
    if (link.owed == 0) link.owed_since = now;
    link.owed += 1;
  }
  return link;
}

bool GoesBack(const AuditPoint& shown_before, const AuditPoint& point) {
  if (point.count != shown_before.count) return point.count < shown_before.count;
  return point.hash != shown_before.hash;
}

std::optional<Instant> ReceiptDue(std::span<const IncomingLink> lanes,
                                  std::optional<Instant> refused_since,
                                  const ReceiptPolicy& policy) {
  std::optional<Instant> due;
  const auto at = [&due](Instant moment) { due = due ? std::min(*due, moment) : moment; };
  if (refused_since) at(*refused_since + policy.after);
  for (const IncomingLink& link : lanes) {
    if (link.owed > 0) {
      at(link.owed >= policy.every ? link.owed_since : link.owed_since + policy.after);
    }
    if (link.applied.through - link.reported >= policy.receipts_every) at(Instant{});
  }
  return due;
}

IncomingLink Reported(IncomingLink link) {
  link.reported = link.applied.through;
  link.owed = 0;
  link.owed_since = Instant{};
  return link;
}

}  // namespace equinode::exchange
