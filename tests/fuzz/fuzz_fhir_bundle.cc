// A Bundle taken apart: what the pieces are is what a whole parse would have found.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "client/import/fhir/bundle.h"
#include "client/import/file_kind.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace equinode;
  using namespace equinode::fhir;
  static Parser parser;
  static Parser whole_parser;
  std::string text(reinterpret_cast<const char*>(data), size);
  text.reserve(size + kPadding);
  (void)KindOf(text, size % 2 == 0, size % 3 == 0 ? "a.ndjson" : "a.json");
  const auto bundle = OpenBundle(text, parser);
  if (!bundle.ok()) {
    if (bundle.error().reason.empty() || bundle.error().message.size() < 10) std::abort();
    return 0;
  }
  // Pieces that are right make a whole that is right.
  if (!whole_parser.Parse(text).ok() && text.size() <= kMaxResource) std::abort();
  std::uint64_t last = 0;
  const auto read = ReadEntries(
      text, *bundle, parser,
      [&](std::uint64_t number, std::string_view, const Result<dom::element>& resource) -> Status {
        if (number != last + 1) std::abort();
        if (!resource.ok() && resource.error().reason.empty()) {
          std::abort();
        }
        last = number;
        return Ok();
      });
  if (!read.ok() || last != bundle->pieces.entries.size()) std::abort();
  return 0;
}
