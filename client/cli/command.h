// How a command is made: its options are declared, its action is kept until the whole command line
// was found right. The library that reads the command line (CLI11) is in command_line.cc alone: it
// took two thirds of the time that a command's file took to compile.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "client/cli/command_line.h"
#include "client/cli/context.h"
#include "client/cli/sheet.h"

namespace equinode::cli {

// What every command has: before or after its name.
struct Shared {
  NodeOptions node{};
  Format format = Format::kTable;
};

// Returns the exit code.
using Action = std::function<Result<int>()>;

struct Program {
  Command app;
  Shared& shared;
  Action& action;  // Of the command that was named.
};

// Adds a command whose options live in an `Options` and whose work is `run(shared, options)`.
// `declare(command, options)` adds the options.
template <typename Options, typename Declare, typename Run>
void AddCommand(Program program, Command parent, std::string name, std::string description,
                Declare declare, Run run) {
  auto options = std::make_shared<Options>();
  Command command = parent.AddSubcommand(std::move(name), std::move(description));
  declare(command, *options);
  command.OnNamed([options, &shared = program.shared, &action = program.action, run]() {
    action = [options, &shared, run]() -> Result<int> { return run(shared, *options); };
  });
}

// A group of commands, such as `peer`.
inline Command AddGroup(Program program, std::string name, std::string description) {
  return program.app.AddGroup(std::move(name), std::move(description));
}

// A command line that the library finds right and we do not.
inline Error Usage(std::string message) {
  return Error{Code::kInvalidArgument, "USAGE", std::move(message)};
}

struct NoOptions {};
inline void Nothing(Command, NoOptions&) {}

// One file a group; each adds its commands.
void AddAudit(Program program);
void AddConsent(Program program);
void AddContext(Program program);
void AddCount(Program program);
void AddDeadLetter(Program program);
void AddDemo(Program program);
void AddEquity(Program program);
void AddEquityProgrammes(Program program, Command group);  // Of `equity`.
void AddGenerate(Program program);
void AddHub(Program program);
void AddImport(Program program);
void AddNeed(Program program);
void AddPeer(Program program);
void AddPeople(Program program);
void AddPrivacy(Program program);
void AddReferral(Program program);
void AddReport(Program program);
void AddRevoke(Program program);
void AddShare(Program program);
void AddScreen(Program program);
void AddStatus(Program program);
void AddZCodes(Program program);

// Commands of the group `privacy`, a file each.
void AddPrivacyCost(Program program, Command privacy);
void AddPrivacyFamily(Program program, Command privacy);
void AddPrivacyNoise(Program program, Command privacy);

}  // namespace equinode::cli
