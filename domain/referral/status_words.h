// Status words of other systems (findhelp, 360X, DHCS closed-loop file, HMIS, IRIS, HL7 v2) and
// ours, by data/status_words.csv, both ways. A word that came in is remembered beside the referral:
// where several words of a system mean the same to us, the same one goes out again while it is
// still true.
#pragma once

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

// The word of `system` for where a referral stands. `remembered` is the word that it last came in
// with, or empty. The best that the system can say: the same state and closure, else the same
// state, else the same kind of end. NOT_FOUND / NO_WORD when it can say nothing that is true.
Result<std::string_view> WordFor(std::string_view system, State state, std::string_view closure,
                                 std::string_view remembered);
// The closure category of a referral in the table's words.
std::string_view ClosureCategory(const View& view);

}  // namespace equinode::referral
