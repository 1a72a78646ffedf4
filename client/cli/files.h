// Small files: read whole, bounded; written whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace equinode::cli {

// NOT_FOUND / NO_SUCH_FILE with the system's words, INVALID_ARGUMENT / FILE_TOO_LONG.
Result<std::string> ReadText(const std::filesystem::path& path, std::size_t most);
Result<Secret> ReadSecret(const std::filesystem::path& path);  // At most 64 KiB.

// FAILED_PRECONDITION / `reason` when anybody but the owner may read or write the file.
Status OnlyOurs(const std::filesystem::path& path, std::string_view reason);

// Through a new file beside it, which then takes its place. `mode` such as 0600.
Status WriteText(const std::filesystem::path& path, std::string_view text, unsigned mode = 0644);

}  // namespace equinode::cli
