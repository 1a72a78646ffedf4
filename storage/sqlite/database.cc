#include "storage/sqlite/database.h"

namespace equinode {

namespace {

// Whether this thread is inside a Read: a second one could wait for itself.
thread_local bool t_reading = false;

}  // namespace

Result<std::unique_ptr<Database>> Database::Open(const std::filesystem::path& folder,
                                                 const Secret& key, const Clock& clock,
                                                 OpenOptions options) {
  if (key.size() != 32) {
    return Error{Code::kInvalidArgument, "BAD_KEY",
                 "the data key must have exactly 32 bytes; check the key file"};
  }
  EQN_CHECK(CheckCipherLibrary());
  const std::filesystem::path file = folder / kFileName;
  if (!options.make) EQN_CHECK(RequireDatabaseFile(file));
  EQN_CHECK(CheckDatabaseFile(file));  // Before anything is made.
  EQN_CHECK(PrepareFolder(folder));
  EQN_TRY(FolderLock lock, FolderLock::Take(folder));
  EQN_CHECK(PrepareFile(file));
  EQN_TRY(std::unique_ptr<Connection> connection,
          Connection::Open(file, key, {.vfs = options.vfs, .cache_kib = options.writer_cache_kib}));
  EQN_CHECK(Migrate(*connection, SchemaMigrations(), clock.Now()));
  return std::unique_ptr<Database>(
      new Database(folder, std::move(lock), key, options, std::move(connection)));
}

Database::Database(std::filesystem::path folder, FolderLock lock, const Secret& key,
                   const OpenOptions& options, std::unique_ptr<Connection> connection)
    : folder_(std::move(folder)),
      lock_(std::move(lock)),
      readers_(folder_ / kFileName, key,
               {.vfs = options.vfs, .read_only = true, .cache_kib = options.reader_cache_kib},
               options.readers),
      writer_(std::make_unique<Writer>(std::move(connection), options.writer)) {}

Database::~Database() = default;

Status Database::RunWrite(std::string_view /*name*/, const Writer::Body& body) {
  if (t_reading) {
    return Error{
        Code::kFailedPrecondition, "NESTED_WRITE",
        "a write inside a read would hold the snapshot while it waits; end the read first"};
  }
  return writer_->Run(body);
}

Result<Database::ReadScope> Database::ReadScope::Begin(Database& database) {
  if (t_reading) {
    return Error{Code::kFailedPrecondition, "NESTED_READ",
                 "a read inside a read could wait for itself; use the transaction at hand"};
  }
  EQN_TRY(ReaderPool::Lease lease, database.readers_.Take(database.writer_->committed_group()));
  return ReadScope(std::move(lease));
}

Database::ReadScope::ReadScope(ReaderPool::Lease lease) : lease_(std::move(lease)) {
  tx_.emplace(lease_->connection());
  t_reading = true;
}

Database::ReadScope::ReadScope(ReadScope&& other) noexcept : lease_(std::move(other.lease_)) {
  tx_.emplace(lease_->connection());
  other.lease_.reset();
  other.tx_.reset();
}

Database::ReadScope::~ReadScope() {
  if (!lease_) return;
  lease_.reset();
  t_reading = false;
}

Status Database::CheckIntegrity() {
  return Read([](ReadTx& tx) -> Status {
    const Error damaged{Code::kDataLoss, "DATABASE_DAMAGED",
                        "the database is damaged; restore it from a backup"};
    Statement pages = tx.Prepare("PRAGMA cipher_integrity_check");
    EQN_TRY(const bool bad_page, pages.Step());
    if (bad_page) return damaged;
    Statement trees = tx.Prepare("PRAGMA integrity_check(1)");
    EQN_TRY(const bool row, trees.Step());
    if (!row || trees.TextView(0) != "ok") return damaged;
    return Ok();
  });
}

}  // namespace equinode
