#include "server/audit/verify.h"

#include <stdlib.h>  // NOLINT: mkdtemp lives here
#include <sys/stat.h>

#include <array>
#include <system_error>
#include <tuple>
#include <utility>

#include "server/audit/anchor.h"
#include "storage/audit_store.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/data_folder.h"
#include "storage/sqlite/database.h"

namespace equinode {

namespace {

constexpr std::size_t kPage = 500;
constexpr int kAttempts = 5;

class PrivateFolder {
 public:
  PrivateFolder() {
    std::error_code failed;
    std::string pattern =
        (std::filesystem::temp_directory_path(failed) / "equinode-verify-XXXXXX").string();
    if (!failed && mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  ~PrivateFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_{};
};

// Tells whether a file changed: size, time of change to the nanosecond, inode. Zeros when absent.
using Stamp = std::array<std::int64_t, 4>;
Stamp StampOf(const std::filesystem::path& file) {
  struct stat info {};
  if (stat(file.c_str(), &info) != 0) return {};
  return {info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
          static_cast<std::int64_t>(info.st_ino)};
}

Status CopyStore(const std::filesystem::path& folder, const std::filesystem::path& to) {
  constexpr std::array<const char*, 2> kParts = {"", "-wal"};
  const std::string name(Database::kFileName);
  const auto stamps = [&] {
    return std::pair(StampOf(folder / name), StampOf(folder / (name + "-wal")));
  };
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto before = stamps();
    for (const char* part : kParts) {
      std::error_code failed;
      const auto from = folder / (name + part);
      std::filesystem::remove(to / (name + part), failed);
      if (!std::filesystem::exists(from, failed)) continue;
      std::filesystem::copy_file(from, to / (name + part), failed);
      if (failed) {
        return Error{Code::kFailedPrecondition, "CANNOT_COPY",
                     "the database cannot be copied into a temporary folder; check that it can be "
                     "read and that TMPDIR has room for it"};
      }
    }
    if (stamps() == before) return Ok();
  }
  return Error{Code::kFailedPrecondition, "STORE_IN_USE",
               "the store changes while it is copied; stop the node, or verify a copy of its "
               "folder"};
}

}  // namespace

Result<AuditReport> VerifyAudit(const std::filesystem::path& folder, const Secret& key,
                                const std::filesystem::path& anchor, std::vector<KnownHead> peers) {
  const std::filesystem::path file = folder / Database::kFileName;
  std::error_code failed;
  if (!std::filesystem::exists(file, failed)) {
    return Error{Code::kFailedPrecondition, "NO_DATABASE", "there is no database in this folder"};
  }
  EQN_CHECK(CheckDatabaseFile(file));
  AuditReport report;
  // The anchor before the store: a node at work only adds to it in between.
  EQN_TRY(report.anchor, AnchorFile::Read(anchor));
  if (report.anchor) peers.push_back({"the anchor", *report.anchor});
  const PrivateFolder scratch;
  if (scratch.path().empty()) {
    return Error{Code::kFailedPrecondition, "CANNOT_COPY",
                 "no temporary folder can be made; set TMPDIR"};
  }
  EQN_CHECK(CopyStore(folder, scratch.path()));
  EQN_TRY(const std::unique_ptr<Connection> connection,
          Connection::Open(scratch.path() / Database::kFileName, key, {.read_only = true}));
  ReadTx tx(*connection);
  std::vector<StoredAuditEntry> page;
  std::size_t at = 0;
  std::uint64_t last = 0;
  const AuditSource source = [&]() -> Result<std::optional<StoredAuditEntry>> {
    if (at == page.size()) {
      EQN_TRY(page, AuditStore::List(tx, last, kPage, /*disclosures_only=*/false,
                                     /*with_touched=*/true));
      at = 0;
      if (page.empty()) return std::optional<StoredAuditEntry>();
      last = page.back().entry.number;
    }
    return std::optional<StoredAuditEntry>(std::move(page[at++]));
  };
  report.heads_compared = peers.size();
  EQN_TRY(AuditVerdict verdict, VerifyChain(source, std::move(peers)));
  report.head = verdict.head;
  report.fault = std::move(verdict.fault);
  return report;
}

std::string Describe(const AuditReport& report) {
  std::string text;
  if (report.fault) {
    text = "first bad entry: " + std::to_string(report.fault->entry) + " (" + report.fault->reason +
           "): " + report.fault->message + "\n";
  }
  text += std::string(report.fault ? "good up to entry " : "good: entries ") +
          std::to_string(report.head.count) + ", head " + ToHex(report.head.hash) + "\n";
  if (report.anchor) {
    text += "anchor: entry " + std::to_string(report.anchor->count) + "\n";
  } else {
    text += "no anchor was found: a log that was cut or replaced whole cannot be told\n";
  }
  return text;
}

}  // namespace equinode
