// Whether the reference folder is there at all: absent, its tests are skipped; there and without
// the cases that a test reads, they fail.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace equinode::testing {

inline std::filesystem::path ReferenceFolder() {
  const char* from = std::getenv("EQUINODE_REFERENCE_DIR");
  return from != nullptr ? from : "../shared/reference";
}

inline bool ReferenceIsThere() { return std::filesystem::is_directory(ReferenceFolder()); }

}  // namespace equinode::testing
