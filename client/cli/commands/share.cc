// equinode share set|list.
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "equinode/v1/admin_service.pb.h"

namespace equinode::cli {
namespace {

struct ShareOptions {
  std::string peer{};
  std::vector<std::string> kinds{};
  bool counts = false;
};

Result<int> RunShareSet(const Shared& shared, const ShareOptions& options) {
  v1::SetSharingRequest request;
  request.mutable_rule()->set_peer(options.peer);
  for (const std::string& word : options.kinds) {
    EQN_TRY(const v1::RecordKind kind, KindOf(word));
    request.mutable_rule()->add_kinds(kind);
  }
  request.mutable_rule()->set_counts(options.counts);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_CHECK(session.Call<v1::SetSharingResponse>("AdminService/SetSharing", request));
  std::string what;
  for (const std::string& word : options.kinds) what.append(what.empty() ? "" : ", ").append(word);
  if (options.counts) what.append(what.empty() ? "" : ", ").append("counts");
  Say(options.peer + " is sent: " + (what.empty() ? "nothing" : what));
  return kExitOk;
}

Result<int> RunShareList(const Shared& shared, const NoOptions&) {
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"peer", "kinds", "counts"});
  EQN_CHECK(ForEachPage<v1::ListSharingResponse>(
      session, "AdminService/ListSharing", v1::ListSharingRequest{},
      [&](const v1::ListSharingResponse& page) {
        for (const v1::SharingRule& rule : page.rules()) {
          Json kinds = Json::array();
          for (const int kind : rule.kinds()) {
            kinds.push_back(KindWord(static_cast<v1::RecordKind>(kind)));
          }
          sheet.Add({rule.peer(), std::move(kinds), rule.counts()});
        }
        return true;
      }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

}  // namespace

void AddShare(Program program) {
  Command share = AddGroup(program, "share", "what goes to whom; by default nothing");
  AddCommand<ShareOptions>(
      program, share, "set", "replace the rule for a peer",
      [](Command command, ShareOptions& options) {
        command.AddOption("peer", options.peer, "its URI").Required().TypeName("URI");
        command
            .AddOption("--kinds", options.kinds,
                       "person, coverage, measure-result, organization; without: no records")
            .Delimiter(',')
            .TypeName("KIND,...");
        command.AddFlag("--counts", options.counts,
                        "answer this payer's report requests with released counts");
      },
      RunShareSet);
  AddCommand<NoOptions>(program, share, "list", "the rules", Nothing, RunShareList);
}

}  // namespace equinode::cli
