// equinode status, health.
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "equinode/v1/admin_service.pb.h"
#include "grpc/health/v1/health.pb.h"

namespace equinode::cli {
namespace {

Result<int> RunStatus(const Shared& shared, const NoOptions&) {
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto status,
          session.Call<v1::GetStatusResponse>("AdminService/GetStatus", v1::GetStatusRequest{}));
  Json json = Json::object();
  json["node"] = status.node();
  json["version"] = status.version();
  json["ready"] = status.ready();
  json["address"] = status.address();
  json["started_at"] = TimeText(status.started_at(), status.has_started_at());
  json["certificate_expires"] =
      TimeText(status.certificate_expires(), status.has_certificate_expires());
  json["revocation_list_fault"] = status.revocation_list_fault();
  json["persons"] = status.persons();
  json["records"] = status.records();
  json["audit_entries"] = status.audit_head().count();
  json["dead_letters"] = status.dead_letters();
  json["relayed_waiting"] = status.relayed_waiting();
  Sheet links({"peer", "direction", "lane", "done", "given", "waiting", "fault"});
  Json list = Json::array();
  for (const v1::LinkStatus& link : status.links()) {
    const std::string direction = link.outgoing() ? "out" : "in";
    links.Add({link.peer(), direction, LaneWord(link.lane()), link.through(), link.given(),
               link.waiting(), link.fault()});
    list.push_back({{"peer", link.peer()},
                    {"direction", direction},
                    {"lane", LaneWord(link.lane())},
                    {"done", link.through()},
                    {"given", link.given()},
                    {"waiting", link.waiting()},
                    {"fault", link.fault()}});
  }
  if (shared.format == Format::kJson) json["links"] = std::move(list);
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  if (shared.format == Format::kTable && links.rows() > 0) {
    EQN_CHECK(Print("\n" + links.Text(shared.format)));
  }
  return kExitOk;
}

Result<int> RunHealth(const Shared& shared, const NoOptions&) {
  EQN_TRY(Session session, Session::Open(shared.node));
  using grpc::health::v1::HealthCheckResponse;
  EQN_TRY(
      const HealthCheckResponse health,
      session.channel().Call<HealthCheckResponse>(
          "/grpc.health.v1.Health/Check", grpc::health::v1::HealthCheckRequest{}, kCallDeadline));
  const bool serving = health.status() == HealthCheckResponse::SERVING;
  Json json = Json::object();
  json["node"] = session.node_uri();
  json["serving"] = serving;
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  if (!serving) Say("equinode: the node is starting or stopping");
  return serving ? kExitOk : kExitTryLater;
}

}  // namespace

void AddStatus(Program program) {
  AddCommand<NoOptions>(program, program.app, "status", "what the node is and how its links stand",
                        Nothing, RunStatus);
  AddCommand<NoOptions>(program, program.app, "health",
                        "whether the node answers: exit code 0, or 75 while it starts", Nothing,
                        RunHealth);
}

}  // namespace equinode::cli
