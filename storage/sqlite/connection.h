// One handle on the encrypted file, with every setting that we rely on made and checked.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "storage/sqlite/statement.h"

struct sqlite3;
struct sqlite3_stmt;

namespace equinode {

struct ConnectionOptions {
  std::string vfs{};             // Empty = the system's. Tests put a failing one here.
  bool read_only = false;        // Statements that would write fail.
  std::size_t cache_kib = 8192;  // Pages kept in memory.
};

// FAILED_PRECONDITION / CIPHER_TOO_OLD unless the library that this process runs with is SQLCipher
// 4.6 or newer: what was built against need not be what is loaded. Opens no file.
Status CheckCipherLibrary();
// The rule itself, over what PRAGMA cipher_version says ("4.6.1 community").
Status CheckCipherVersion(std::string_view text);

// Used by one thread at a time.
class Connection {
 public:
  // Opens an existing file (it may be empty: then it becomes a database under `key`). `key` has 32
  // bytes. DATA_LOSS / WRONG_KEY when the key does not open it.
  static Result<std::unique_ptr<Connection>> Open(const std::filesystem::path& file,
                                                  const Secret& key, const ConnectionOptions&);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Compiled once and kept for the next caller with the same text.
  Statement Prepare(std::string_view sql);
  // One or more statements without results.
  Status Exec(const std::string& sql);

  // No transaction is open (SQLite ends one by itself on some errors).
  bool autocommit() const;
  std::int64_t total_changes() const;
  // The last code of a statement that IsDiskFailure; 0 = none so far.
  int disk_failure() const { return disk_failure_; }
  void NoteFailure(int code);
  sqlite3* handle() const { return db_; }

 private:
  friend class Statement;
  explicit Connection(sqlite3* db) : db_(db) {}
  Status SetKey(const Secret& key);
  Status Settle(const ConnectionOptions& options);
  Result<std::string> Pragma(const std::string& sql);

  // Finds a text without copying it.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  sqlite3* db_;
  int disk_failure_ = 0;
  // Statements not in use, by their text. Entries stay, so that a Statement may point into one.
  std::unordered_map<std::string, std::vector<sqlite3_stmt*>, TextHash, std::equal_to<>> idle_{};
};

}  // namespace equinode
