// What became of each entry of a file that a command takes in: a row each, a last line, an exit
// code. One rule for all of them: what is good is kept; 65 when anything was refused, 1 when
// something here is otherwise than the file has it, else 0.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/cli/sheet.h"

namespace equinode::cli {

class TakenIn {
 public:
  explicit TakenIn(std::vector<std::string> columns) : sheet_(std::move(columns)) {}

  void Add(std::vector<Json> cells, bool refused, bool differs) {
    refused_ += refused ? 1 : 0;
    differing_ += differs ? 1 : 0;
    sheet_.Add(std::move(cells));
  }

  // Prints the rows and says how many there were, or `nothing` when there are none. Returns the
  // exit code.
  Result<int> Finish(Format format, bool dry_run, std::string_view nothing) const;

 private:
  Sheet sheet_;
  std::size_t refused_ = 0;
  std::size_t differing_ = 0;
};

}  // namespace equinode::cli
