#include "client/fhir_out/referral_paper.h"

#include <utility>

#include "domain/referral/moves.h"

namespace equinode {

using referral::Event;
using referral::View;

Result<ReferralPaper> PaperOf(std::span<const Event> events, std::string person,
                              const referral::TargetOrder& order,
                              std::vector<ReferralConsent> consents) {
  View view;
  ReferralPaper paper;
  for (const Event& event : events) {
    EQN_TRY(view, referral::Apply(view, event, event.at));
    if (!event.note.empty()) paper.notes.push_back({event.actor, event.at, event.note});
    for (const referral::Evidence& each : event.evidence) paper.evidence.push_back(each);
    paper.changed = event.at;
  }
  if (!view.sent) {
    return Error{Code::kFailedPrecondition, "NOT_SENT", "a draft is nobody else's business yet"};
  }
  const referral::Opening& opening = view.opening;
  paper.id = view.id;
  paper.person = std::move(person);
  paper.need = opening.need;
  paper.domain = opening.domain;
  paper.priority = opening.priority;
  paper.requester = opening.requester_node;
  paper.target_node = opening.target_node;
  paper.owner = view.owner;
  paper.state = view.state;
  paper.sub = view.sub;
  if (view.state != referral::State::kRequested && view.state != referral::State::kAccepted &&
      view.state != referral::State::kInProgress && view.state != referral::State::kCompleted) {
    paper.reason = view.reason;
  }
  if (view.cancel_asked) paper.cancel_asked_for = view.cancel_reason;
  paper.loop_closed = referral::IsLoopClosed(view);
  paper.sent = *view.sent;
  paper.expires = opening.expires;
  paper.appointment = view.appointment;
  paper.part_of = opening.part_of;
  paper.follows = opening.follows;
  paper.reopens = opening.reopens;
  paper.order = {order.fields().begin(), order.fields().end()};
  paper.reported_by = view.reported_by;
  paper.consents = std::move(consents);
  return paper;
}

}  // namespace equinode
