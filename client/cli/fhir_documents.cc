#include "client/cli/fhir_documents.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/crypto/hash.h"
#include "base/id.h"
#include "client/cli/files.h"

namespace equinode::cli {
namespace {

constexpr std::size_t kMostDocumentBytes = 64 * 1024 * 1024;

bool IsBlankLine(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// A line that is a whole document: the file has one a line, whatever else is wrong with it.
bool IsWholeDocument(std::string_view line) {
  return nlohmann::json::accept(line.begin(), line.end());
}

}  // namespace

Result<std::vector<FhirDocument>> ReadFhirDocuments(const std::filesystem::path& path) {
  const std::filesystem::path file = path == "-" ? std::filesystem::path("/dev/stdin") : path;
  EQN_TRY(std::string text, ReadText(file, kMostDocumentBytes));
  std::vector<FhirDocument> documents;
  std::uint64_t line = 0;
  for (std::size_t at = 0; at < text.size();) {
    ++line;
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view one = std::string_view(text).substr(at, end - at);
    at = end + 1;
    if (IsBlankLine(one)) continue;
    if (documents.empty() && !IsWholeDocument(one)) {
      documents.push_back({line, std::move(text)});  // One document over many lines.
      return documents;
    }
    documents.push_back({line, std::string(one)});
  }
  return documents;
}

std::string UuidFor(std::string_view what, std::string_view words) {
  Sha256Hasher hasher;
  const std::string length = std::to_string(what.size()) + ":";
  for (const std::string_view part : {std::string_view(length), what, words}) {
    hasher.Update(AsBytes(part));
  }
  const Digest digest = hasher.Finish();
  Bytes bytes(digest.begin(), digest.begin() + 16);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x80);  // RFC 9562: version 8.
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
  return Uuid::FromBytes(bytes)->ToString();
}

}  // namespace equinode::cli
