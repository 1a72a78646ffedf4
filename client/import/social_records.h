// What a resource says of social needs, as records of a frame.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "client/import/condition_table.h"
#include "client/import/fhir/resource.h"
#include "client/import/frame_maker.h"
#include "client/import/importer.h"
#include "client/import/line_reader.h"
#include "client/import/observation_table.h"

namespace equinode {

// Adds the record of `resource`, of kind kSocial, or counts it as passed over. Codes that cannot be
// reported are counted in the report.
Status TakeSocial(FrameMaker& frames, const ImportOptions& options, std::string_view feed,
                  const fhir::ReadResource& resource, std::uint64_t line, ImportReport& report);

// One row of a table of observations.
Status TakeObservation(FrameMaker& frames, ObservationTable& table, std::string_view feed,
                       const Line& line, ObservationRow& row);

// One row of a table of conditions.
Status TakeCondition(FrameMaker& frames, const ImportOptions& options, ConditionTable& table,
                     std::string_view feed, const Line& line, ConditionRow& row,
                     ImportReport& report);

}  // namespace equinode
