// equinode report create|list.
#include "client/cli/command.h"
#include "client/cli/definition_file.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "equinode/v1/count_service.pb.h"

namespace equinode::cli {
namespace {

struct ReportCreateOptions {
  std::filesystem::path file{};
};

std::string PeriodDay(const v1::Date& date) {
  char text[16];
  std::snprintf(text, sizeof text, "%04u-%02u-%02u", date.year() % 10000, date.month() % 100,
                date.day() % 100);
  return text;
}

Result<int> RunReportCreate(const Shared& shared, const ReportCreateOptions& options) {
  EQN_TRY(const std::string text, ReadText(options.file, 256 * 1024));
  v1::CreateReportDefinitionRequest request;
  auto parsed = ParseDefinition(text);
  if (!parsed.ok()) {
    Error error = std::move(parsed).error();
    error.message.insert(0, options.file.string() + ": ");
    return error;
  }
  *request.mutable_definition() = *std::move(parsed);
  EQN_TRY(Session session, Session::Open(shared.node));
  if (request.definition().payer().empty()) {
    request.mutable_definition()->set_payer(session.node_uri());
  }
  request.set_request_id(NewRequestId());
  EQN_CHECK(session.Call<v1::CreateReportDefinitionResponse>("CountService/CreateReportDefinition",
                                                             request));
  Json json = Json::object();
  json["name"] = request.definition().name();
  json["version"] = request.definition().version();
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  return kExitOk;
}

Result<int> RunReportList(const Shared& shared, const NoOptions&) {
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"name", "version", "payer", "from", "to", "tables", "title"});
  EQN_CHECK(ForEachPage<v1::ListReportDefinitionsResponse>(
      session, "CountService/ListReportDefinitions", v1::ListReportDefinitionsRequest{},
      [&](const v1::ListReportDefinitionsResponse& page) {
        for (const v1::ReportDefinition& one : page.definitions()) {
          sheet.Add({one.name(), one.version(), one.payer(), PeriodDay(one.period_start()),
                     PeriodDay(one.period_end()), one.tables_size(), one.title()});
        }
        return true;
      }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

}  // namespace

void AddReport(Program program) {
  Command report = AddGroup(program, "report", "what a payer asks of the nodes");
  AddCommand<ReportCreateOptions>(
      program, report, "create", "sign and store a definition (docs/report-definition.md)",
      [](Command command, ReportCreateOptions& options) {
        command.AddOption("file", options.file, "JSON").Required().TypeName("FILE");
      },
      RunReportCreate);
  AddCommand<NoOptions>(program, report, "list", "the definitions", Nothing, RunReportList);
}

}  // namespace equinode::cli
