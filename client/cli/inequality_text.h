// Inequality figures for people and programs.
#pragma once

#include <span>
#include <string>

#include "client/cli/sheet.h"
#include "domain/equity/analysis/analysis.h"

namespace equinode::cli {

// A table a stratification for people; one object a stratification in JSON; one row a figure in
// CSV. Figures from protected counts have an interval or bounds and no value; an end without limit
// is null. `organisations` is how many were pooled; 0 = each apart.
std::string InequalityText(std::span<const equity::Analysis> analyses,
                           const equity::AnalysisOptions& options, std::size_t organisations,
                           Format format);

}  // namespace equinode::cli
