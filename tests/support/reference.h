// Whether the reference folder is there at all: absent, its tests are skipped; there and without
// the cases that a test reads, they fail.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace equinode::testing {

inline bool ReferenceIsThere() {
  const char* from = std::getenv("EQUINODE_REFERENCE_DIR");
  return std::filesystem::is_directory(from != nullptr ? from : "../shared/reference");
}

}  // namespace equinode::testing
