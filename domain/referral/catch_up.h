// Where another system's word says that a referral is, as the verbs that bring it there: for what
// an organisation's own software, or a plan's file, knows and this node does not yet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/referral/status_words.h"
#include "domain/referral/view.h"
#include "domain/referral/words.h"

namespace equinode::referral {

struct CatchUpStep {
  EventKind verb = EventKind::kAccept;
  std::string reason{};    // A code of reasons.csv, where the verb wants one.
  bool wants_day = false;  // hold: the day on which it is looked at again, see ReviewOf().
  friend bool operator==(const CatchUpStep&, const CatchUpStep&) = default;
};

struct CatchUpWay {
  std::vector<CatchUpStep> steps{};
  // The referral is further on than the word, which is then no longer true: nothing to do.
  bool behind = false;
};

// The verbs of the target's people from where a referral stands to where `word` stands; none when
// it is there. A word that ends before acceptance what was accepted here ends it as failed (as 360X
// does). `closure` is the category that came with the word, or empty: where the word leaves open
// why something ended, it says so.
//   INVALID_ARGUMENT    / CLOSURE_DISAGREES  `closure` is none, or not what the word says.
//   FAILED_PRECONDITION / ENDED_OTHERWISE    it has ended here in another way, or for another
//                                            reason; nothing undoes that.
//                         NO_WAY             people cannot say that: a draft, an expiry.
Result<CatchUpWay> CatchUp(const View& view, const StatusWord& word, std::string_view closure);

// When a hold that another system names without a day is looked at again: when the target has to
// say how it stands (the clock `update`), and not before `now`.
Instant ReviewOf(const View& view, Instant now);

}  // namespace equinode::referral
