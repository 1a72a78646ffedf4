#include "storage/sqlite/error.h"

#include <sqlcipher/sqlite3.h>

#include <string>

namespace equinode {

namespace {

struct Translation {
  int code;
  Code to;
  std::string_view reason;
  std::string_view advice;
};

constexpr Translation kTable[] = {
    {SQLITE_NOTADB, Code::kDataLoss, "DATABASE_DAMAGED", "the database cannot be decrypted"},
    {SQLITE_CORRUPT, Code::kDataLoss, "DATABASE_DAMAGED",
     "the database is damaged; restore it from a backup"},
    {SQLITE_FULL, Code::kResourceExhausted, "DISK_FULL",
     "the disk is full; make room and try again"},
    {SQLITE_IOERR, Code::kUnavailable, "DISK_ERROR",
     "the disk gave an error; look at the machine's log, then restart the node"},
    {SQLITE_CANTOPEN, Code::kFailedPrecondition, "CANNOT_OPEN",
     "the file cannot be opened; check that it is there and its owner and mode"},
    {SQLITE_PERM, Code::kFailedPrecondition, "CANNOT_OPEN", "the file's mode forbids it"},
    {SQLITE_READONLY, Code::kFailedPrecondition, "READ_ONLY",
     "the database is open for reading only"},
    {SQLITE_BUSY, Code::kUnavailable, "STORE_BUSY", "the database is in use; try again"},
    {SQLITE_LOCKED, Code::kUnavailable, "STORE_BUSY", "the table is in use; try again"},
    {SQLITE_NOMEM, Code::kResourceExhausted, "OUT_OF_MEMORY", "not enough memory; try again"},
    {SQLITE_TOOBIG, Code::kInvalidArgument, "TOO_LARGE", "a value is too large to be stored"},
    {SQLITE_INTERRUPT, Code::kCancelled, "INTERRUPTED", "the statement was interrupted"},
};

}  // namespace

Error SqliteError(int code, std::string_view doing) {
  if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
      code == SQLITE_CONSTRAINT_ROWID) {
    return {Code::kAlreadyExists, "ROW_EXISTS", std::string(doing) + ": such a row is there"};
  }
  for (const Translation& row : kTable) {
    if (row.code != (code & 0xff)) continue;
    return {row.to, std::string(row.reason),
            std::string(doing) + ": " + std::string(row.advice) + " (sqlite " +
                std::to_string(code) + ")"};
  }
  return {
      Code::kInternal, "STORE_ERROR",
      std::string(doing) + ": " + sqlite3_errstr(code) + " (sqlite " + std::to_string(code) + ")"};
}

bool IsDiskFailure(int code) {
  return (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CORRUPT ||
         (code & 0xff) == SQLITE_NOTADB;
}

}  // namespace equinode
