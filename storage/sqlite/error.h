// The one home of the translation from SQLite's codes to an Error.
#pragma once

#include <string_view>

#include "base/result.h"

struct sqlite3;

namespace equinode {

// `doing` says what was tried, e.g. "open the database". Names no row and no value: SQLite's own
// words are taken for a statement that does not compile only, and our statements are literals.
Error SqliteError(int code, std::string_view doing);

// True for an error after which what is on disk is not known: nothing more may be acknowledged
// until the database has been opened anew.
bool IsDiskFailure(int code);

}  // namespace equinode
