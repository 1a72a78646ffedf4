// What a new code table changes, and whether it may take the place of the one before it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "domain/zcodes/code_table.h"

namespace equinode {

struct CodeChange {
  enum class Kind : std::uint8_t {
    kAdded,
    kRemoved,  // Gone from the table: what bears it could no longer be judged.
    kEnds,     // A last day, where there was none or another.
    kRetitled,
    kRemapped,  // Other domains or another group.
    kPast,      // A day before the new table's version is judged otherwise than so far.
  };
  Kind kind = Kind::kAdded;
  std::string code{};
  std::string detail{};
  friend bool operator==(const CodeChange&, const CodeChange&) = default;
};
std::string_view CodeChangeName(CodeChange::Kind kind);  // "added", "removed", ...

// In the order of the codes.
std::vector<CodeChange> ChangesOf(const ZCodeTable& before, const ZCodeTable& after);

// The last version that a table may have on that day: the first day of the federal fiscal year that
// comes next, each 1 October. ICD-10-CM is published for no year after it, and a version far ahead,
// a slip of the pen, would shut out every table until then.
std::chrono::sys_days LastVersionOn(std::chrono::sys_days today);

// A table takes the place of an older one only. FAILED_PRECONDITION / OLDER_CODE_TABLE,
// FUTURE_CODE_TABLE, CODE_REMOVED, PAST_CHANGED (unless `past` allows it: a correction of the table
// itself).
Status MayReplace(const ZCodeTable& before, const ZCodeTable& after, bool past,
                  std::chrono::sys_days today);

}  // namespace equinode
