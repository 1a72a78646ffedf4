// The words of a score's row: counts, ways to the next step, readings, chances, data quality.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/cli/sheet.h"
#include "domain/equity/programs/score.h"

namespace equinode::cli {

// "edges=exact portion=by_source"
std::string ReadingsText(const equity::programs::Choices& readings);
// "own MY2023 30/100, reference MY2023 400/1000": hidden counts as "1..10", noised ones with "~".
std::string CountsText(const equity::programs::ScoreRow& row);
// "3 more numerator hits: points 1.25"
std::string NextText(const equity::programs::Programme& programme,
                     const equity::programs::ScoreRow& row);
std::string OtherwiseText(const equity::programs::Programme& programme,
                          const equity::programs::ScoreRow& row);
std::string SpreadsText(const equity::programs::Programme& programme,
                        const equity::programs::ScoreRow& row);
// "1.25", or "0..2" where it is a range; "" without a value.
std::string ShownText(const equity::programs::ScoreRow::Shown& shown);
// "rate 20.6%..50.0%; points -1..2": if people without an answer were of the group.
std::string IfUnknownsText(const equity::programs::ScoreRow& row);
// "Asian (direct)"
std::string GroupText(const equity::programs::ScoreRow& row);

// "31.2%..38.0%"
std::string PercentRange(const equity::Interval& range);
std::string ShareText(const equity::Figure& share);
// Of the row's periods and dimensions the one whose groups hold the least share of the people; null
// without any.
const equity::programs::ScoreRow::Gate* PoorestGate(const equity::programs::ScoreRow& row);

// `words` after `start`, broken between words at `columns`; what follows stands under the first
// one.
void Wrap(std::string& text, const std::string& start, std::string_view words, std::size_t columns);

// Nothing came for it and nothing is known.
bool IsEmpty(const equity::programs::ScoreRow& row);

// For programs: one object; one line a figure, each with programme, version, readings, counts, data
// quality and the reason when there is no value.
std::string ScoreJson(const equity::programs::Programme& programme,
                      const equity::programs::Score& score, bool all);
std::string ScoreCsv(const equity::programs::Programme& programme,
                     const equity::programs::Score& score, bool all);

}  // namespace equinode::cli
