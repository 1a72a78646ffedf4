#include "server/audit/audit_log.h"

#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/audit/chain.h"
#include "server/audit/anchor.h"
#include "storage/audit_store.h"

namespace equinode {

namespace {

constexpr std::size_t kLogPage = 500;
constexpr Millis kSyncEvery = std::chrono::seconds{1};

// Follows the chain from `from`, whose hash is trusted, to its end.
Result<AuditHead> FollowChain(Database& database, AuditHead from) {
  for (;;) {
    EQN_TRY(const std::vector<StoredAuditEntry> page, database.Read([&](ReadTx& tx) {
      return AuditStore::List(tx, from.count, kLogPage, /*disclosures_only=*/false);
    }));
    for (const StoredAuditEntry& stored : page) {
      if (stored.entry.number != from.count + 1 ||
          stored.hash != NextAuditHash(from.hash, stored.entry)) {
        return Error{Code::kDataLoss, "AUDIT_ALTERED",
                     "entry " + std::to_string(from.count + 1) +
                         " of the audit log was changed or is missing; 'equinoded audit verify' "
                         "tells more"};
      }
      from = {stored.entry.number, stored.hash};
    }
    if (page.size() < kLogPage) return from;
  }
}

Result<AuditHead> CheckAgainst(Database& database, const AuditHead& anchor) {
  EQN_TRY(const AuditHead head, database.Read([](ReadTx& tx) { return AuditStore::Head(tx); }));
  if (head.count < anchor.count) {
    return Error{Code::kDataLoss, "AUDIT_CUT",
                 "the audit log has " + std::to_string(head.count) + " entries, its anchor " +
                     std::to_string(anchor.count) +
                     ": the store was cut short or an older copy was put back"};
  }
  if (anchor.count > 0) {
    EQN_TRY(const std::optional<Digest> there,
            database.Read([&](ReadTx& tx) { return AuditStore::HashAt(tx, anchor.count); }));
    if (there != anchor.hash) {
      return Error{Code::kDataLoss, "AUDIT_ALTERED",
                   "entry " + std::to_string(anchor.count) +
                       " of the audit log is not the one that the anchor holds; 'equinoded audit "
                       "verify' tells more"};
    }
  }
  return FollowChain(database, anchor);
}

}  // namespace

struct AuditLog::Impl {
  Impl(Database& store, const Clock& time, AnchorFile file, AuditHead head)
      : database(store), clock(time), anchor(std::move(file)), tail(head), durable(head) {}

  // On the writer thread: the head goes out of the database.
  void WriteAnchor() {
    Status done = anchor.Write(durable);
    const Instant now = clock.Now();
    // Also when the clock went back.
    if (done.ok() && (now - last_sync >= kSyncEvery || now < last_sync)) {
      done = anchor.Sync();
      last_sync = now;
    }
    const std::lock_guard lock(mutex);
    if (done.ok()) {
      unwell.reset();
    } else {
      unwell = std::move(done).error();
    }
  }

  Database& database;
  const Clock& clock;
  // Writer thread only.
  AnchorFile anchor;
  AuditHead tail;  // With what is not committed yet.
  Instant last_sync{};

  mutable std::mutex mutex{};
  AuditHead durable;              // Written by the writer thread, guarded by mutex.
  std::optional<Error> unwell{};  // Guarded by mutex.
};

Result<std::unique_ptr<AuditLog>> AuditLog::Open(Database& database, std::filesystem::path anchor,
                                                 const Clock& clock) {
  EQN_TRY(const std::optional<AuditHead> kept, AnchorFile::Read(anchor));
  EQN_TRY(const AuditHead head, CheckAgainst(database, kept.value_or(AuditHead{})));
  if (!kept && head.count > 0) {
    return Error{Code::kDataLoss, "AUDIT_ANCHOR_MISSING",
                 "the store has an audit log but its anchor is not where the configuration says; "
                 "put it back, or verify the log and accept it with 'equinoded audit accept'"};
  }
  EQN_TRY(AnchorFile file, AnchorFile::Open(anchor, head));
  if (kept && *kept != head) {
    EQN_CHECK(file.Write(head));
    EQN_CHECK(file.Sync());
  }
  return std::unique_ptr<AuditLog>(
      new AuditLog(std::make_unique<Impl>(database, clock, std::move(file), head)));
}

AuditLog::AuditLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

AuditLog::~AuditLog() { (void)impl_->anchor.Sync(); }

Result<AuditHead> AuditLog::Append(Tx& tx, AuditEntry entry, const TouchedIds& touched) {
  Impl& log = *impl_;
  if (!health().ok()) {
    log.WriteAnchor();  // Perhaps there is room again.
    EQN_CHECK(health());
  }
  entry.number = log.tail.count + 1;
  entry.at = log.clock.Now();
  for (std::string* text :
       {&entry.actor, &entry.from, &entry.action, &entry.subject, &entry.purpose, &entry.outcome}) {
    *text = AuditText(*text);
  }
  entry.touched = touched.count();
  entry.touched_digest = touched.digest();
  const AuditHead head{entry.number, NextAuditHash(log.tail.hash, entry)};
  EQN_CHECK(AuditStore::Append(tx, entry, head.hash, touched));
  tx.OnUndo([&log, before = log.tail] { log.tail = before; });
  log.tail = head;
  tx.OnCommit([&log, head] {
    const std::lock_guard lock(log.mutex);
    log.durable = head;
  });
  tx.OnGroupCommit(this, [&log] { log.WriteAnchor(); });
  return head;
}

Result<AuditHead> AuditLog::Append(AuditEntry entry, const TouchedIds& touched) {
  return impl_->database.Write("audit",
                               [&](Tx& tx) { return Append(tx, std::move(entry), touched); });
}

AuditHead AuditLog::head() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->durable;
}

Status AuditLog::health() const {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->unwell) return *impl_->unwell;
  return Ok();
}

Status AcceptAudit(Database& database, const std::filesystem::path& anchor, const Clock& clock) {
  EQN_TRY(const AuditHead head, FollowChain(database, AuditHead{}));
  std::error_code failed;
  std::filesystem::remove(anchor, failed);
  { EQN_TRY(const AnchorFile made, AnchorFile::Open(anchor, head)); }
  EQN_TRY(const std::unique_ptr<AuditLog> log, AuditLog::Open(database, anchor, clock));
  EQN_CHECK(log->Append({.actor = "node", .action = "AUDIT_ACCEPTED", .outcome = "OK"}));
  return Ok();
}

}  // namespace equinode
