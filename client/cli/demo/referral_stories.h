// The referrals of the demo, each with its own story from the consent to the closed loop.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "client/cli/demo/network.h"

namespace equinode::demo {

// People of one practice that the stories are about, at most.
std::size_t StoriesOfAPractice();

struct StoriesTold {
  std::size_t referrals = 0;  // That arrived.
  std::size_t hosted = 0;     // Of them, to the organisation without a node.
  std::size_t kept_back = 0;  // Their consent was taken back while they were on their way.
  std::size_t refused = 0;    // For want of consent.
  std::size_t no_shows = 0;
  std::size_t cancel_races = 0;  // A cancellation that an outcome beat.
  std::size_t cancelled = 0;     // A cancellation that came first.
  std::size_t revoked = 0;       // Consents taken back after the acceptance.
  std::size_t closed = 0;        // Loops: the practice has seen the end.
  // practice,person,domain,organisation,sent,accepted,ended,acknowledged,end,id: what was done and
  // on which day, for whoever counts again; what never arrived has no day.
  std::string table{};
};

// people[i]: source ids of practice i, in the order in which they get a story. Which stories, how
// many and to whom follows from the seed; every kind is among each practice's. Nothing is lost
// here: a referral is lost when nobody answers for 30 days by its node's clock, and a demo moves no
// clock. Tells every story at the practices, at the food bank's node and, for the hosted
// organisation, at the QHIO's. REFERRALS_SLOW when an end does not hear of the other in a minute;
// REVOKED_AND_TOLD when somebody was told of a person whose consent was taken back before.
Result<StoriesTold> TellStories(Network& network,
                                const std::vector<std::vector<std::string>>& people,
                                std::uint64_t seed);

}  // namespace equinode::demo
