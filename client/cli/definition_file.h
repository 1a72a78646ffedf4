// A report definition as people write it: one JSON file (docs/report-definition.md).
#pragma once

#include <string_view>

#include "base/result.h"
#include "equinode/v1/report.pb.h"

namespace equinode::cli {

// INVALID_ARGUMENT / BAD_DEFINITION with the place ("tables[2].stratifier") and what to write.
// Unknown keys are refused. What a definition may ask is decided by the node. At most 256 KiB.
Result<v1::ReportDefinition> ParseDefinition(std::string_view text);

}  // namespace equinode::cli
