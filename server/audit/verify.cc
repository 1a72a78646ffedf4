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

constexpr std::size_t kVerifyPage = 500;
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

// The log in pages. Where a page of the database is damaged it ends early, after the last entry
// that can be read.
class LogReader {
 public:
  explicit LogReader(ReadTx& tx) : tx_(tx) {}

  Result<std::optional<StoredAuditEntry>> Next() {
    if (at_ == page_.size()) EQN_CHECK(Turn());
    if (page_.empty()) return std::optional<StoredAuditEntry>();
    return std::optional<StoredAuditEntry>(std::move(page_[at_++]));
  }
  bool unreadable() const { return unreadable_; }

 private:
  Status Turn() {
    at_ = 0;
    auto page = Read(unreadable_ ? 1 : kVerifyPage);
    if (!page.ok() && Damaged(page.error()) && !unreadable_) {
      unreadable_ = true;  // One by one, as far as it goes.
      page = Read(1);
    }
    if (!page.ok()) {
      page_.clear();
      return Damaged(page.error()) ? Ok() : Status(page.error());
    }
    page_ = std::move(*page);
    if (!page_.empty()) last_ = page_.back().entry.number;
    return Ok();
  }
  Result<std::vector<StoredAuditEntry>> Read(std::size_t limit) {
    return AuditStore::List(tx_, last_, limit, /*disclosures_only=*/false, /*with_touched=*/true);
  }
  // SQLCipher tells some damaged pages as a plain error of the statement.
  static bool Damaged(const Error& error) {
    return error.code == Code::kDataLoss || error.code == Code::kInternal;
  }

  ReadTx& tx_;
  std::vector<StoredAuditEntry> page_{};
  std::size_t at_ = 0;
  std::uint64_t last_ = 0;
  bool unreadable_ = false;
};

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
  LogReader reader(tx);
  report.heads_compared = peers.size();
  EQN_TRY(AuditVerdict verdict, VerifyChain([&] { return reader.Next(); }, std::move(peers)));
  report.head = verdict.head;
  report.fault = std::move(verdict.fault);
  if (reader.unreadable()) {
    report.fault = AuditFault{.entry = verdict.head.count + 1,
                              .reason = "DATABASE_DAMAGED",
                              .message =
                                  "from here on the database cannot be read: a page was "
                                  "changed or the disk is bad; restore a backup"};
  }
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
