#include "server/init/init_node.h"

#include <fcntl.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "server/audit/anchor.h"
#include "server/audit/audit_log.h"
#include "server/custody/database_key.h"
#include "server/keys/key_files.h"
#include "storage/sqlite/database.h"

namespace equinode {

namespace {

namespace fs = std::filesystem;

Error Exists(const char* reason, const std::string& what, const fs::path& path) {
  return {Code::kAlreadyExists, reason,
          what + " '" + path.string() + "' is there already; init never overwrites anything"};
}

// Undoes what was made, newest first, unless it was kept.
class Undo {
 public:
  Undo() = default;
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  ~Undo() {
    std::error_code ignored;
    for (auto path = made_.rbegin(); path != made_.rend(); ++path) fs::remove_all(*path, ignored);
  }
  void Made(fs::path path) { made_.push_back(std::move(path)); }
  void Keep() { made_.clear(); }

 private:
  std::vector<fs::path> made_{};
};

// All paths absolute; those not said beside the configuration.
NodeConfig Completed(NodeConfig node, const fs::path& config_file) {
  std::error_code failed;
  const fs::path here = fs::absolute(config_file, failed).parent_path();
  const auto or_here = [&](fs::path& path, const char* name) {
    if (path.empty()) path = here / name;
  };
  or_here(node.data, "data");
  or_here(node.certificates, "certificates");
  or_here(node.audit_anchor, "audit-anchor");
  if (node.key.kind == KeyCustody::Kind::kFile) or_here(node.key.file, "database.key");
  for (fs::path* path : {&node.data, &node.address_file, &node.certificates, &node.trust,
                         &node.revocations, &node.audit_anchor, &node.key.file}) {
    if (!path->empty()) *path = fs::absolute(*path, failed).lexically_normal();
  }
  if (node.trust.empty()) node.trust = node.certificates / "ca.pem";
  return node;
}

Status RefuseWhatIsThere(const InitOptions& options, const NodeConfig& node) {
  std::error_code failed;
  if (fs::exists(fs::symlink_status(options.config_file, failed))) {
    return Exists("CONFIG_EXISTS", "the configuration", options.config_file);
  }
  if (fs::exists(node.data, failed) &&
      (!fs::is_directory(node.data, failed) || !fs::is_empty(node.data, failed))) {
    return Exists("DATA_FOLDER_NOT_EMPTY", "a data folder that is not empty,", node.data);
  }
  if (fs::exists(fs::symlink_status(node.audit_anchor, failed))) {
    return Exists("ANCHOR_EXISTS", "an audit anchor", node.audit_anchor);
  }
  return Ok();
}

Status WriteConfig(const fs::path& file, const std::string& text) {
  std::error_code ignored;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), ignored);
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool done = fd >= 0 &&
                    write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                    fsync(fd) == 0;
  if (fd >= 0) close(fd);
  if (done) return Ok();
  return Error{Code::kFailedPrecondition, "CANNOT_WRITE",
               "the configuration '" + file.string() + "' cannot be written; check its folder"};
}

// The database with its first audit entry, and the anchor.
Status MakeStore(const NodeConfig& node, const Secret& key, const Clock& clock) {
  EQN_TRY(const std::unique_ptr<Database> database, Database::Open(node.data, key, clock));
  EQN_TRY(const std::unique_ptr<AuditLog> log, AuditLog::Open(*database, node.audit_anchor, clock));
  EQN_CHECK(log->Append({.actor = "node", .action = "NODE_MADE", .outcome = "OK"}));
  return Ok();
}

}  // namespace

Result<InitReport> InitNode(const InitOptions& options, const Clock& clock, Random& random) {
  InitReport report;
  report.node = Completed(options.node, options.config_file);
  const NodeConfig& node = report.node;
  EQN_CHECK(ParseNodeConfig(ConfigText(node), "/"));
  EQN_CHECK(RefuseWhatIsThere(options, node));
  EQN_CHECK(CheckCipherLibrary());
  KeyPaths paths = KeyPaths::InFolder(node.certificates);
  paths.trust = node.trust;
  EQN_TRY(const std::shared_ptr<const KeyRing> ring, LoadKeyRing(paths, clock.Now()));
  if (ring->self.is_operator()) {
    return Error{Code::kFailedPrecondition, "KEYS_IDENTITY",
                 "this is an operator's certificate; a node is made with a node's"};
  }
  report.self = ring->self;
  report.fingerprint = ring->current.certificate.fingerprint();
  report.certificate_expires = ring->current.certificate.not_after();

  Undo undo;
  const CustodyPlace place{node.data, options.credentials};
  std::error_code failed;
  if (node.key.kind == KeyCustody::Kind::kFile && !fs::exists(node.key.file, failed)) {
    EQN_CHECK(MakeKeyFile(node.key.file, place, random));
    undo.Made(node.key.file);
    report.made_key_file = true;
  }
  const bool had_folder = fs::exists(node.data, failed);
  EQN_CHECK(PrepareFolder(node.data));
  if (!had_folder) undo.Made(node.data);
  undo.Made(node.data / kKeyHeaderName);
  EQN_TRY(const Secret key, MakeDatabaseKey(node.key, place, clock.Now(), random, options.argon2));
  for (const char* part : {"", "-wal", "-shm"}) {
    undo.Made(node.data / (std::string(Database::kFileName) + part));
  }
  undo.Made(node.data / "lock");
  undo.Made(node.audit_anchor);
  EQN_CHECK(MakeStore(node, key, clock));
  EQN_CHECK(WriteConfig(options.config_file, ConfigText(node)));
  undo.Keep();
  return report;
}

}  // namespace equinode
