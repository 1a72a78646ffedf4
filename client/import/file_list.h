// The files below the paths that were named, in an order that does not change.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace equinode {

struct FoundFile {
  std::filesystem::path path{};
  std::uint64_t size = 0;
  std::string stamp{};  // Full name, size and modification time, for the cursor's digest.
};

// Paths in their order; within a folder by name, byte by byte; names that begin with a dot and
// symbolic links inside folders are left out. CSV files come last, whatever their place: their
// rows speak of people by record numbers that the other files bring. NOT_FOUND / NO_SUCH_PATH,
// FAILED_PRECONDITION / TOO_MANY_FILES over 1,000,000.
Result<std::vector<FoundFile>> FindFiles(const std::vector<std::filesystem::path>& paths);

}  // namespace equinode
