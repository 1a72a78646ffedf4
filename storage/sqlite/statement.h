// One prepared statement, in use. Short-lived: it goes back to its connection when dropped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3_stmt;

namespace equinode {

class Connection;

// A statement that did not compile says so at the first Step or Run, so that callers chain calls.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Positions count from 1. Text and bytes are copied.
  Statement& Bind(int at, std::int64_t value);
  Statement& Bind(int at, std::string_view text);
  Statement& Bind(int at, ByteView bytes);
  Statement& BindNull(int at);
  // Without a copy: `bytes` must outlive the next Step, Run or Reset.
  Statement& BindView(int at, ByteView bytes);
  Statement& BindView(int at, std::string_view text);
  // Binds all arguments in order, from position 1.
  template <typename... Args>
  Statement& BindAll(const Args&... args) {
    int at = 0;
    (Bind(++at, args), ...);
    return *this;
  }

  // True while there is a row to read.
  Result<bool> Step();
  // Runs to the end, passing over rows, and makes the statement ready to be bound again.
  Status Run();
  // Ready to run again; bindings stay.
  void Reset();

  // Columns of the current row, from 0. Views live until the next Step, Run or Reset.
  bool IsNull(int column) const;
  std::int64_t Int(int column) const;
  std::string Text(int column) const;
  Bytes Blob(int column) const;
  std::string_view TextView(int column) const;
  ByteView BlobView(int column) const;

 private:
  friend class Connection;
  Statement(Connection& connection, std::vector<sqlite3_stmt*>& idle, sqlite3_stmt* stmt,
            Error error);
  void Keep(int code);

  Connection* connection_;
  std::vector<sqlite3_stmt*>* idle_;  // Where the connection keeps it between uses.
  sqlite3_stmt* stmt_;                // Null when it did not compile.
  Error error_;                       // Code::kOk while nothing failed.
};

}  // namespace equinode
