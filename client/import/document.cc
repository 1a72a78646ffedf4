#include "client/import/document.h"

#include <algorithm>

#include "client/import/fhir/refuse.h"

namespace equinode {

Result<std::string> ReadDocument(ByteSource& source) {
  constexpr std::size_t kPadding = 64;
  std::string text;
  std::size_t size = 0;
  while (true) {
    if (text.size() - size < 64 * 1024) {
      text.resize(std::clamp<std::size_t>(2 * size, 256 * 1024, kMaxDocument + 128 * 1024));
    }
    EQN_TRY(const std::size_t got, source.Read(text.data() + size, text.size() - size));
    size += got;
    if (size > kMaxDocument) {
      return fhir::Refuse("DOCUMENT_TOO_LARGE",
                          "a JSON document over 16 MiB is not read whole; convert to NDJSON: one "
                          "resource a line");
    }
    if (got == 0) break;
  }
  text.resize(size);
  text.reserve(size + kPadding);
  return text;
}

}  // namespace equinode
