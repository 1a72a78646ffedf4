// A file of FHIR resources for the commands that make what the caller may make: one JSON document,
// or one a line (NDJSON).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace equinode::cli {

struct FhirDocument {
  std::uint64_t line = 0;  // From 1.
  std::string text{};
};

// At most 64 MiB; "-" is stdin. Whether a document is one of FHIR's is its reader's to say.
// NOT_FOUND / NO_SUCH_FILE, INVALID_ARGUMENT / FILE_TOO_LONG.
Result<std::vector<FhirDocument>> ReadFhirDocuments(const std::filesystem::path& path);

// The same UUID for the same words: of a request that must not be made twice. `what` names the use.
std::string UuidFor(std::string_view what, std::string_view words);

}  // namespace equinode::cli
