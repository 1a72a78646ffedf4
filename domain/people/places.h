// States and counties of the United States as sources write them, each brought to one name: those
// of the FIPS codes (ANSI INCITS 38 and 31, as the Census Bureau lists them). Tables are data
// (domain/people/data, with their sources). Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace equinode {

// "US", "USA" and the names; empty counts, since most exports leave the country out.
bool IsUnitedStates(std::string_view country);

// The two letters of USPS: "CA" of "CA", "ca", "California", "Calif.", "06" and "US-CA". Also DC
// and the territories that have counties. Nothing for any other text.
std::optional<std::string_view> UsState(std::string_view text);

// The county of a state (two letters, as above) by the name that tells it from its neighbours,
// without the word for its kind: "Los Angeles" of "Los Angeles", "LOS ANGELES COUNTY", "County of
// Los Angeles", "Los Angeles Co." and "06037"; "Orleans" of "Orleans Parish". An independent city
// keeps the word: "Baltimore city" of "City of Baltimore"; "Baltimore" alone is the county, for
// that is what was asked. Case, accents, spaces and "Saint" for "St." make no difference; a county
// that was renamed is the one of today. Nothing for what is no county of the state.
std::optional<std::string_view> UsCounty(std::string_view state, std::string_view district);

}  // namespace equinode
