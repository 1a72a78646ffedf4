// The schema, as a list of numbered SQL files. One that was released is never edited: a database
// remembers the hash of each that it ran.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "storage/sqlite/connection.h"

namespace equinode {

struct Migration {
  std::string_view name{};  // NNNN_words.sql
  std::string_view sql{};
};

// All of storage/schema, embedded at build, by number.
std::span<const Migration> SchemaMigrations();

// Brings the database to the last of `all`, each step in a transaction of its own.
// FAILED_PRECONDITION / NEWER_SCHEMA when a newer program made it, SCHEMA_CHANGED when a step that
// it ran reads otherwise today, BAD_MIGRATIONS when `all` is out of order.
Status Migrate(Connection& connection, std::span<const Migration> all, Instant now);

}  // namespace equinode
