// What one sees of a person: of each field the winning assertion, chosen from all assertions of all
// records that are the person's. A pure function of the set; their order does not matter (DESIGN
// section 7, reference/people/NOTES.md section 1.7).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "domain/people/record.h"

namespace equinode {

// One assertion and where it stands. `assertion` belongs to somebody else.
struct SourcedAssertion {
  const Assertion* assertion = nullptr;
  std::string record{};  // Owner and source id: whose record it is in.
  std::uint32_t position = 0;
  Instant recorded_at{};  // Stands in for the day of collection where that is not known.
};

struct ProjectedField {
  AssertionField field = AssertionField::kRace;
  const Assertion* winner = nullptr;
  // To be confirmed at the next visit: the winner contradicts itself, or another direct answer, or
  // a newer one of any method, differs from a direct winner in more than detail (OMB 1997 groups,
  // primary language).
  bool conflict = false;
  // A later "declined" that does not displace an earlier self-reported answer; null for none.
  const Assertion* declined_later = nullptr;
};

// In the order of the fields; fields of which nothing was said are not there. A winner is taken
// whole: answers of two sources are never united. First those with an answer, then by rank of the
// method, then newest collected, then more detail, then the smaller record and position. ABSENT,
// NOT_ASKED, UNSUPPORTED and NOT_APPLICABLE displace nothing. An answer in conflict loses to any
// that is not.
std::vector<ProjectedField> Project(std::span<const SourcedAssertion> assertions);

}  // namespace equinode
