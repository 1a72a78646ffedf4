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
  // Stands in for the day of collection where that is not known. The epoch: not known either.
  Instant recorded_at{};
};

// Who is looked at, and when: as far as rules depend on it.
struct Viewed {
  PartialDate birth_date{};  // Empty: not known. A month or a year is taken at its first day.
  PartialDate today{};       // Empty: no day: nobody has come of age.
};

struct ProjectedField {
  AssertionField field = AssertionField::kRace;
  const Assertion* winner = nullptr;
  // To be confirmed at the next visit: the winner contradicts itself, or another direct answer, or
  // a newer one of any method, differs from a direct winner in more than detail (OMB 1997 groups,
  // primary language).
  bool conflict = false;
  // The day of the latest "declined" that is later than the winner and does not displace it; empty
  // for none.
  PartialDate declined_on{};
  // The winner was given by a proxy before the person, who is 18 now, was: to be asked again.
  bool came_of_age = false;
};

// In the order of the fields; fields of which nothing was said, or all was taken back, are not
// there. An assertion that a later one of its own record corrects or takes back is out, unless that
// one was taken back itself; what a correction took back stays out when it is corrected in turn. Of
// the others a winner is taken whole: answers of two sources are never united. First those with an
// answer, then by rank of the method, then newest collected, then more detail, then the smaller
// record and position. What a proxy said before the person turned 18 is one rank lower from that
// day on. ABSENT, NOT_ASKED, UNSUPPORTED and NOT_APPLICABLE displace nothing. An answer in conflict
// loses to any that is not.
std::vector<ProjectedField> Project(std::span<const SourcedAssertion> assertions,
                                    const Viewed& viewed = {});

}  // namespace equinode
