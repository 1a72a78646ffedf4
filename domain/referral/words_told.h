// What may be said in words beside the order. The order is minimal by its domain (order.h); a note,
// the name of who reported and the codes of what was done are none of its fields and would go round
// it, and round a consent that has ended.
#pragma once

#include <string_view>

#include "base/result.h"
#include "domain/referral/event.h"

namespace equinode::referral {

// Before an event of this node's people is signed, and before one that the other end proposes gets
// its place:
//   INVALID_ARGUMENT / BAD_EVENT            evidence, or who reported, with another verb than
//                                           complete.
//                      SENSITIVE_NOTE       a note of the requester's in a sensitive domain.
//   FAILED_PRECONDITION / STATUS_ONLY       a note, or evidence, where the state alone may be told:
//                                           the client has not agreed to more, or no longer does.
// Not part of Apply(): what is in a chain already stays what it was.
Status CheckWords(const Event& event, std::string_view domain, bool status_only);

// The event as it may be told where the state alone may be: `complete` stands on the word of who
// says so, whose certificate is in the event anyhow, and on no other name.
Event WithStatusOnly(Event event);

}  // namespace equinode::referral
