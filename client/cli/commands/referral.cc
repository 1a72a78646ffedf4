// equinode referral ...
#include <algorithm>

#include "client/cli/exit_code.h"
#include "client/cli/referral_commands.h"
#include "client/cli/referral_text.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "domain/referral/moves.h"
#include "domain/referral/order.h"
#include "domain/zcodes/domains.h"
#include "domain/zcodes/unknown_domain.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::cli {
namespace {

struct ReferralCreateOptions {
  std::string person{};
  std::string domain{};
  std::string target{};
  std::string owner{};
  bool open = false;
  std::string priority = "routine";
  std::string need{};
  std::string follows{};
  std::string reopens{};
  std::string part_of{};
  std::string reason{};
  std::string note{};
  bool despite_capacity = false;
  std::vector<std::string> fields{};
};

struct ReferralListOptions {
  std::string box{};
  std::string state{};
  std::string person{};
  bool open_only = false;
  bool mine_only = false;
  std::string domain{};
  std::string organisation{};
  bool overdue_only = false;
};

struct ReferralShowOptions {
  std::string id{};
  std::string part{};
};

struct ActOptions {
  std::string verb{};
  std::string id{};
  std::string reason{};
  std::string note{};
  std::string when{};
  std::string reported_by{};
  std::vector<std::string> evidence{};
};

struct ChangesOptions {
  std::uint64_t after = 0;
};

Result<int> RunReferralCreate(const Shared& shared, const ReferralCreateOptions& options) {
  const bool named =
      !options.follows.empty() || !options.reopens.empty() || !options.part_of.empty();
  if (!named && (options.person.empty() || options.domain.empty())) {
    return Usage(
        "say --person and --domain; with --follows, --reopens or --part-of they are known");
  }
  v1::CreateReferralRequest request;
  request.set_person(options.person);
  request.set_domain(options.domain);
  request.set_target_node(options.target);
  request.set_owner(options.owner);
  request.set_open(options.open);
  request.set_priority(options.priority);
  request.set_need(options.need);
  request.set_follows(options.follows);
  request.set_reopens(options.reopens);
  request.set_part_of(options.part_of);
  request.set_reason(options.reason);
  request.set_note(options.note);
  request.set_despite_capacity(options.despite_capacity);
  EQN_CHECK(SetFields(options.fields, request.mutable_order()));
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto made,
          session.Call<v1::CreateReferralResponse>("ReferralService/CreateReferral", request));
  EQN_CHECK(Print(PropertiesText(ReferralJson(made.referral()), shared.format)));
  const std::string held = HeldBackText(made.held_back(), options.domain);
  if (!held.empty()) Say(held);
  return kExitOk;
}

Result<int> RunReferralList(const Shared& shared, const ReferralListOptions& options) {
  v1::ListReferralsRequest request;
  request.set_box(options.box);
  request.set_state(options.state);
  request.set_person(options.person);
  request.set_open_only(options.open_only);
  request.set_mine_only(options.mine_only);
  request.set_domain(options.domain);
  request.set_organisation(options.organisation);
  request.set_overdue_only(options.overdue_only);
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet = ReferralSheet();
  EQN_CHECK(
      ForEachPage<v1::ListReferralsResponse>(session, "ReferralService/ListReferrals", request,
                                             [&](const v1::ListReferralsResponse& page) {
                                               for (const v1::Referral& one : page.referrals()) {
                                                 AddTo(sheet, one);
                                               }
                                               return true;
                                             }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

Sheet HistorySheet(const v1::GetReferralResponse& got) {
  Sheet history({"#", "at", "event", "by", "state", "reason", "note"});
  for (const v1::ReferralEventView& each : got.history()) {
    std::string state = each.state();
    if (!each.sub_state().empty()) state += " (" + each.sub_state() + ")";
    std::string note = each.note();
    if (each.has_when()) note = TimeText(each.when(), true).substr(0, 16) + " " + note;
    history.Add({each.number(), TimeText(each.at(), true).substr(0, 16), each.event(),
                 WhoOf(each.actor()), state, each.reason(), note});
  }
  return history;
}

Json OrderJson(const v1::GetReferralResponse& got) {
  Json order = Json::object();
  const std::map<std::string, std::string> sorted(got.order().begin(), got.order().end());
  for (const auto& [field, text] : sorted) order[field] = text;
  return order;
}

// One part of it: what a program reads has one heading.
Result<std::string> PartText(const v1::GetReferralResponse& got, const std::string& part,
                             Format format) {
  if (part == "state") return PropertiesText(ReferralJson(got.referral()), format);
  if (part == "history") return HistorySheet(got).Text(format);
  if (part == "order") return PropertiesText(OrderJson(got), format);
  return Usage("--part is state, history or order");
}

Result<int> RunReferralShow(const Shared& shared, const ReferralShowOptions& options) {
  v1::GetReferralRequest request;
  request.set_referral_id(options.id);
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto got,
          session.Call<v1::GetReferralResponse>("ReferralService/GetReferral", request));
  if (shared.format == Format::kJson && options.part.empty()) {
    EQN_TRY(const Json json, JsonOf(got));
    EQN_CHECK(Print(json.dump(2) + "\n"));
    return kExitOk;
  }
  const bool whole = options.part.empty() && shared.format == Format::kTable;
  EQN_TRY(std::string text,
          PartText(got, options.part.empty() ? "state" : options.part, shared.format));
  if (whole) {
    text += "\n" + HistorySheet(got).Text(shared.format);
    if (!got.order().empty()) text += "\n" + PropertiesText(OrderJson(got), shared.format);
  }
  EQN_CHECK(Print(text));
  if (!whole && options.part.empty()) Say("--part history and --part order give the rest");
  for (const std::string& notice : got.notices()) Say("goes along with the order: " + notice);
  std::string may;
  for (const std::string& each : got.may()) may += (may.empty() ? "" : ", ") + each;
  Say(may.empty() ? "nothing is open for you to do" : "you may: " + may);
  return kExitOk;
}

Result<int> RunAct(const Shared& shared, const ActOptions& options) {
  v1::ActOnReferralRequest request;
  request.set_referral_id(options.id);
  request.set_verb(options.verb);
  request.set_reason(options.reason);
  request.set_note(options.note);
  request.set_reported_by(options.reported_by);
  if (!options.when.empty()) {
    EQN_TRY(*request.mutable_when(), MomentOf(options.when));
  }
  for (const std::string& each : options.evidence) {
    // system|code|day, as in "http://snomed.info/sct|710925007|2026-11-20".
    const std::size_t first = each.find('|');
    const std::size_t last = each.rfind('|');
    if (first == std::string::npos || first == last) {
      return Usage("--evidence is written as system|code|day");
    }
    v1::ReferralEvidence* out = request.add_evidence();
    out->set_system(each.substr(0, first));
    out->set_code(each.substr(first + 1, last - first - 1));
    EQN_TRY(*out->mutable_at(), MomentOf(each.substr(last + 1)));
  }
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto acted,
          session.Call<v1::ActOnReferralResponse>("ReferralService/ActOnReferral", request));
  EQN_CHECK(Print(PropertiesText(ReferralJson(acted.referral()), shared.format)));
  if (acted.proposed()) {
    Say("the other organisation's node decides: see `equinode referral show` later");
  }
  return kExitOk;
}

Result<int> RunChanges(const Shared& shared, const ChangesOptions& options) {
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet = ReferralSheet();
  v1::ListReferralChangesRequest request;
  request.set_after(options.after);
  request.set_page_size(1000);
  for (;;) {
    EQN_TRY(const auto page, session.Call<v1::ListReferralChangesResponse>(
                                 "ReferralService/ListReferralChanges", request));
    for (const v1::Referral& one : page.referrals()) AddTo(sheet, one);
    request.set_after(page.cursor());
    if (page.referrals_size() < 1000) break;
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  Say("go on with: equinode referral changes --after " + std::to_string(request.after()));
  return kExitOk;
}

Result<int> RunReasons(const Shared& shared, const NoOptions&) {
  Sheet sheet({"reason", "means", "for"});
  for (const referral::Reason& each : referral::Reasons()) {
    std::string verbs;
    for (const referral::EventKind kind : each.events) {
      verbs += (verbs.empty() ? "" : ", ") + std::string(referral::Name(kind));
    }
    sheet.Add({std::string(each.code), std::string(each.words), verbs});
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

struct FieldsOptions {
  std::string domain{};
};
Result<int> RunFields(const Shared& shared, const FieldsOptions& options) {
  if (!options.domain.empty() && FindNeedDomain(options.domain) == nullptr) {
    return UnknownDomain(options.domain);
  }
  Sheet sheet({"field", options.domain.empty() ? "any domain" : options.domain, "label"});
  for (const std::string_view each : referral::OrderFields()) {
    const bool may = options.domain.empty() || referral::MayHave(options.domain, each);
    sheet.Add({std::string(each), may ? "may be sent" : "stays here",
               std::string(referral::LabelOfField(each))});
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  const std::string_view label = referral::LabelOfDomain(options.domain);
  if (!label.empty()) {
    Say("every referral of this domain falls under " + std::string(label) +
        ": the consent has to name it beside the domain");
  }
  return kExitOk;
}

void DeclareCreate(Command command, ReferralCreateOptions& options) {
  command.AddOption("--person", options.person, "source_id of a person of this node")
      .TypeName("ID");
  command.AddOption("--domain", options.domain, "of the need, such as food-insecurity")
      .TypeName("DOMAIN");
  command.AddOption("--to", options.target, "the node where it is answered, or who is asked")
      .Required()
      .TypeName("URI");
  command.AddOption("--for", options.owner, "the organisation, when it is not the node's own")
      .TypeName("URI");
  command.AddFlag("--open", options.open, "any organisation there may claim it");
  command.AddOption("--priority", options.priority, "routine, urgent, asap or stat");
  command.AddOption("--need", options.need, "of an earlier referral").TypeName("UUID");
  command.AddOption("--follows", options.follows, "the ended one after which another is asked")
      .TypeName("UUID");
  command
      .AddOption("--reopens", options.reopens,
                 "the closed one that the same organisation takes up again")
      .TypeName("UUID");
  command.AddOption("--reason", options.reason, "why it is reopened: `equinode referral reasons`")
      .TypeName("CODE");
  command.AddOption("--note", options.note, "beside the reason; both sides see it")
      .TypeName("TEXT");
  command.AddOption("--part-of", options.part_of, "the split order that it is one more part of")
      .TypeName("UUID");
  command.AddFlag("--despite-capacity", options.despite_capacity,
                  "also when it has said that it can take nobody on");
  command.AddOption("--field", options.fields, "name=text, again and again").TypeName("FIELD");
}

void DeclareAct(Command command, ActOptions& options) {
  command.AddOption("id", options.id, "of the referral").Required().TypeName("UUID");
  command.AddOption("--reason", options.reason, "a code of `equinode referral reasons`")
      .TypeName("CODE");
  command.AddOption("--note", options.note, "both sides see it").TypeName("TEXT");
  command.AddOption("--when", options.when, "appointment, or the day it is looked at again")
      .TypeName("TIME");
  command.AddOption("--reported-by", options.reported_by, "on whose word it counts as done")
      .TypeName("NAME");
  command.AddOption("--evidence", options.evidence, "system|code|day of what was done");
}

// The verb that is no event: its --as goes where the others have their reason.
void DeclareSettle(Command command, ActOptions& options) {
  options.verb = "settle";
  command.AddOption("id", options.id, "of the referral").Required().TypeName("UUID");
  command
      .AddOption("--as", options.reason,
                 "lost (it came to nothing that is known) or void (it should never have been)")
      .Required()
      .TypeName("GRADE");
  command.AddOption("--note", options.note, "what the two organisations agreed on")
      .Required()
      .TypeName("TEXT");
}

}  // namespace

void AddReferral(Program program) {
  Command group = AddGroup(program, "referral", "people sent to who can help, until they were");
  AddCommand<ReferralCreateOptions>(program, group, "create",
                                    "ask an organisation to help a person", DeclareCreate,
                                    RunReferralCreate);
  const auto list = [&](const char* name, const char* about, ReferralListOptions fixed) {
    AddCommand<ReferralListOptions>(
        program, group, name, about,
        [fixed](Command command, ReferralListOptions& options) {
          options = fixed;
          command.AddOption("--state", options.state, "such as in-progress").TypeName("STATE");
          command.AddOption("--person", options.person, "source_id").TypeName("ID");
          command.AddOption("--domain", options.domain, "such as food-insecurity")
              .TypeName("DOMAIN");
          command.AddOption("--organisation", options.organisation, "who is asked, or who asks")
              .TypeName("URI");
          command.AddFlag("--overdue", options.overdue_only, "where whoever has to act is late");
          command.AddFlag("--open", options.open_only, "where somebody still has to act");
        },
        RunReferralList);
  };
  list("inbox", "asked of us, the most urgent first", {.box = "inbox"});
  list("outbox", "asked by us, the most urgent first", {.box = "outbox"});
  list("worklist", "where we act next, and what we asked for that is overdue there",
       {.open_only = true, .mine_only = true});
  AddCommand<ReferralShowOptions>(
      program, group, "show", "one referral with its history",
      [](Command command, ReferralShowOptions& options) {
        command.AddOption("id", options.id, "of the referral").Required().TypeName("UUID");
        command
            .AddOption("--part", options.part,
                       "state, history or order alone; -o csv without it gives the state")
            .TypeName("WHAT");
      },
      RunReferralShow);
  AddCommand<ChangesOptions>(
      program, group, "changes", "what changed after a cursor",
      [](Command command, ChangesOptions& options) {
        command.AddOption("--after", options.after, "a cursor; 0 = all").TypeName("N");
      },
      RunChanges);
  AddReferralWatch(program, group);
  AddReferralOrders(program, group);
  AddReferralCapacity(program, group);
  AddReferralClosures(program, group);
  AddReferralImport(program, group);
  AddCommand<NoOptions>(program, group, "reasons", "the reasons and where they may be given",
                        Nothing, RunReasons);
  AddCommand<FieldsOptions>(
      program, group, "fields", "what an order may tell, by domain",
      [](Command command, FieldsOptions& options) {
        command.AddOption("domain", options.domain, "such as food-insecurity").TypeName("DOMAIN");
      },
      RunFields);
  AddCommand<ActOptions>(program, group, "settle",
                         "close our copy: the ends disagree, or the other one is silent",
                         DeclareSettle, RunAct);
  const std::pair<referral::EventKind, const char*> verbs[] = {
      {referral::EventKind::kClaim, "take an open one for our organisation"},
      {referral::EventKind::kAccept, "say yes"},
      {referral::EventKind::kReject, "say no, with a reason"},
      {referral::EventKind::kStart, "begin"},
      {referral::EventKind::kSchedule, "make an appointment"},
      {referral::EventKind::kReschedule, "make it anew"},
      {referral::EventKind::kNoShow, "the client did not come"},
      {referral::EventKind::kCancelAppointment, "the appointment will not be"},
      {referral::EventKind::kInterimNote, "say how it stands"},
      {referral::EventKind::kHold, "put it on hold, with a reason and a day"},
      {referral::EventKind::kResume, "go on"},
      {referral::EventKind::kComplete, "it was done: --evidence or --reported-by"},
      {referral::EventKind::kFail, "it could not be done, with a reason"},
      {referral::EventKind::kCancel, "end it; after acceptance the requester asks for it"},
      {referral::EventKind::kConfirmCancel, "yes to the requester's asking"},
      {referral::EventKind::kAcknowledge, "the requester has seen the end: the loop is closed"},
      {referral::EventKind::kMarkError, "it should never have been"},
  };
  for (const auto& [verb, about] : verbs) {
    const std::string name(referral::Name(verb));
    AddCommand<ActOptions>(
        program, group, name, about,
        [name](Command command, ActOptions& options) {
          options.verb = name;
          DeclareAct(command, options);
        },
        RunAct);
  }
}

}  // namespace equinode::cli
