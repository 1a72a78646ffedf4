// The program equinode: one command, one answer. Data on stdout, talk on stderr.
#include <cstdio>
#include <string>

#include "base/process.h"
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/referral_commands.h"
#include "client/cli/talk.h"

namespace equinode::cli {
namespace {

void Declare(Program program) {
  CLI::App& app = program.app;
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", "equinode 0.1.0");
  app.failure_message(CLI::FailureMessage::simple);
  NodeOptions& node = program.shared.node;
  app.add_option("--node", node.node, "host:port of the node")->type_name("ADDRESS");
  app.add_option("--node-uri", node.node_uri,
                 "the node's URI; by default that of your organisation")
      ->type_name("URI");
  app.add_option("--identity", node.identity, "folder with ca.pem, NAME.pem and NAME.key")
      ->type_name("DIR");
  app.add_option("--context", node.context,
                 "file that names node and identity ($EQUINODE_CONTEXT, "
                 "~/.config/equinode/context.toml)")
      ->type_name("FILE");
  app.add_option_function<std::string>(
         "-o,--output",
         [&format = program.shared.format](const std::string& word) {
           if (word != "table" && word != "json" && word != "csv") {
             throw CLI::ValidationError("--output", "is table, json or csv");
           }
           format = word == "json" ? Format::kJson : word == "csv" ? Format::kCsv : Format::kTable;
         },
         "table, json or csv")
      ->type_name("FORMAT");
  AddImport(program);
  AddPeople(program);
  AddScreen(program);
  AddNeed(program);
  AddZCodes(program);
  AddPeer(program);
  AddHost(program);
  AddRevoke(program);
  AddShare(program);
  AddReferral(program);
  AddReport(program);
  AddCount(program);
  AddHub(program);
  AddPrivacy(program);
  AddStatus(program);
  AddAudit(program);
  AddDeadLetter(program);
  AddConsent(program);
  AddContext(program);
  AddEquity(program);
  AddGenerate(program);
  AddDemo(program);
}

int Run(int argc, char** argv) {
  CLI::App app{
      "Equinode: demographics, needs and counts between practices, payers and exchanges.\n"
      "docs/cli.md lists the commands and the exit codes."};
  app.name("equinode");
  Shared shared;
  Action action;
  Declare(Program{app, shared, action});
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // CLI11 reports by exceptions; they end here.
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  const Result<int> result = action();
  if (result.ok()) return *result;
  Say("equinode: " + Explain(result.error()));
  return ExitCodeOf(result.error());
}

}  // namespace
}  // namespace equinode::cli

int main(int argc, char** argv) {
  if (const auto hardened = equinode::HardenProcess(); !hardened.ok()) {
    std::fprintf(stderr, "equinode: %s\n", hardened.error().message.c_str());
    return equinode::cli::kExitFailed;
  }
  equinode::cli::CatchInterrupts();
  return equinode::cli::Run(argc, argv);
}
