// Whether a node may release a report beside all that it released before. Two families of tables of
// nearly the same people can be subtracted from each other, cell by cell; so one payer gets one
// family of a period and of a measure period, and all its families have one shape (docs/adr/0007).
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "domain/report/definition.h"

namespace equinode {

// A family that was released before, as the node keeps it.
struct ReleasedBefore {
  std::string payer{};
  std::chrono::sys_days period_start{};
  std::chrono::sys_days period_end{};
  std::string fingerprint{};  // Of FamilyFingerprint.
};

// May the node count this definition, which passed Validate? Empty: yes. A position: this very
// family was released; its stored answer is the only answer. FAILED_PRECONDITION, in this order:
// OTHER_RELEASE_OF_PERIOD (another family of the payer shares a day with the period),
// OTHER_RELEASE_OF_MEASURE_PERIOD (one of another period counted imported measures of days that
// this one's measure period has too), OTHER_SHAPE_BEFORE (the payer's families have other tables,
// age bands or hidden counts; the message says which). DATA_LOSS (BAD_ROW) when what was released
// cannot be read: then nothing more may be.
Result<std::optional<std::size_t>> CheckReleaseOfPeriod(std::span<const ReleasedBefore> released,
                                                        const ReportDefinition& definition);

}  // namespace equinode
