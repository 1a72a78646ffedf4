// A Bundle taken apart: validated as a whole, its entries then read one by one in little memory.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "client/import/fhir/json_text.h"
#include "client/import/fhir/parser.h"
#include "client/import/fhir/reference.h"

namespace equinode::fhir {

struct Bundle {
  Pieces pieces{};
  FullUrls urls{};  // Of all entries, wherever they stand.
};

// `text` is one JSON document with kPadding readable bytes behind. Every entry is parsed once here.
// Refusals: BAD_JSON and the like with the position, NOT_A_BUNDLE, BUNDLE_TYPE for those that are
// no collection, transaction, batch or searchset.
Result<Bundle> OpenBundle(std::string_view text, Parser& parser);

// The second reading. `each` gets the number of the entry from 1, its fullUrl and its resource;
// what it returns ends the reading when it is an error. Entries without a resource are given with
// the refusal in place of one; a DELETE with the URL that it is about.
Status ReadEntries(std::string_view text, const Bundle& bundle, Parser& parser,
                   const std::function<Status(std::uint64_t number, std::string_view full_url,
                                              const Result<dom::element>& resource)>& each);

}  // namespace equinode::fhir
