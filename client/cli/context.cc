#include "client/cli/context.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include "base/crypto/certificate.h"
#include "client/cli/files.h"
#include "client/toml/parser.h"
#include "client/toml/toml_text.h"
#include "domain/access/identity.h"

namespace equinode::cli {
namespace {

namespace fs = std::filesystem;

Error Configuration(std::string_view reason, std::string message) {
  return Error{Code::kFailedPrecondition, std::string(reason), std::move(message)};
}

Result<Context> ReadContextFile(const fs::path& path) {
  EQN_CHECK(OnlyOurs(path, "BAD_CONTEXT"));
  EQN_TRY(const std::string text, ReadText(path, 64 * 1024));
  const auto plain = AsciiToml(text);
  if (!plain.ok()) {
    return Configuration("BAD_CONTEXT", path.string() + ", " + plain.error().message);
  }
  const toml::parse_result parsed = toml::parse(*plain);
  const auto bad = [&](const toml::source_region& where, std::string_view what) {
    return Configuration(
        "BAD_CONTEXT",
        path.string() + ", line " + std::to_string(where.begin.line) + ": " + std::string(what));
  };
  if (!parsed) return bad(parsed.error().source(), parsed.error().description());
  Context context;
  std::string trust, certificate, key;
  const std::pair<std::string_view, std::string*> keys[] = {{"node", &context.node},
                                                            {"node_uri", &context.node_uri},
                                                            {"trust", &trust},
                                                            {"certificate", &certificate},
                                                            {"key", &key}};
  for (const auto& [name, node] : parsed.table()) {
    std::string* into = nullptr;
    for (const auto& [known, out] : keys) {
      if (known == name.str()) into = out;
    }
    if (into == nullptr) {
      return bad(node.source(), "unknown key \"" + std::string(name.str()) +
                                    "\"; there are node, node_uri, trust, certificate and key");
    }
    const auto value = node.value<std::string>();
    if (!value)
      return bad(node.source(), "\"" + std::string(name.str()) + "\" is a text in quotes");
    *into = *value;
  }
  const fs::path folder = fs::absolute(path).parent_path();
  const auto beside = [&](const std::string& file) {
    return file.empty() ? fs::path() : folder / file;
  };
  context.trust = beside(trust);
  context.certificate = beside(certificate);
  context.key = beside(key);
  return context;
}

}  // namespace

fs::path ContextPath(const NodeOptions& options) {
  if (!options.context.empty()) return options.context;
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (const std::string named = variable("EQUINODE_CONTEXT"); !named.empty()) return named;
  const std::string config = variable("XDG_CONFIG_HOME");
  const fs::path base = config.empty() ? fs::path(variable("HOME")) / ".config" : fs::path(config);
  return base / "equinode" / "context.toml";
}

Status FindIdentity(const fs::path& folder, Context* context) {
  std::error_code error;
  std::vector<fs::path> keys;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const fs::path& path = at->path();
    if (path.extension() != ".key" || path.stem() == "ca") continue;
    fs::path certificate = path;
    certificate.replace_extension(".pem");
    // NAME.1.key is an old pair that equinode-certs renew has kept.
    if (fs::exists(certificate, error) && path.stem().extension().empty()) keys.push_back(path);
  }
  if (error) {
    return Configuration("NO_IDENTITY",
                         "cannot read the folder " + folder.string() + ": " + error.message());
  }
  if (keys.empty()) {
    return Configuration("NO_IDENTITY",
                         "there is no certificate with its key in " + folder.string());
  }
  if (keys.size() > 1) {
    return Configuration("BAD_IDENTITY_FILES", "there are several keys in " + folder.string() +
                                                   ": " + keys[0].filename().string() + ", " +
                                                   keys[1].filename().string() +
                                                   "; keep one identity a folder");
  }
  context->key = keys[0];
  context->certificate = keys[0];
  context->certificate.replace_extension(".pem");
  // Beside it, or where equinode-certs has put it: DIR/ROLE/ORG/operator/NAME.pem and DIR/ca.pem.
  fs::path place = fs::absolute(folder);
  for (int up = 0; up < 4; ++up, place = place.parent_path()) {
    if (!fs::exists(place / "ca.pem", error)) continue;
    context->trust = place / "ca.pem";
    return Ok();
  }
  return Configuration("NO_IDENTITY", "there is no ca.pem in " + folder.string());
}

Result<Context> ResolveContext(const NodeOptions& options) {
  const fs::path path = ContextPath(options);
  std::error_code error;
  Context context;
  const bool named = !options.context.empty() || std::getenv("EQUINODE_CONTEXT") != nullptr;
  if (fs::exists(path, error)) {
    EQN_TRY(context, ReadContextFile(path));
  } else if (named && (options.node.empty() || options.identity.empty())) {
    return Configuration("BAD_CONTEXT", "there is no context file " + path.string());
  }
  if (!options.node.empty()) context.node = options.node;
  if (!options.identity.empty()) {
    EQN_CHECK(FindIdentity(options.identity, &context));
    context.node_uri.clear();
  }
  if (!options.node_uri.empty()) context.node_uri = options.node_uri;
  if (context.node.empty()) {
    return Configuration("NO_CONTEXT", "no node is named: neither --node nor " + path.string());
  }
  if (context.key.empty() || context.certificate.empty() || context.trust.empty()) {
    return Configuration("NO_CONTEXT",
                         "nobody is named: neither --identity nor trust, certificate "
                         "and key in " +
                             path.string());
  }
  return context;
}

std::string ContextText(const Context& context) {
  std::string text =
      "# To which node equinode speaks, and as whom. Written by: equinode context save\n";
  const auto put = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    text.append(name).append(" = \"");
    for (const char c : value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text.append("\"\n");
  };
  put("node", context.node);
  put("node_uri", context.node_uri);
  put("trust", fs::absolute(context.trust).string());
  put("certificate", fs::absolute(context.certificate).string());
  put("key", fs::absolute(context.key).string());
  return text;
}

Result<Identified> ReadIdentity(const Context& context) {
  Identified out;
  EQN_TRY(out.credentials.trust, ReadText(context.trust, 1024 * 1024));
  EQN_TRY(out.credentials.certificate, ReadText(context.certificate, 1024 * 1024));
  EQN_CHECK(OnlyOurs(context.key, "KEY_READABLE"));
  EQN_TRY(out.credentials.key, ReadSecret(context.key));
  auto chain = CertificatesFromPem(out.credentials.certificate);
  if (!chain.ok() || chain->empty() || chain->front().uri_names().size() != 1) {
    return Configuration("BAD_IDENTITY_FILES",
                         context.certificate.string() + " is no certificate with one URI name");
  }
  auto identity = ParseIdentity(chain->front().uri_names().front());
  if (!identity.ok()) {
    return Configuration("BAD_IDENTITY_FILES",
                         context.certificate.string() + ": " + identity.error().message);
  }
  out.own_uri = identity->uri;
  out.node_uri = context.node_uri.empty() ? identity->node_uri() : context.node_uri;
  return out;
}

}  // namespace equinode::cli
