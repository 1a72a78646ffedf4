// What was refused, so that a person can mend it: file, line, resource, reason, what to do. Nothing
// about a person beyond the type and id of the resource: the file stays on the machine that
// imported.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"

namespace equinode {

struct RejectedLine {
  std::string file{};        // As found from the path that was given.
  std::uint64_t line = 0;    // From 1; in a Bundle the number of the entry; 0 = the whole file.
  std::string resource{};    // "Patient/123", "Patient" or empty: what is known of it.
  std::string reason{};      // UPPER_SNAKE.
  std::string what_to_do{};  // A sentence: what is wrong and how to mend it.
  friend bool operator==(const RejectedLine&, const RejectedLine&) = default;
};

// RFC 4180 with LF, cells as client/csv writes them.
std::string CsvRow(const RejectedLine& line);
inline constexpr std::string_view kRejectedHeader = "file,line,resource,reason,what_to_do\n";

// The list of one import, which may take several runs: a file with ".state" behind its name says of
// which import it is, and whether it is whole. A run of the same import goes on with the list and
// writes no row twice, any other begins a new one. Both are made (0600) with the first line that is
// added, so that an import without refusals leaves none. One thread.
class RejectedCsv {
 public:
  // `run` names the import, in hex; empty = every run is an import of its own.
  RejectedCsv(std::filesystem::path path, std::string run);
  ~RejectedCsv();
  RejectedCsv(const RejectedCsv&) = delete;
  RejectedCsv& operator=(const RejectedCsv&) = delete;

  // The row is in the file when this returns: it outlives the program from then on. INTERNAL /
  // CANNOT_WRITE names the path and the system's words.
  Status Add(const RejectedLine& line);
  // The list is whole. `keep_old`: files were passed by, whose rows of before hold. Else what a
  // whole list of before has and did not come again is gone.
  Status Finish(bool keep_old);
  std::uint64_t rows() const;  // Added and new.

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace equinode
