// The measures of needs and referrals for a report: one reading of what is kept of each person.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/counts/computed_measure.h"
#include "domain/needs/measures/judge.h"
#include "server/needs/code_tables.h"
#include "server/needs/need_reader.h"
#include "storage/sqlite/database.h"

namespace equinode {

// Thread-safe.
class CareCounts {
 public:
  // All must outlive it.
  CareCounts(Database& database, const NeedReader& reader, const CodeTables& codes)
      : database_(database), reader_(reader), codes_(codes) {}

  // One an asked name, for the people of this node's own records. Each person is read in one
  // snapshot; a change while it counts is in or out for that person as a whole. Not inside a Read
  // or Write. INVALID_ARGUMENT / UNKNOWN_MEASURE; UNAVAILABLE / NOT_READY while records are loaded.
  Result<std::vector<ComputedMeasure>> Count(std::span<const std::string> names,
                                             const CountPeriod& period) const;

 private:
  Database& database_;
  const NeedReader& reader_;
  const CodeTables& codes_;
};

}  // namespace equinode
