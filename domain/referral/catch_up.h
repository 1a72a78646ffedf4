// Where another system's word says that a referral is, as the verbs that bring it there: for what
// an organisation's own software, or a plan's file, knows and this node does not yet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/referral/status_words.h"
#include "domain/referral/words.h"

namespace equinode::referral {

struct CatchUpStep {
  EventKind verb = EventKind::kAccept;
  std::string reason{};  // A code of reasons.csv, where the verb wants one.
  friend bool operator==(const CatchUpStep&, const CatchUpStep&) = default;
};

// The verbs of the target's people from `from` to where `word` stands; none when it is there, or
// further on the same way. A word that ends before acceptance what was accepted here ends it as
// failed (as 360X does).
//   FAILED_PRECONDITION / ENDED_OTHERWISE   it has ended here in another way; nothing undoes that.
//                         NO_WAY            people cannot say that: a draft, an expiry, a hold
//                                           (which wants its day).
Result<std::vector<CatchUpStep>> CatchUp(State from, const StatusWord& word);

}  // namespace equinode::referral
