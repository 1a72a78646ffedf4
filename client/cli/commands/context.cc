// equinode context save|show.
#include "client/cli/context.h"

#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/talk.h"

namespace equinode::cli {
namespace {

Result<int> RunSave(const Shared& shared, const NoOptions&) {
  EQN_TRY(Context context, ResolveContext(shared.node));
  EQN_TRY(const Identified identified, ReadIdentity(context));
  context.node_uri = identified.node_uri;
  const std::filesystem::path path = ContextPath(shared.node);
  std::error_code error;
  if (!path.parent_path().empty()) std::filesystem::create_directories(path.parent_path(), error);
  EQN_CHECK(WriteText(path, ContextText(context), 0600));
  Say("saved " + path.string() + ": " + identified.own_uri + " at " + context.node);
  return kExitOk;
}

Result<int> RunContextShow(const Shared& shared, const NoOptions&) {
  EQN_TRY(const Context context, ResolveContext(shared.node));
  EQN_TRY(const Identified identified, ReadIdentity(context));
  Json json = Json::object();
  json["node"] = context.node;
  json["node_uri"] = identified.node_uri;
  json["you"] = identified.own_uri;
  json["trust"] = context.trust.string();
  json["certificate"] = context.certificate.string();
  json["key"] = context.key.string();
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  return kExitOk;
}

}  // namespace

void AddContext(Program program) {
  Command group = AddGroup(program, "context", "to which node equinode speaks, and as whom");
  AddCommand<NoOptions>(program, group, "save",
                        "keep --node, --node-uri and --identity for the next commands", Nothing,
                        RunSave);
  AddCommand<NoOptions>(program, group, "show", "what is used now", Nothing, RunContextShow);
}

}  // namespace equinode::cli
