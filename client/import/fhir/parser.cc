#include "client/import/fhir/parser.h"

#include <algorithm>

#include "client/import/fhir/json_text.h"
#include "client/import/fhir/refuse.h"

namespace equinode::fhir {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kUsual = 256 * 1024;
constexpr std::size_t kMaxMarks = 1'000'000;

// A parser's memory follows the number of values, which these marks bound.
std::size_t CountMarks(std::string_view text) {
  std::size_t count = 0;
  for (const char mark : {',', ':', '[', '{'}) {
    count += static_cast<std::size_t>(std::count(text.begin(), text.end(), mark));
  }
  return count;
}

}  // namespace

Result<dom::element> Parser::Parse(std::string_view text) {
  if (text.size() > kMaxResource) {
    return Refuse("LINE_TOO_LONG",
                  "a resource is over 4 MiB; leave attachments out of the export, or split it");
  }
  if (text.size() > kUsual && CountMarks(text) > kMaxMarks) {
    return Refuse("TOO_MANY", "a resource has over 1,000,000 values; it is no FHIR resource");
  }
  // Two sizes only: what grows step by step leaves holes behind it.
  const std::size_t want = text.size() <= kUsual ? kUsual : kMaxResource;
  if (parser_.capacity() < want) {
    parser_ = simdjson::dom::parser{};
    if (parser_.allocate(want, kMaxDepth) != simdjson::SUCCESS ||
        parser_.doc.allocate(want) != simdjson::SUCCESS) {
      return Error{Code::kResourceExhausted, "OUT_OF_MEMORY", "there is no memory for a line"};
    }
  }
  dom::element root;
  const auto code = parser_.parse(text.data(), text.size(), false).get(root);
  if (code == simdjson::SUCCESS) return root;
  if (code == simdjson::UTF8_ERROR) {
    return Refuse("BAD_UTF8", "the text is not UTF-8; export it in that encoding");
  }
  if (code == simdjson::DEPTH_ERROR) {
    return Refuse("TOO_DEEP", "the resource is nested over 64 levels deep; it is no FHIR resource");
  }
  const std::size_t at = FindJsonError(text);
  if (at == kNoEnd) {
    return Refuse("BAD_JSON",
                  "a text has a wrong escape, or a number is out of range; correct it "
                  "at the source");
  }
  return Refuse("BAD_JSON", "not JSON at " + Position(text, at) +
                                ": a comma too many, a quote or bracket missing, or a line that "
                                "was cut off; export it again");
}

}  // namespace equinode::fhir
