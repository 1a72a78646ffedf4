// To which node the program speaks, and as whom: from options, from a context file, or both.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "client/channel/channel.h"

namespace equinode::cli {

// What was given on the command line. Empty = not given.
struct NodeOptions {
  std::string node{};      // host:port
  std::string node_uri{};  // spiffe://...; empty = the node of the operator's organisation.
  std::filesystem::path identity{};  // Folder with ca.pem, NAME.pem, NAME.key.
  std::filesystem::path context{};   // The context file.
};

// One node and one identity, as a context file has them.
struct Context {
  std::string node{};
  std::string node_uri{};
  std::filesystem::path trust{};
  std::filesystem::path certificate{};
  std::filesystem::path key{};
};

// --context, else $EQUINODE_CONTEXT, else equinode/context.toml in $XDG_CONFIG_HOME or ~/.config.
std::filesystem::path ContextPath(const NodeOptions& options);

// Finds the one certificate with a key in `folder`. FAILED_PRECONDITION (NO_IDENTITY,
// BAD_IDENTITY_FILES when there are several).
Status FindIdentity(const std::filesystem::path& folder, Context* context);

// Options over the file. NO_CONTEXT when neither names a node; BAD_CONTEXT for a file that others
// may read, or that is not as it should be, with the line.
Result<Context> ResolveContext(const NodeOptions& options);
std::string ContextText(const Context& context);

struct Identified {
  ChannelCredentials credentials{};
  std::string node_uri{};  // Where none was given: of the certificate's organisation.
  std::string own_uri{};   // Of the operator.
};
// Reads the files. KEY_READABLE when others may read the key.
Result<Identified> ReadIdentity(const Context& context);

}  // namespace equinode::cli
