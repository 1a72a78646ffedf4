#include "server/config/config.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

#include "client/toml/toml_text.h"
#include "domain/access/enrolling.h"
#include "server/config/toml_section.h"

namespace equinode {

namespace {

namespace fs = std::filesystem;
using config::Complaints;
using config::Section;

constexpr std::size_t kMostConfig = 1024 * 1024;
constexpr std::array kLevels = {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning,
                                LogLevel::kError};
constexpr std::array kKinds = {KeyCustody::Kind::kFile, KeyCustody::Kind::kCredential,
                               KeyCustody::Kind::kPassphrase};
constexpr std::array kFroms = {KeyCustody::From::kStdin, KeyCustody::From::kCredential,
                               KeyCustody::From::kFile, KeyCustody::From::kDescriptor};
constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 3> kKindNames = {"file", "credential", "passphrase"};
constexpr std::array<std::string_view, 4> kFromNames = {"stdin", "credential", "file",
                                                        "descriptor"};

template <typename T, std::size_t n>
std::string_view NameOf(const std::array<T, n>& values,
                        const std::array<std::string_view, n>& names, T value) {
  return names[static_cast<std::size_t>(std::ranges::find(values, value) - values.begin())];
}

bool Inside(const fs::path& path, const fs::path& folder) {
  const auto [a, b] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  (void)b;
  return a == folder.end() || (std::next(a) == folder.end() && a->empty());
}

// A port for everybody: the rules are CheckAddress's, and port 0 is fine.
bool GoodListen(const std::string& listen) {
  if (listen.ends_with(":0")) return CheckAddress(listen.substr(0, listen.size() - 1) + "1").ok();
  return CheckAddress(listen).ok();
}

void ReadKey(Section key, const fs::path& folder, const fs::path& data, KeyCustody* out) {
  std::size_t at = 0;
  if (key.Word("custody", {kKindNames[0], kKindNames[1], kKindNames[2]}, &at)) {
    out->kind = kKinds[at];
  }
  key.Require("custody", "who keeps the key: \"file\", \"credential\" or \"passphrase\"");
  if (key.Word("from", {kFromNames[0], kFromNames[1], kFromNames[2], kFromNames[3]}, &at)) {
    out->from = kFroms[at];
    if (out->kind != KeyCustody::Kind::kPassphrase) {
      key.Complain("from", "is for custody = \"passphrase\" only");
    }
  }
  const bool passphrase = out->kind == KeyCustody::Kind::kPassphrase;
  const bool by_file =
      passphrase ? out->from == KeyCustody::From::kFile : out->kind == KeyCustody::Kind::kFile;
  const bool by_credential = passphrase ? out->from == KeyCustody::From::kCredential
                                        : out->kind == KeyCustody::Kind::kCredential;
  const bool by_descriptor = passphrase && out->from == KeyCustody::From::kDescriptor;
  if (key.Path("file", folder, &out->file)) {
    if (!by_file) key.Complain("file", "has no use with this custody");
    if (Inside(out->file, data)) {
      key.Complain("file",
                   "must lie outside of the data folder: whoever takes the folder would "
                   "have the key too");
    }
  }
  if (by_file) key.Require("file", "the path of the key file");
  if (key.Text("credential", &out->credential)) {
    if (!by_credential) key.Complain("credential", "has no use with this custody");
    if (out->credential.find('/') != std::string::npos || out->credential.starts_with('.')) {
      key.Complain("credential", "must be the name of a systemd credential, not a path");
    }
  }
  if (by_credential) key.Require("credential", "the name of a systemd credential");
  std::uint32_t fd = 0;
  if (key.Number("descriptor", 0, 1023, &fd)) {
    out->fd = static_cast<int>(fd);
    if (!by_descriptor) key.Complain("descriptor", "has no use with this custody");
  }
  if (by_descriptor) key.Require("descriptor", "the number of an open file descriptor");
  key.Finish();
}

void ReadLimits(Section limits, LimitsConfig* out) {
  limits.Number("connections", 8, 100'000, &out->connections);
  limits.Number("connections_per_address", 1, 100'000, &out->connections_per_address);
  limits.Number("streams_per_connection", 1, 10'000, &out->streams_per_connection);
  limits.Number("calls_per_second", 1, 1'000'000, &out->calls_per_second);
  limits.Number("calls_burst", 1, 1'000'000, &out->calls_burst);
  limits.Number("calls_at_once", 1, 10'000, &out->calls_at_once);
  limits.Number("streams_at_once", 1, 10'000, &out->streams_at_once);
  // One stream delivers, one collects: with a single one the second is refused for good, and
  // nothing comes from that node any more.
  for (const auto& [key, value] :
       {std::pair{"streams_at_once", out->streams_at_once},
        std::pair{"streams_per_connection", out->streams_per_connection}}) {
    if (value < 2) {
      limits.Complain(key,
                      "is at least 2: a node that exchanges with this one keeps two streams "
                      "open, one that delivers and one that collects");
    }
  }
  limits.Number("workers", 1, 1024, &out->workers);
  limits.Number("waiting_calls", 1, 100'000, &out->waiting_calls);
  std::uint32_t seconds = static_cast<std::uint32_t>(out->drain.count() / 1000);
  limits.Number("drain_seconds", 0, 600, &seconds);
  out->drain = std::chrono::seconds{seconds};
  if (out->connections_per_address > out->connections) {
    limits.Complain("connections_per_address", "cannot be more than all connections (" +
                                                   std::to_string(out->connections) + ")");
  }
  if (out->calls_burst < out->calls_per_second) {
    limits.Complain("calls_burst", "cannot be less than calls_per_second (" +
                                       std::to_string(out->calls_per_second) + ")");
  }
  limits.Finish();
}

}  // namespace

Result<NodeConfig> ParseNodeConfig(std::string_view text, const fs::path& folder) {
  if (text.size() > kMostConfig) {
    return Error{Code::kInvalidArgument, "BAD_CONFIG", "a configuration of more than 1 MiB"};
  }
  auto plain = AsciiToml(text);
  if (!plain.ok()) {
    return Error{Code::kInvalidArgument, "BAD_CONFIG", std::move(plain).error().message};
  }
  const toml::parse_result parsed = toml::parse(*plain);
  if (!parsed) {
    const toml::source_position at = parsed.error().source().begin;
    // Where letters were escaped, columns are not those of the file.
    const std::string column =
        plain->size() == text.size() ? " (column " + std::to_string(at.column) + ")" : "";
    return Error{Code::kInvalidArgument, "BAD_CONFIG",
                 "line " + std::to_string(at.line) + ": this is not TOML" + column};
  }
  NodeConfig config;
  Complaints complaints;
  Section top(&parsed.table(), "", complaints);
  top.Path("data", folder, &config.data);
  top.Require("data", "the folder of the node's database");
  if (top.Text("listen", &config.listen) && !GoodListen(config.listen)) {
    top.Complain("listen", "must look like 127.0.0.1:8440, name:port or [::1]:port");
  }
  top.Path("address_file", folder, &config.address_file);
  top.Path("certificates", folder, &config.certificates);
  top.Require("certificates", "the folder with node.pem, node.key and ca.pem");
  config.trust = config.certificates / "ca.pem";
  top.Path("trust", folder, &config.trust);
  top.Path("revocations", folder, &config.revocations);
  top.Path("audit_anchor", folder, &config.audit_anchor);
  top.Require("audit_anchor",
              "the file that holds the audit log's head, on another disk if may be");
  if (!config.audit_anchor.empty() && Inside(config.audit_anchor, config.data)) {
    top.Complain("audit_anchor",
                 "must lie outside of the data folder: an older copy of the folder "
                 "would bring it back too");
  }
  ReadKey(top.Table("key"), folder, config.data, &config.key);
  ReadLimits(top.Table("limits"), &config.limits);
  Section store = top.Table("store");
  store.Number("cache_mib", 8, 65'536, &config.store.cache_mib);
  store.Number("readers", 1, 64, &config.store.readers);
  store.Finish();
  Section relay = top.Table("relay");
  relay.Number("store_mib", 1, 1'048'576, &config.relay.store_mib);
  relay.Number("store_mib_per_link", 1, 1'048'576, &config.relay.store_mib_per_link);
  if (config.relay.store_mib_per_link > config.relay.store_mib) {
    relay.Complain("store_mib_per_link", "cannot be more than store_mib (" +
                                             std::to_string(config.relay.store_mib) + ")");
  }
  relay.Finish();
  Section log = top.Table("log");
  std::size_t level = 0;
  if (log.Word("level", {kLevelNames[0], kLevelNames[1], kLevelNames[2], kLevelNames[3]}, &level)) {
    config.log_level = kLevels[level];
  }
  log.Finish();
  top.Finish();
  EQN_CHECK(complaints.Get());
  return config;
}

Result<NodeConfig> LoadNodeConfig(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kMostConfig + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (!in.eof() && in.gcount() == 0)) {
    return Error{
        Code::kFailedPrecondition, "NO_CONFIG",
        "the configuration '" + file.string() + "' cannot be read; 'equinoded init' makes one"};
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  std::error_code failed;
  auto config = ParseNodeConfig(text, fs::absolute(file, failed).parent_path());
  if (config.ok()) return config;
  Error error = std::move(config).error();
  error.message = file.string() + ", " + error.message;
  return error;
}

namespace {

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string KeyText(const KeyCustody& key) {
  std::string text = "custody = " + Quoted(NameOf(kKinds, kKindNames, key.kind)) + "\n";
  const bool passphrase = key.kind == KeyCustody::Kind::kPassphrase;
  if (passphrase) text += "from = " + Quoted(NameOf(kFroms, kFromNames, key.from)) + "\n";
  if (passphrase ? key.from == KeyCustody::From::kFile : key.kind == KeyCustody::Kind::kFile) {
    text += "file = " + Quoted(key.file.string()) + "\n";
  }
  if (passphrase ? key.from == KeyCustody::From::kCredential
                 : key.kind == KeyCustody::Kind::kCredential) {
    text += "credential = " + Quoted(key.credential) + "\n";
  }
  if (passphrase && key.from == KeyCustody::From::kDescriptor) {
    text += "descriptor = " + std::to_string(key.fd) + "\n";
  }
  return text;
}

}  // namespace

std::string ConfigText(const NodeConfig& config) {
  std::string text;
  const auto say = [&text](std::string_view words) { text += std::string(words) + "\n"; };
  const auto put = [&text](std::string_view key, std::string_view value) {
    text += std::string(key) + " = " + Quoted(value) + "\n";
  };
  const auto number = [&text](std::string_view key, std::int64_t value) {
    text += std::string(key) + " = " + std::to_string(value) + "\n";
  };
  say("# An Equinode node. docs/operations.md tells what each key means. Relative paths are taken");
  say("# from this file's folder; a key that is not known is refused.");
  put("data", config.data.string());
  say("# Peers and operators come in here. On a loopback address only this machine's do.");
  put("listen", config.listen);
  if (!config.address_file.empty()) put("address_file", config.address_file.string());
  say("# node.pem, node.key, ca.pem and older pairs.");
  put("certificates", config.certificates.string());
  if (config.trust != config.certificates / "ca.pem") put("trust", config.trust.string());
  say("# The authority's revocation list, looked at again when it changes.");
  if (config.revocations.empty()) {
    say("# revocations = \"crl.pem\"");
  } else {
    put("revocations", config.revocations.string());
  }
  say("# The audit log's head, outside of the database; on another disk if may be.");
  put("audit_anchor", config.audit_anchor.string());
  say("\n# Who keeps the key that opens the database's.\n[key]");
  text += KeyText(config.key);
  const LimitsConfig& limits = config.limits;
  say("\n[limits]");
  number("connections", limits.connections);
  number("connections_per_address", limits.connections_per_address);
  number("streams_per_connection", limits.streams_per_connection);
  number("calls_per_second", limits.calls_per_second);
  number("calls_burst", limits.calls_burst);
  number("calls_at_once", limits.calls_at_once);
  number("streams_at_once", limits.streams_at_once);
  number("workers", limits.workers);
  number("waiting_calls", limits.waiting_calls);
  number("drain_seconds", limits.drain.count() / 1000);
  say("\n[store]");
  number("cache_mib", config.store.cache_mib);
  number("readers", config.store.readers);
  say("\n# What a QHIO's node keeps for others.\n[relay]");
  number("store_mib", config.relay.store_mib);
  number("store_mib_per_link", config.relay.store_mib_per_link);
  say("\n[log]");
  put("level", NameOf(kLevels, kLevelNames, config.log_level));
  return text;
}

}  // namespace equinode
