// Every inequality figure of a table of counts: rates, comparisons, measures, change, data quality.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/equity/counts/stratify.h"
#include "domain/equity/quality/gate.h"
#include "domain/equity/stats/change.h"
#include "domain/equity/stats/comparison.h"
#include "domain/equity/stats/inequality.h"
#include "domain/equity/stats/proportion.h"

namespace equinode::equity {

struct AnalysisOptions {
  std::string reference{};  // A group's name, "best", "overall", or "" = best.
  IntervalMethod interval = IntervalMethod::kWilson;  // Of rates of exact counts.
  Level level{};
  // Both, or neither: how the gaps changed from one period to the other.
  std::string from{};
  std::string to{};
};

struct AnalysedGroup {
  std::string name{};
  CellCounts counts{};
  bool no_answer = false;  // Declined, unknown: counts in the rate of all, is no group (R7).
  bool is_reference = false;
  Figure rate{};
  std::string_view unreliable{};  // By NCHS's standard (stats/reliability.h), of exact counts.
  std::optional<Comparison> comparison{};  // With the reference.
  std::optional<double> adjusted_p{};      // Benjamini-Hochberg, over all comparisons of the table.
  std::optional<IfUnknownsBelonged> extremes{};
  std::optional<ChangeOfGap> change{};
};

struct Analysis {
  std::string measure{};
  std::string period{};
  std::string organisation{};
  std::string frame{};
  std::string dimension{};
  std::string source{};
  MeasureKind kind = MeasureKind::kProportion;
  Better better = Better::kUnknown;
  std::string reference{};  // A group's name, "overall", or "" = none.
  bool total_given = false;
  Figure overall{};  // The rate of all, with those in no group.
  std::vector<AnalysedGroup> groups{};
  std::vector<NamedFigure> measures{};  // Of the groups that people are in.
  DataQuality quality{};
};

// One for each stratification with strata, in their order. Groups with nobody in them are shown and
// take no part. INVALID_ARGUMENT: NO_DIRECTION where a measure's better direction is not known,
// NO_SUCH_GROUP where no stratification has the reference, NO_SUCH_PERIOD.
// FAILED_PRECONDITION / FRAMES_DIFFER where the two periods have their groups in other frames.
Result<std::vector<Analysis>> Analyse(std::span<const Stratification> stratifications,
                                      const AnalysisOptions& options);

}  // namespace equinode::equity
