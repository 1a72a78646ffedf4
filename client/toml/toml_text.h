// TOML made plain for its parser: toml++ 3.3 has no defined behaviour for letters beyond ASCII that
// it meets outside of strings, in any broken text.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace equinode {

// The same document in ASCII, line by line: in "strings" a letter beyond ASCII is escaped, in
// comments it is a question mark. INVALID_ARGUMENT / BAD_TOML as "line N: ..." for one that stands
// elsewhere, 'literal strings' included, and for what is not UTF-8. A byte order mark at the start
// is dropped.
Result<std::string> AsciiToml(std::string_view toml);

}  // namespace equinode
