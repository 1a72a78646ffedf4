#include "storage/sqlite/migrations.h"

#include <charconv>
#include <string>

#include "base/crypto/hash.h"
#include "storage/sqlite/schema.h"

namespace equinode {

namespace {

constexpr std::string_view kMakeTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations("
    "number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 BLOB NOT NULL, "
    "applied_at INTEGER NOT NULL) STRICT";

Result<int> NumberOf(std::string_view name) {
  int number = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
  if (read.ec != std::errc() || read.ptr != name.data() + 4 || number < 1) {
    return Error{Code::kInternal, "BAD_MIGRATIONS", "a schema file's name does not begin NNNN_"};
  }
  return number;
}

Status Apply(Connection& connection, int number, const Migration& step, Instant now) {
  EQN_CHECK(connection.Exec("BEGIN IMMEDIATE"));
  Status done = connection.Exec(std::string(step.sql));
  if (done.ok()) {
    const Digest digest = Sha256(AsBytes(step.sql));
    done = connection.Prepare("INSERT INTO schema_migrations VALUES(?,?,?,?)")
               .BindAll(std::int64_t{number}, step.name, ByteView(digest),
                        std::int64_t{now.time_since_epoch().count()})
               .Run();
  }
  if (done.ok()) done = connection.Exec("COMMIT");
  if (!done.ok() && !connection.autocommit()) (void)connection.Exec("ROLLBACK");
  return done;
}

}  // namespace

std::span<const Migration> SchemaMigrations() {
  static const auto kAll = [] {
    std::array<Migration, schema::kSchemaFiles.size()> all{};
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i] = {schema::kSchemaFiles[i].first, schema::kSchemaFiles[i].second};
    }
    return all;
  }();
  return kAll;
}

Status Migrate(Connection& connection, std::span<const Migration> all, Instant now) {
  EQN_CHECK(connection.Exec(std::string(kMakeTable)));
  int last = 0;
  std::size_t known = 0;
  Statement there = connection.Prepare("SELECT sha256 FROM schema_migrations WHERE number=?");
  for (const Migration& step : all) {
    EQN_TRY(const int number, NumberOf(step.name));
    if (number <= last) {
      return Error{Code::kInternal, "BAD_MIGRATIONS", "two schema files have the same number"};
    }
    last = number;
    there.Bind(1, std::int64_t{number});
    EQN_TRY(const bool ran, there.Step());
    const Digest digest = Sha256(AsBytes(step.sql));
    if (ran && AsText(there.BlobView(0)) != AsText(digest)) {
      return Error{Code::kFailedPrecondition, "SCHEMA_CHANGED",
                   "schema step " + std::to_string(number) +
                       " of this program is not the one that made the database; use the program "
                       "that came with it"};
    }
    there.Reset();
    if (ran) ++known;
  }
  Statement count = connection.Prepare("SELECT count(*), max(number) FROM schema_migrations");
  EQN_TRY(const bool row, count.Step());
  if (row && static_cast<std::size_t>(count.Int(0)) != known) {
    return Error{Code::kFailedPrecondition, "NEWER_SCHEMA",
                 "the database was made by a newer program (schema step " +
                     std::to_string(count.Int(1)) + ", this one knows up to " +
                     std::to_string(last) + "); install that version or a later one"};
  }
  count.Reset();
  for (const Migration& step : all) {
    EQN_TRY(const int number, NumberOf(step.name));
    there.Bind(1, std::int64_t{number});
    EQN_TRY(const bool ran, there.Step());
    there.Reset();
    if (!ran) EQN_CHECK(Apply(connection, number, step, now));
  }
  return Ok();
}

}  // namespace equinode
