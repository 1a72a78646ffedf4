// Social needs of made people as FHIR R4 lines: what was asked and answered, and what of it came to
// be a code on an encounter, in order or not.
#pragma once

#include <cstdint>
#include <string>

#include "client/generate/made_person.h"

namespace equinode::made {

// Of whole lines with their ends.
struct CareLines {
  std::string observations{};
  std::string conditions{};
  std::string encounters{};
  std::uint64_t lines = 0;
};

// Six of ten people are asked, mostly in the year of the report; practices by turns with AHC-HRSN,
// and with Hunger Vital Sign beside questions of PRAPARE. A third of those with a need get a code
// on an encounter: most of them signed off and secondary, some not. A pure function of what is
// given.
CareLines CareOf(const MadePerson& person, std::uint64_t seed, std::uint32_t practice,
                 std::uint32_t number);

}  // namespace equinode::made
