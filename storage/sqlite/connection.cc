#include "storage/sqlite/connection.h"

#define SQLITE_HAS_CODEC 1  // The header hides the key calls behind it.
#include <sqlcipher/sqlite3.h>

#include <charconv>
#include <utility>

#include "storage/sqlite/error.h"

namespace equinode {

namespace {

constexpr std::size_t kKeySize = 32;

// Not NUL-terminated; the caller's memory is locked and wiped.
Secret RawKeyLiteral(const Secret& key) {
  constexpr char kDigits[] = "0123456789abcdef";
  Secret text(key.size() * 2 + 3);
  const auto out = text.mutable_view();
  std::size_t at = 0;
  out[at++] = 'x';
  out[at++] = '\'';
  for (const std::uint8_t byte : key.view()) {
    out[at++] = static_cast<std::uint8_t>(kDigits[byte >> 4]);
    out[at++] = static_cast<std::uint8_t>(kDigits[byte & 15]);
  }
  out[at++] = '\'';
  return text;
}

}  // namespace

Status CheckCipherVersion(std::string_view text) {
  int major = 0;
  int minor = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, major);
  if (first.ec == std::errc() && first.ptr != end && *first.ptr == '.') {
    (void)std::from_chars(first.ptr + 1, end, minor);
  }
  if (major > 4 || (major == 4 && minor >= 6)) return Ok();
  return Error{Code::kFailedPrecondition, "CIPHER_TOO_OLD",
               "the SQLCipher library is older than 4.6; install it from bookworm-backports"};
}

Status CheckCipherLibrary() {
  sqlite3* db = nullptr;
  const int opened = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE, nullptr);
  sqlite3_stmt* stmt = nullptr;
  std::string version;
  if (opened == SQLITE_OK &&
      sqlite3_prepare_v2(db, "PRAGMA cipher_version", -1, &stmt, nullptr) == SQLITE_OK &&
      sqlite3_step(stmt) == SQLITE_ROW) {
    const unsigned char* text = sqlite3_column_text(stmt, 0);
    if (text != nullptr) version = reinterpret_cast<const char*>(text);
  }
  sqlite3_finalize(stmt);
  sqlite3_close_v2(db);
  return CheckCipherVersion(version);  // SQLite without the cipher says nothing.
}

Result<std::unique_ptr<Connection>> Connection::Open(const std::filesystem::path& file,
                                                     const Secret& key,
                                                     const ConnectionOptions& options) {
  if (key.size() != kKeySize) {
    // An empty key would make a file in clear, and a key of another form would be stretched.
    return Error{Code::kInvalidArgument, "BAD_KEY", "the data key must have exactly 32 bytes"};
  }
  sqlite3* db = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
  std::unique_ptr<Connection> connection(new Connection(db));
  if (opened != SQLITE_OK) return SqliteError(opened, "open the database");
  sqlite3_extended_result_codes(db, 1);
  EQN_CHECK(connection->SetKey(key));
  EQN_CHECK(connection->Settle(options));
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, list] : idle_) {
    for (sqlite3_stmt* stmt : list) sqlite3_finalize(stmt);
  }
  sqlite3_close_v2(db_);
}

Status Connection::SetKey(const Secret& key) {
  const Secret literal = RawKeyLiteral(key);
  const int keyed =
      sqlite3_key_v2(db_, "main", literal.view().data(), static_cast<int>(literal.size()));
  if (keyed != SQLITE_OK) return SqliteError(keyed, "set the data key");
  // SQLCipher writes to stderr whatever it finds amiss, unless told after the key: that wakes it.
  EQN_CHECK(Exec("PRAGMA cipher_log = off; PRAGMA cipher_log_level = none"));
  // A wrong key shows at the first read only.
  sqlite3_stmt* stmt = nullptr;
  int code = sqlite3_prepare_v2(db_, "SELECT count(*) FROM sqlite_master", -1, &stmt, nullptr);
  if (code == SQLITE_OK) code = sqlite3_step(stmt);
  sqlite3_finalize(stmt);
  if ((code & 0xff) == SQLITE_NOTADB) {
    return Error{Code::kDataLoss, "WRONG_KEY",
                 "the data key does not open this database; give the key that it was made with"};
  }
  if (code != SQLITE_ROW) return SqliteError(code, "read the database");
  return Ok();
}

Status Connection::Settle(const ConnectionOptions& options) {
  EQN_TRY(const std::string version, Pragma("PRAGMA cipher_version"));
  EQN_CHECK(CheckCipherVersion(version));
  EQN_CHECK(
      Exec("PRAGMA cipher_memory_security = OFF; PRAGMA synchronous = FULL; "
           "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; "
           "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; "
           "PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0; "
           "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864"));
  EQN_CHECK(Exec("PRAGMA cache_size = -" + std::to_string(options.cache_kib)));
  EQN_TRY(const std::string mode, Pragma("PRAGMA journal_mode = WAL"));
  EQN_TRY(const std::string temp, Pragma("PRAGMA temp_store"));
  EQN_TRY(const std::string sync, Pragma("PRAGMA synchronous"));
  if (mode != "wal" || temp != "2" || sync != "2") {
    // Temporary files would hold rows in clear; another journal would lose acknowledged ones.
    return Error{Code::kFailedPrecondition, "STORE_SETTINGS",
                 "the database does not take the settings that keep it safe; is its folder on a "
                 "local disk?"};
  }
  if (options.read_only) EQN_CHECK(Exec("PRAGMA query_only = ON"));
  sqlite3_busy_timeout(db_, 0);  // One process, one writer: nothing to wait for.
  // The writer brings the log over itself, and never after a failed disk.
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return Ok();
}

Result<std::string> Connection::Pragma(const std::string& sql) {
  sqlite3_stmt* stmt = nullptr;
  int code = sqlite3_prepare_v2(db_, sql.c_str(), -1, &stmt, nullptr);
  if (code == SQLITE_OK) code = sqlite3_step(stmt);
  std::string text;
  if (code == SQLITE_ROW) {
    const unsigned char* value = sqlite3_column_text(stmt, 0);
    if (value != nullptr) text = reinterpret_cast<const char*>(value);
  }
  sqlite3_finalize(stmt);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return SqliteError(code, "read a setting");
  return text;
}

Statement Connection::Prepare(std::string_view sql) {
  auto found = idle_.find(sql);
  if (found == idle_.end()) found = idle_.try_emplace(std::string(sql)).first;
  std::vector<sqlite3_stmt*>& idle = found->second;
  if (!idle.empty()) {
    sqlite3_stmt* stmt = idle.back();
    idle.pop_back();
    return Statement(*this, idle, stmt, Error{Code::kOk});
  }
  sqlite3_stmt* stmt = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &stmt, nullptr);
  if (code == SQLITE_OK && stmt != nullptr) return Statement(*this, idle, stmt, Error{Code::kOk});
  NoteFailure(code);
  Error error = SqliteError(code, "compile a statement");
  // Statements are literals of ours: SQLite's words about them hold nothing of a person's.
  if (code == SQLITE_ERROR) error.message = sqlite3_errmsg(db_);
  return Statement(*this, idle, nullptr, std::move(error));
}

Status Connection::Exec(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return Ok();
  NoteFailure(code);
  Error error = SqliteError(code, "run a statement");
  if (code == SQLITE_ERROR) error.message = sqlite3_errmsg(db_);
  return error;
}

bool Connection::autocommit() const { return sqlite3_get_autocommit(db_) != 0; }

std::int64_t Connection::total_changes() const { return sqlite3_total_changes64(db_); }

void Connection::NoteFailure(int code) {
  if (IsDiskFailure(code)) disk_failure_ = code;
}

}  // namespace equinode
