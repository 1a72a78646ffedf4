// equinoded: the node, all roles. Data on stdout, talk on stderr; exit codes of DESIGN section 11.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <string>

#include "base/clock.h"
#include "base/crypto/tls_process.h"
#include "base/log.h"
#include "base/process.h"
#include "base/random.h"
#include "server/audit/audit_log.h"
#include "server/audit/verify.h"
#include "server/config/config.h"
#include "server/custody/database_key.h"
#include "server/init/init_node.h"
#include "server/node/node.h"
#include "server/node/version.h"
#include "storage/sqlite/database.h"

namespace equinode {
namespace {

constexpr int kCheckFailed = 1;
constexpr int kUsage = 64;
constexpr int kBadData = 65;
constexpr int kTryLater = 75;
constexpr int kConfiguration = 78;

int ExitCodeOf(const Error& error) {
  switch (error.code) {
    case Code::kInvalidArgument:
    case Code::kFailedPrecondition:
    case Code::kAlreadyExists:
    case Code::kUnauthenticated:
    case Code::kPermissionDenied:
      return kConfiguration;
    case Code::kDataLoss:
      return kBadData;
    case Code::kUnavailable:
    case Code::kResourceExhausted:
    case Code::kDeadlineExceeded:
    case Code::kAborted:
      return kTryLater;
    case Code::kOk:
    case Code::kCancelled:
    case Code::kUnknown:
    case Code::kNotFound:
    case Code::kOutOfRange:
    case Code::kUnimplemented:
    case Code::kInternal:
      return kCheckFailed;
  }
  return kCheckFailed;
}

int Fail(const Error& error) {
  std::cerr << "equinoded: " << error.message << " (" << error.reason << ")\n";
  return ExitCodeOf(error);
}

// What a node's offline commands share: where its data lies and what opens it. `--config` says
// both; `--data` alone looks for the configuration beside the data folder, where init puts it; a
// copy elsewhere needs `--config` of the node, or the key file.
struct Place {
  std::string config{};
  std::string data{};
  std::string key_file{};
  std::string anchor{};

  void AddTo(CLI::App& command) {
    command.add_option("--config", config, "the node's configuration (node.toml)");
    command.add_option("--data", data,
                       "the data folder, or a copy; without --config or --key-file its "
                       "configuration is the node.toml beside it");
    command.add_option("--key-file", key_file, "what opens --data, without a configuration");
    command.add_option("--anchor", anchor, "the audit log's head, kept outside of the data");
  }
  Result<NodeConfig> Load() const {
    if (config.empty() && data.empty()) {
      return Error{Code::kInvalidArgument, "NO_CONFIG",
                   "name the node by --config FILE or --data DIR"};
    }
    EQN_TRY(NodeConfig loaded, Configured());
    if (!data.empty()) loaded.data = data;
    if (!anchor.empty()) loaded.audit_anchor = anchor;
    return loaded;
  }

 private:
  Result<NodeConfig> Configured() const {
    if (!config.empty()) return LoadNodeConfig(config);
    if (!key_file.empty()) {
      NodeConfig bare;
      bare.key.file = key_file;
      return bare;
    }
    std::filesystem::path folder = std::filesystem::absolute(data).lexically_normal();
    if (folder.filename().empty()) folder = folder.parent_path();
    const std::filesystem::path file = folder.parent_path() / "node.toml";
    std::error_code failed;
    if (std::filesystem::exists(file, failed)) return LoadNodeConfig(file);
    return Error{Code::kInvalidArgument, "NO_CONFIG",
                 "there is no '" + file.string() +
                     "'; for a copy of the data give --config FILE of its node, or --key-file FILE "
                     "and --anchor FILE"};
  }
};

int Init(const InitOptions& options) {
  SystemRandom random;
  const SystemClock clock;
  const auto made = InitNode(options, clock, random);
  if (!made.ok()) return Fail(made.error());
  std::cout << "node          " << made->self.uri << '\n'
            << "configuration " << options.config_file.string() << '\n'
            << "data          " << made->node.data.string() << '\n'
            << "fingerprint   " << made->fingerprint << '\n'
            << "expires       " << FormatInstant(made->certificate_expires) << '\n';
  if (made->made_key_file) {
    std::cerr << "equinoded: made the key " << made->node.key.file.string()
              << ". Without it nobody opens the data: keep a copy, apart from the data.\n";
  }
  std::cerr << "equinoded: start it with: equinoded run --config " << options.config_file.string()
            << '\n';
  return 0;
}

int Run(const std::string& config_file) {
  const auto config = LoadNodeConfig(config_file);
  if (!config.ok()) return Fail(config.error());
  if (const Status tls = ConfigureTlsOfProcess(); !tls.ok()) return Fail(tls.error());
  if (const Status blocked = BlockSignals(); !blocked.ok()) return Fail(blocked.error());
  const auto key = OpenDatabaseKey(config->key, PlaceOf(config->data));
  if (!key.ok()) return Fail(key.error());
  const SystemClock clock;
  SystemRandom random;
  Log log(STDERR_FILENO, clock, config->log_level);
  auto node = Node::Start(*config, *key, clock, random, log);
  if (!node.ok()) {
    log.Error("node_not_started", {{Field::kReason, node.error().reason}});
    return Fail(node.error());
  }
  // SIGHUP and SIGUSR1 ask for nothing: files are looked at by themselves.
  for (int signal = 0; signal != SIGTERM && signal != SIGINT;) signal = WaitForSignal();
  (*node)->Stop();
  return 0;
}

int VerifyLog(const Place& place) {
  const auto config = place.Load();
  if (!config.ok()) return Fail(config.error());
  const auto key = OpenDatabaseKey(config->key, PlaceOf(config->data));
  if (!key.ok()) return Fail(key.error());
  const auto report = VerifyAudit(config->data, *key, config->audit_anchor);
  if (!report.ok()) return Fail(report.error());
  std::cout << Describe(*report);
  return report->good() ? 0 : kCheckFailed;
}

int AcceptLog(const Place& place) {
  const auto config = place.Load();
  if (!config.ok()) return Fail(config.error());
  const auto key = OpenDatabaseKey(config->key, PlaceOf(config->data));
  if (!key.ok()) return Fail(key.error());
  const SystemClock clock;
  const auto database = Database::Open(config->data, *key, clock, {.make = false});
  if (!database.ok()) return Fail(database.error());
  const Status accepted = AcceptAudit(**database, config->audit_anchor, clock);
  if (!accepted.ok()) return Fail(accepted.error());
  std::cerr << "equinoded: the log as it is was accepted, and says so\n";
  return 0;
}

// Every page's authentication code, every tree.
int VerifyStore(const Place& place) {
  const auto config = place.Load();
  if (!config.ok()) return Fail(config.error());
  const auto key = OpenDatabaseKey(config->key, PlaceOf(config->data));
  if (!key.ok()) return Fail(key.error());
  const SystemClock clock;
  const auto database = Database::Open(config->data, *key, clock, {.make = false});
  if (!database.ok()) return Fail(database.error());
  const Status whole = (*database)->CheckIntegrity();
  if (!whole.ok()) return Fail(whole.error());
  std::cout << "the store is whole\n";
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app{"equinoded: one node of an Equinode network"};
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);

  InitOptions init;
  std::string address_file;
  std::string key_file;
  std::string credential;
  bool passphrase = false;
  CLI::App* init_command = app.add_subcommand("init", "make a node out of its certificate");
  init_command->add_option("--config", init.config_file, "where its configuration is written")
      ->required();
  init_command->add_option("--certificates", init.node.certificates,
                           "folder with node.pem, node.key, ca.pem");
  init_command->add_option("--data", init.node.data, "where its data goes");
  init_command->add_option("--listen", init.node.listen, "host:port; port 0: the system chooses")
      ->capture_default_str();
  init_command->add_option("--address-file", address_file,
                           "where a running node writes its host:port");
  init_command->add_option("--anchor", init.node.audit_anchor,
                           "where the audit log's head is kept");
  init_command->add_option("--crl", init.node.revocations, "a revocation list to watch");
  auto* custody =
      init_command->add_option_group("custody", "who keeps the key (default: a key file)");
  custody->add_option("--key-file", key_file, "a file of mode 0600, outside the data folder");
  custody->add_option("--key-credential", credential, "the name of a systemd credential");
  custody->add_flag("--passphrase", passphrase, "asked on stdin at every start");
  custody->require_option(0, 1);

  std::string run_config;
  CLI::App* run = app.add_subcommand("run", "run the node until SIGTERM");
  run->add_option("--config", run_config, "its configuration")->required();

  Place place;
  CLI::App* audit = app.add_subcommand("audit", "the audit log, without the node");
  audit->require_subcommand(1);
  CLI::App* verify = audit->add_subcommand("verify", "check the chain, on a copy");
  CLI::App* accept =
      audit->add_subcommand("accept", "accept the log as it is, after a look into why");
  CLI::App* store = app.add_subcommand("store", "the encrypted store, without the node");
  store->require_subcommand(1);
  CLI::App* check = store->add_subcommand("check", "check every page");
  for (CLI::App* command : {verify, accept, check}) place.AddTo(*command);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error, std::cout, std::cerr);
    return code == 0 ? 0 : kUsage;
  }
  if (*init_command) {
    init.node.address_file = address_file;
    if (!key_file.empty()) init.node.key.file = key_file;
    if (!credential.empty()) {
      init.node.key.kind = KeyCustody::Kind::kCredential;
      init.node.key.credential = credential;
    }
    if (passphrase) init.node.key.kind = KeyCustody::Kind::kPassphrase;
    init.credentials = PlaceOf({}).credentials;
    return Init(init);
  }
  if (*run) return Run(run_config);
  if (*verify) return VerifyLog(place);
  if (*accept) return AcceptLog(place);
  return VerifyStore(place);
}

}  // namespace
}  // namespace equinode

int main(int argc, char** argv) {
  const equinode::Status hard = equinode::HardenProcess();
  if (!hard.ok()) {
    std::cerr << "equinoded: " << hard.error().message << '\n';
    return 1;
  }
  return equinode::Main(argc, argv);
}
