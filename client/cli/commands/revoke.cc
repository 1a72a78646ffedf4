// equinode revoke, revocations.
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "equinode/v1/admin_service.pb.h"

namespace equinode::cli {
namespace {

struct RevokeOptions {
  std::string uri{};
  std::string fingerprint{};
  std::filesystem::path crl{};
  std::string reason{};
};

Result<int> RunRevoke(const Shared& shared, const RevokeOptions& options) {
  v1::RevokeRequest request;
  if (!options.uri.empty()) {
    request.set_uri(options.uri);
  } else if (!options.fingerprint.empty()) {
    request.set_fingerprint(options.fingerprint);
  } else if (!options.crl.empty()) {
    EQN_TRY(*request.mutable_crl_pem(), ReadText(options.crl, 960 * 1024));
  } else {
    return Usage("revoke needs one of --uri, --fingerprint and --crl");
  }
  request.set_reason(options.reason);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto revoked, session.Call<v1::RevokeResponse>("AdminService/Revoke", request));
  Json json = Json::object();
  json["added"] = revoked.added();
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  return kExitOk;
}

Result<int> RunRevokeList(const Shared& shared, const NoOptions&) {
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"what", "reason", "at"});
  EQN_CHECK(ForEachPage<v1::ListRevocationsResponse>(
      session, "AdminService/ListRevocations", v1::ListRevocationsRequest{},
      [&](const v1::ListRevocationsResponse& page) {
        for (const v1::Revocation& one : page.revocations()) {
          sheet.Add({one.what(), one.reason(), TimeText(one.at(), one.has_at())});
        }
        return true;
      }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

}  // namespace

void AddRevoke(Program program) {
  AddCommand<RevokeOptions>(
      program, program.app, "revoke", "refuse a party, a certificate, or all of a list, for good",
      [](Command command, RevokeOptions& options) {
        Option uri = command.AddOption("--uri", options.uri, "of a party").TypeName("URI");
        Option print = command.AddOption("--fingerprint", options.fingerprint, "of a certificate")
                           .TypeName("SHA256");
        Option crl = command.AddOption("--crl", options.crl, "revocation list of the authority")
                         .TypeName("FILE");
        uri.Excludes(print).Excludes(crl);
        print.Excludes(crl);
        command.AddOption("--reason", options.reason, "kept with it").TypeName("TEXT");
      },
      RunRevoke);
  AddCommand<NoOptions>(program, program.app, "revocations", "what is revoked here", Nothing,
                        RunRevokeList);
}

}  // namespace equinode::cli
