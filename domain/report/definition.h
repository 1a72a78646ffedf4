// What a payer asks of every node: a report definition, versioned and signed. What is not in it
// cannot be asked. Everything released to one payer for one period is one family of tables.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/counts/stratifier.h"

namespace equinode {

struct TableDefinition {
  std::string id{};                       // 1..64 of [a-z0-9_-].
  std::vector<std::string> measures{};    // 1..64, imported, built in or computed.
  std::vector<Stratifier> stratifiers{};  // Exactly one.
  friend bool operator==(const TableDefinition&, const TableDefinition&) = default;
};

struct ReportDefinition {
  std::string name{};                     // 1..64 of [a-z0-9_-].
  std::uint32_t version = 1;              // From 1.
  std::string payer{};                    // URI of the payer's node.
  std::chrono::sys_days period_start{};   // A whole quarter, half-year or year of the calendar.
  std::chrono::sys_days period_end{};     // The last day: of ages and of attribution.
  std::string measure_period{};           // As whole; needed when a measure is imported.
  std::vector<TableDefinition> tables{};  // 1..64.
  std::uint32_t suppress_from = 1;        // Counts in [from, to] are hidden;
  std::uint32_t suppress_to = 10;         // never less than 1..10.
  std::vector<std::uint32_t> age_band_starts = {0, 18, 45, 65};
  std::string title{};  // For readers; at most 200 bytes.
  friend bool operator==(const ReportDefinition&, const ReportDefinition&) = default;
};

// Nothing, or INVALID_ARGUMENT with one of: BAD_NAME, BAD_VERSION, BAD_PAYER, BAD_PERIOD,
// PERIOD_NOT_WHOLE (neither a quarter nor a half-year nor a year: from one day to the next the
// exact counts of a practice change by few people), MEASURE_PERIOD_MISSING, BAD_TITLE, NO_TABLES,
// TOO_MANY_TABLES, BAD_TABLE_ID, TABLE_ID_TWICE, TOO_MANY_WAYS (more than one stratifier a table),
// NO_STRATIFIER, NO_MEASURES, TOO_MANY_MEASURES, UNKNOWN_MEASURE, TABLE_TWICE (the same measure by
// the same stratifier), RACE_FRAMES_MIXED, GEOGRAPHIES_MIXED, HOUSING_MIXED, NOT_A_YEAR
// (SNS-E), THRESHOLD_TOO_LOW, BAD_AGE_BANDS.
Status Validate(const ReportDefinition& definition);

// A period can be counted once its last day is over everywhere on earth: an answer is given once
// and stands for good. FAILED_PRECONDITION (PERIOD_NOT_OVER).
Status CheckPeriodOver(const ReportDefinition& definition, Instant now);

// A measure id as MeasureResult has it, 1..64 of [A-Za-z0-9._-], or a built-in one, or one of needs
// and referrals (domain/needs/measures). Ids that begin like those are kept for later ones.
bool IsMeasureId(std::string_view measure);

// The family as one line of text: equal for two definitions exactly when they ask for the same
// tables of the same population. Name, version and title are not in it.
std::string FamilyFingerprint(const ReportDefinition& definition);

}  // namespace equinode
