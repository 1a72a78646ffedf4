#include "domain/referral/words_told.h"

#include <string>
#include <utility>

#include "domain/referral/order.h"

namespace equinode::referral {

Status CheckWords(const Event& event, std::string_view domain, bool status_only) {
  const auto bad = [](Code code, std::string_view reason, std::string message) {
    return Error{code, std::string(reason), std::move(message)};
  };
  const bool completes = event.kind == EventKind::kComplete;
  if (!completes && (!event.evidence.empty() || !event.reported_by.empty())) {
    return bad(Code::kInvalidArgument, "BAD_EVENT",
               "what was done and on whose word is said with `complete` alone");
  }
  if (status_only && (!event.note.empty() || !event.evidence.empty())) {
    return bad(Code::kFailedPrecondition, "STATUS_ONLY",
               "the client has not agreed that more than the state is told, or no longer does: "
               "leave the note and the evidence out, and give a reason other than `other`");
  }
  if (event.role == Role::kRequester && !event.note.empty() && IsSensitive(domain)) {
    return bad(Code::kInvalidArgument, "SENSITIVE_NOTE",
               "in this domain nothing in words follows the order: give the reason's code "
               "(`equinode referral reasons`) and say the rest by telephone");
  }
  return Ok();
}

Event WithStatusOnly(Event event) {
  if (event.kind == EventKind::kComplete) event.reported_by = event.actor;
  return event;
}

}  // namespace equinode::referral
