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
//   member_id     the person's at the plan (`plan`), from the coverage that was imported
//   status        in the words of `system`: the one that came in, while it is still true
//   status_date   YYYY-MM-DD: the day that came in with the word, else of the event that led to the
//                 state
//   closure       the reason for the loop's closure: our category, or the words of [closure_words];
//                 empty while it is open
//   reported_by   in: on whose word a service counts as given
struct ClosureColumns {
  std::string system{};  // Of domain/referral/data/status_words.csv.
  std::string plan{};    // URI of the plan's node as the source profile maps it; with member_id.
  std::vector<std::pair<std::string, std::string>>
      columns{};  // What, heading; in the file's order.
  std::map<std::string, std::string, std::less<>> closure_words{};  // Our category, theirs.
  // A state or a closure category, and the system's word for it where the table has none.
  std::map<std::string, std::string, std::less<>> words_instead{};

  // The heading's `what`; empty for none.
  std::string_view WhatIs(std::string_view heading) const;
  // The heading of a `what`; empty for none.
  std::string_view HeadingOf(std::string_view what) const;
};

// TOML: system = "...", plan = "...", [[column]] with `what` and `heading`, [closure_words],
// [words_instead]. INVALID_ARGUMENT / BAD_COLUMNS with the line and what there is instead.
Result<ClosureColumns> ParseClosureColumns(std::string_view toml);

// The day that a row says, YYYY-MM-DD, UTC.
std::string StatusDay(const ClosureColumns& columns, const v1::Referral& referral);
// A row of the plan's file, without its end of line. NOT_FOUND / NO_WORD when the system has no
// word for where it stands, with what to write into the columns' file.
Result<std::string> ClosureRow(const ClosureColumns& columns, const v1::Referral& referral,
                               std::string_view member_id);
std::string ClosureHeader(const ClosureColumns& columns);

// One line of a plan's file that came in.
struct ClosureLine {
  std::size_t line = 0;                                     // From 1, the header is 1.
  std::map<std::string, std::string, std::less<>> cells{};  // By what.
  std::string_view Cell(std::string_view what) const;       // Empty for none.
};
// At most 100,000 lines. INVALID_ARGUMENT / BAD_CLOSURES with the line; columns that are not named
// are passed over, but `referral` and `status` have to be there.
Result<std::vector<ClosureLine>> ParseClosures(const ClosureColumns& columns, std::string_view csv);

// What a line asks the node for, without its request id. INVALID_ARGUMENT / BAD_CLOSURES with line
// and column for a day or a reason that is none; StatusFrom's errors.
Result<v1::TakeInStatusRequest> RequestOf(const ClosureColumns& columns, const ClosureLine& line);
// An error of the node about one of the line's cells, with line and column.
Error AtItsColumn(const ClosureColumns& columns, const ClosureLine& line, Error error);

}  // namespace equinode::cli
