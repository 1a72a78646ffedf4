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

Format FormatOf(const std::string& word) {
  return word == "json" ? Format::kJson : word == "csv" ? Format::kCsv : Format::kTable;
}

void Declare(Program program, std::string& output) {
  Command app = program.app;
  NodeOptions& node = program.shared.node;
  app.AddOption("--node", node.node, "host:port of the node").TypeName("ADDRESS");
  app.AddOption("--node-uri", node.node_uri, "the node's URI; by default that of your organisation")
      .TypeName("URI");
  app.AddOption("--identity", node.identity, "folder with ca.pem, NAME.pem and NAME.key")
      .TypeName("DIR");
  app.AddOption("--context", node.context,
                "file that names node and identity ($EQUINODE_CONTEXT, "
                "~/.config/equinode/context.toml)")
      .TypeName("FILE");
  app.AddOption("-o,--output", output, "the answer's form")
      .OneOf({"table", "json", "csv"})
      .TypeName("FORMAT");
  AddImport(program);
  AddExport(program);
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
  CommandLine line(
      "equinode",
      "Equinode: demographics, needs and counts between practices, payers and exchanges.\n"
      "docs/cli.md lists the commands and the exit codes.",
      "equinode 0.1.0");
  Shared shared;
  Action action;
  std::string output = "table";
  Declare(Program{line.top(), shared, action}, output);
  if (const auto over = line.Read(argc, argv)) return *over;
  shared.format = FormatOf(output);
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
