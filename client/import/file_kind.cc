#include "client/import/file_kind.h"

#include <string>

#include "client/import/fhir/json_text.h"
#include "client/import/fhir/refuse.h"

namespace equinode {
namespace {

bool NamedAsLines(const std::filesystem::path& name) {
  std::filesystem::path plain = name;
  if (plain.extension() == ".gz") plain = plain.stem();
  const std::string extension = plain.extension().string();
  return extension == ".ndjson" || extension == ".jsonl";
}

bool LooksBinary(std::string_view head) {
  for (const char c : head.substr(0, 1024)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') return true;
  }
  return false;
}

Result<FileKind> KindOfObjects(std::string_view head, bool whole,
                               const std::filesystem::path& name) {
  const std::size_t end = fhir::EndOfValue(head, 0);
  const std::size_t line = head.find('\n');
  if (end == fhir::kNoEnd) {
    // One line that is longer than what was looked at, or an object over several lines, or a first
    // line that is broken.
    if (line == std::string_view::npos && !whole) {
      return NamedAsLines(name) ? FileKind::kLines : FileKind::kDocument;
    }
    const std::size_t second = line == std::string_view::npos ? head.size() : line + 1;
    const bool objects = NamedAsLines(name) && head.substr(second, 1) == "{";
    return objects ? FileKind::kLines : FileKind::kDocument;
  }
  const std::size_t rest = fhir::SkipSpace(head, end);
  if (rest == head.size() && whole) {
    return NamedAsLines(name) && line >= end ? FileKind::kLines : FileKind::kDocument;
  }
  if (line >= end || NamedAsLines(name)) return FileKind::kLines;
  if (rest == head.size()) return FileKind::kDocument;
  return fhir::Refuse("SEVERAL_DOCUMENTS",
                      "the file has several JSON documents with line ends inside; write each on "
                      "one line (NDJSON) or in a file of its own");
}

}  // namespace

Result<FileKind> KindOf(std::string_view head, bool whole, const std::filesystem::path& name) {
  if (head.substr(0, 2) == "\xFF\xFE" || head.substr(0, 2) == "\xFE\xFF") {
    return fhir::Refuse("BAD_ENCODING", "the file is UTF-16; convert it to UTF-8");
  }
  if (head.substr(0, 3) == "\xEF\xBB\xBF") head.remove_prefix(3);
  head.remove_prefix(fhir::SkipSpace(head, 0));
  if (head.empty()) return whole ? FileKind::kEmpty : FileKind::kLines;
  if (head.substr(0, 4) == "PK\x03\x04") {
    return fhir::Refuse("NOT_JSON", "the file is a zip archive; unpack it first");
  }
  if (head[0] == '{') return KindOfObjects(head, whole, name);
  if (NamedAsLines(name)) return FileKind::kLines;  // Its first line is refused, not the file.
  if (head[0] == '<') {
    return fhir::Refuse("NOT_JSON", "the file is XML or HTML; export FHIR as JSON or NDJSON");
  }
  if (head[0] == '[') {
    return fhir::Refuse("JSON_ARRAY",
                        "the file is a JSON list; write its resources one a line (NDJSON) or into "
                        "a Bundle of type collection");
  }
  if (!LooksBinary(head) &&
      head.substr(0, head.find('\n')).find_first_of(",;\t") != std::string_view::npos) {
    return FileKind::kTable;
  }
  return fhir::Refuse("UNKNOWN_FORMAT",
                      "the file is neither FHIR JSON, NDJSON nor CSV; leave it out");
}

}  // namespace equinode
