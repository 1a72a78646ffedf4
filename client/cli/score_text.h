// A programme's score, its rule in words, and the list of all programmes, as text.
#pragma once

#include <string>

#include "client/cli/sheet.h"
#include "domain/equity/programs/score.h"

namespace equinode::cli {

// A table a level for people; one object for JSON; for CSV one line a figure, each with programme,
// version, readings, counts and reason. Rows without any data are left out of tables unless `all`.
std::string ScoreText(const equity::programs::Programme& programme,
                      const equity::programs::Score& score, Format format, bool all);

// With `rules` the arithmetic of every figure too; JSON has it always.
std::string ExplainText(const equity::programs::Programme& programme, Format format, bool rules);

std::string ProgrammesText(Format format);

}  // namespace equinode::cli
