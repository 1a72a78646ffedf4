// equinode referral capacity set|ask|list.
#include "client/cli/exit_code.h"
#include "client/cli/referral_commands.h"
#include "client/cli/referral_text.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::cli {
namespace {

struct CapacityOptions {
  std::string organisation{};
  std::string domain{};
  std::string status{};
  std::string until{};
};

Sheet CapacitySheet() {
  return Sheet({"organisation", "domain", "status", "last said", "by", "at", "until", "asked"});
}
void AddTo(Sheet& sheet, const v1::Capacity& each) {
  std::string asked = TimeText(each.asked_at(), each.has_asked_at()).substr(0, 16);
  if (each.waiting()) asked += " (no answer yet)";
  sheet.Add({each.organisation(), each.domain(), each.status(), each.said(),
             ShortOf(each.said_by()), TimeText(each.said_at(), each.has_said_at()).substr(0, 16),
             TimeText(each.until(), each.has_until()).substr(0, 16), asked});
}

Result<int> RunCapacitySet(const Shared& shared, const CapacityOptions& options) {
  v1::SetCapacityRequest request;
  request.set_organisation(options.organisation);
  request.set_domain(options.domain);
  request.set_status(options.status);
  EQN_TRY(*request.mutable_until(), MomentOf(options.until));
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto set,
          session.Call<v1::SetCapacityResponse>("ReferralService/SetCapacity", request));
  Sheet sheet = CapacitySheet();
  AddTo(sheet, set.capacity());
  EQN_CHECK(Print(sheet.Text(shared.format)));
  Say("told to " + std::to_string(set.told()) + " nodes that had asked");
  return kExitOk;
}

Result<int> RunAsk(const Shared& shared, const CapacityOptions& options) {
  v1::AskCapacityRequest request;
  request.set_organisation(options.organisation);
  request.set_domain(options.domain);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto asked,
          session.Call<v1::AskCapacityResponse>("ReferralService/AskCapacity", request));
  Sheet sheet = CapacitySheet();
  AddTo(sheet, asked.capacity());
  EQN_CHECK(Print(sheet.Text(shared.format)));
  if (asked.capacity().waiting()) Say("the answer comes: equinode referral capacity list");
  return kExitOk;
}

Result<int> RunCapacityList(const Shared& shared, const CapacityOptions& options) {
  v1::ListCapacityRequest request;
  request.set_organisation(options.organisation);
  request.set_domain(options.domain);
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto list,
          session.Call<v1::ListCapacityResponse>("ReferralService/ListCapacity", request));
  Sheet sheet = CapacitySheet();
  for (const v1::Capacity& each : list.capacities()) AddTo(sheet, each);
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

Option Domain(Command command, CapacityOptions& options) {
  return command.AddOption("--domain", options.domain, "of the need, such as food-insecurity")
      .TypeName("DOMAIN");
}
Option Organisation(Command command, CapacityOptions& options, const char* about) {
  return command.AddOption("--organisation", options.organisation, about).TypeName("URI");
}

}  // namespace

void AddReferralCapacity(Program program, Command referral) {
  Command group = referral.AddGroup("capacity", "who can take people on, asked before a referral");
  AddCommand<CapacityOptions>(
      program, group, "set", "say whether an organisation can take people on",
      [](Command command, CapacityOptions& options) {
        Organisation(command, options, "one that this node hosts; without: your own");
        Domain(command, options).Required();
        command
            .AddOption("--status", options.status,
                       "capacity, no-capacity, waitlist or additional-assessment-required")
            .Required()
            .TypeName("STATUS");
        command
            .AddOption("--until", options.until, "from then on nobody knows; at most 31 days ahead")
            .Required()
            .TypeName("TIME");
      },
      RunCapacitySet);
  AddCommand<CapacityOptions>(
      program, group, "ask", "ask an organisation, without a word about a person",
      [](Command command, CapacityOptions& options) {
        Organisation(command, options, "who is asked").Required();
        Domain(command, options).Required();
      },
      RunAsk);
  AddCommand<CapacityOptions>(
      program, group, "list", "what is known; what is stale is unknown",
      [](Command command, CapacityOptions& options) {
        Organisation(command, options, "this one alone");
        Domain(command, options);
      },
      RunCapacityList);
}

}  // namespace equinode::cli
