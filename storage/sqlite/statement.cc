#include "storage/sqlite/statement.h"

#include <sqlcipher/sqlite3.h>

#include <utility>

#include "storage/sqlite/connection.h"
#include "storage/sqlite/error.h"

namespace equinode {

namespace {

// SQLite takes a null pointer for NULL; an empty value must stay an empty value.
const void* NotNull(const void* data) { return data == nullptr ? "" : data; }

}  // namespace

Statement::Statement(Connection& connection, std::vector<sqlite3_stmt*>& idle, sqlite3_stmt* stmt,
                     Error error)
    : connection_(&connection), idle_(&idle), stmt_(stmt), error_(std::move(error)) {}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      idle_(other.idle_),
      stmt_(std::exchange(other.stmt_, nullptr)),
      error_(std::move(other.error_)) {}

Statement::~Statement() {
  if (stmt_ == nullptr) return;
  sqlite3_reset(stmt_);
  sqlite3_clear_bindings(stmt_);
  idle_->push_back(stmt_);
}

void Statement::Keep(int code) {
  if (code != SQLITE_OK && error_.code == Code::kOk) error_ = SqliteError(code, "bind a value");
}

Statement& Statement::Bind(int at, std::int64_t value) {
  if (stmt_ != nullptr) Keep(sqlite3_bind_int64(stmt_, at, value));
  return *this;
}

Statement& Statement::Bind(int at, std::string_view text) {
  if (stmt_ != nullptr) {
    Keep(sqlite3_bind_text64(stmt_, at, static_cast<const char*>(NotNull(text.data())), text.size(),
                             SQLITE_TRANSIENT, SQLITE_UTF8));
  }
  return *this;
}

Statement& Statement::Bind(int at, ByteView bytes) {
  if (stmt_ != nullptr) {
    Keep(sqlite3_bind_blob64(stmt_, at, NotNull(bytes.data()), bytes.size(), SQLITE_TRANSIENT));
  }
  return *this;
}

Statement& Statement::BindNull(int at) {
  if (stmt_ != nullptr) Keep(sqlite3_bind_null(stmt_, at));
  return *this;
}

Statement& Statement::BindView(int at, ByteView bytes) {
  if (stmt_ != nullptr) {
    Keep(sqlite3_bind_blob64(stmt_, at, NotNull(bytes.data()), bytes.size(), SQLITE_STATIC));
  }
  return *this;
}

Statement& Statement::BindView(int at, std::string_view text) {
  if (stmt_ != nullptr) {
    Keep(sqlite3_bind_text64(stmt_, at, static_cast<const char*>(NotNull(text.data())), text.size(),
                             SQLITE_STATIC, SQLITE_UTF8));
  }
  return *this;
}

Result<bool> Statement::Step() {
  if (error_.code != Code::kOk) return error_;
  const int code = sqlite3_step(stmt_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  connection_->NoteFailure(code);
  return SqliteError(code, "run a statement");
}

Status Statement::Run() {
  for (;;) {
    Result<bool> row = Step();
    if (!row.ok()) {
      Reset();
      return std::move(row).error();
    }
    if (!*row) break;
  }
  Reset();
  return Ok();
}

void Statement::Reset() {
  if (stmt_ != nullptr) sqlite3_reset(stmt_);
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(stmt_, column) == SQLITE_NULL;
}

std::int64_t Statement::Int(int column) const { return sqlite3_column_int64(stmt_, column); }

std::string_view Statement::TextView(int column) const {
  const unsigned char* text = sqlite3_column_text(stmt_, column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column))};
}

ByteView Statement::BlobView(int column) const {
  const void* data = sqlite3_column_blob(stmt_, column);
  if (data == nullptr) return {};
  return {static_cast<const std::uint8_t*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column))};
}

std::string Statement::Text(int column) const { return std::string(TextView(column)); }

Bytes Statement::Blob(int column) const {
  const ByteView view = BlobView(column);
  return {view.begin(), view.end()};
}

}  // namespace equinode
