// Status words of other systems (findhelp, 360X, DHCS closed-loop file, HMIS, IRIS, HL7 v2) and
// ours, by data/status_words.csv, both ways. A word that came in is kept beside the referral at the
// node that took it in (storage: referral_word): where several words of a system mean the same to
// us, the same one goes out again while it is still true.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/referral/view.h"
#include "domain/referral/words.h"

namespace equinode::referral {

struct StatusWord {
  std::string_view system{};
  std::string_view word{};
  State state = State::kRequested;
  bool is_final = false;
  std::string_view closure{};  // "service-received", "unable-to-reach", ...; "none".
  std::string_view source{};
};
std::span<const StatusWord> StatusWords();
std::vector<std::string_view> StatusSystems();  // In the table's order.

// NOT_FOUND / NO_SUCH_SYSTEM or NO_SUCH_STATUS, with the words that there are.
Result<StatusWord> StatusFrom(std::string_view system, std::string_view word);

// A word as it came in, and where the referral stood once it had been brought there.
struct TakenWord {
  std::string system{};
  std::string word{};
  Instant taken_in{};
  std::optional<Instant> said_on{};  // The day that the other system named: its first moment, UTC.
  State state = State::kNone;
  Instant since{};  // View::since.
  friend bool operator==(const TakenWord&, const TakenWord&) = default;
};
// The referral has not moved since.
bool StillTrue(const TakenWord& word, const View& view);

// A closure category that says one thing: not "none", "other", or what stands for "say it
// elsewhere".
bool IsSpecific(std::string_view closure);

// The word of `system` for where a referral stands. `remembered` is the word that it came in with
// and that is still true, or empty: that one goes out. Else the best that the system can say: the
// same state and closure, else an end for the same reason, else the same state, else, of an end
// without the service, its word for "other". NOT_FOUND / NO_WORD when it can say nothing that is
// true.
Result<std::string_view> WordFor(std::string_view system, State state, std::string_view closure,
                                 std::string_view remembered);
// The closure category of a referral in the table's words.
std::string_view ClosureCategory(const View& view);

}  // namespace equinode::referral
