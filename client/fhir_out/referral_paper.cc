#include "client/fhir_out/referral_paper.h"

#include <utility>

#include "domain/referral/moves.h"

namespace equinode {

using referral::View;

Result<ReferralPaper> PaperOf(std::span<const PlacedEvent> events, std::string person,
                              std::map<std::string, std::string, std::less<>> order,
                              std::vector<ConsentOnPaper> consents) {
  View view;
  ReferralPaper paper;
  for (const auto& [event, linked_at] : events) {
    EQN_TRY(view, referral::Apply(view, event, linked_at));
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
  paper.order = std::move(order);
  paper.reported_by = view.reported_by;
  paper.consents = std::move(consents);
  return paper;
}

std::vector<std::string> Differences(const ReferralPaper& here, const ReferralPaper& file,
                                     bool ours) {
  std::vector<std::string> out;
  const auto same = [&](bool equal, const char* element) {
    if (!equal) out.emplace_back(element);
  };
  same(here.id == file.id, "Task.identifier");
  same(here.need == file.need, "Task.groupIdentifier");
  same(here.part_of == file.part_of, "Task.partOf");
  same(here.state == file.state, "Task.status");
  same(here.reason == file.reason, "Task.statusReason");
  same(here.sub == file.sub && here.cancel_asked_for == file.cancel_asked_for,
       "Task.businessStatus");
  same(here.priority == file.priority, "Task.priority");
  same(!ours || here.person == file.person, "Task.for");
  same(here.appointment == file.appointment, "Task.executionPeriod");
  same(here.sent == file.sent, "Task.authoredOn");
  same(here.changed == file.changed, "Task.lastModified");
  same(here.requester == file.requester, "Task.requester");
  same(here.owner == file.owner, "Task.owner");
  same(here.notes == file.notes, "Task.note");
  same(here.expires == file.expires, "Task.restriction");
  same(here.order == file.order, "Task.input");
  same(here.evidence == file.evidence && here.reported_by == file.reported_by, "Task.output");
  same(here.domain == file.domain, "ServiceRequest.category");
  same(here.target_node == file.target_node, "ServiceRequest.performer");
  same(here.follows == file.follows && here.reopens == file.reopens, "ServiceRequest.replaces");
  same(here.loop_closed == file.loop_closed, "ServiceRequest.status");
  same(!ours || here.consents == file.consents, "ServiceRequest.supportingInfo");
  return out;
}

}  // namespace equinode
