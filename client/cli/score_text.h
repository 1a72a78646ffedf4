// A programme's score, its rule in words, and the list of all programmes, as text.
#pragma once

#include <string>

#include "client/cli/sheet.h"
#include "domain/equity/programs/score.h"

namespace equinode::cli {

struct ScoreTextOptions {
  bool all = false;   // Rows without any data, too.
  bool wide = false;  // Tables with a line a row and all there is to say in it, however long.
};

// For people, a level after the other: tables of some hundred columns, figures that do not fit in
// tables below, then what stands behind each row. One object for JSON; for CSV one line a figure,
// each with programme, version, readings, counts and reason.
std::string ScoreText(const equity::programs::Programme& programme,
                      const equity::programs::Score& score, Format format,
                      const ScoreTextOptions& options);

// With `rules` the arithmetic of every figure too; JSON has it always.
std::string ExplainText(const equity::programs::Programme& programme, Format format, bool rules);

std::string ProgrammesText(Format format);

}  // namespace equinode::cli
