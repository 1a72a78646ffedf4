// What a file is, told by its first bytes; its name decides only where the bytes leave it open.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace equinode {

enum class FileKind : std::uint8_t {
  kEmpty,
  kLines,     // NDJSON: one resource a line.
  kDocument,  // One JSON document: a resource or a Bundle.
  kTable,     // CSV.
};

// `head` is the first up to 256 KiB after gunzip, `whole` says that there is no more. One long line
// without an end in the head is a document unless its name says lines; whether it is too large for
// one, its reading finds out. INVALID_ARGUMENT with what it is instead and what to do: NOT_JSON
// (XML, zip), BAD_ENCODING, JSON_ARRAY, SEVERAL_DOCUMENTS, UNKNOWN_FORMAT.
Result<FileKind> KindOf(std::string_view head, bool whole, const std::filesystem::path& name);

inline constexpr std::size_t kHeadSize = 256 * 1024;

}  // namespace equinode
