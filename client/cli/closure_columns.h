// A plan's file of closed loops: which of its columns says what, from a file of the plan's own.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::cli {

// What a column may say of a referral, by these names:
//   referral, person, need, domain, organisation, requester   identifiers
//   status        in the words of `system`
//   status_date   when the home made the last link, YYYY-MM-DD
//   closure       the reason for the loop's closure: our category, or the words of [closure_words];
//                 empty while it is open
//   reported_by   in: on whose word a service counts as given
struct ClosureColumns {
  std::string system{};  // Of domain/referral/data/status_words.csv.
  std::vector<std::pair<std::string, std::string>>
      columns{};  // What, heading; in the file's order.
  std::map<std::string, std::string, std::less<>> closure_words{};  // Our category, theirs.

  // The heading's `what`; empty for none.
  std::string_view WhatIs(std::string_view heading) const;
};

// TOML: system = "...", [[column]] with `what` and `heading`, [closure_words]. INVALID_ARGUMENT /
// BAD_COLUMNS with the line and what there is instead.
Result<ClosureColumns> ParseClosureColumns(std::string_view toml);

// A row of the plan's file, without its end of line. NOT_FOUND / NO_WORD when the system has no
// word for where it stands.
Result<std::string> ClosureRow(const ClosureColumns& columns, const v1::Referral& referral,
                               std::string_view status_date);
std::string ClosureHeader(const ClosureColumns& columns);

// One line of a plan's file that came in.
struct ClosureLine {
  std::size_t line = 0;                                     // From 1, the header is 1.
  std::map<std::string, std::string, std::less<>> cells{};  // By what.
};
// At most 100,000 lines. INVALID_ARGUMENT / BAD_CLOSURES with the line; columns that are not named
// are passed over, but `referral` and `status` have to be there.
Result<std::vector<ClosureLine>> ParseClosures(const ClosureColumns& columns, std::string_view csv);

}  // namespace equinode::cli
