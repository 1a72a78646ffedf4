#include "domain/report/definition.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "domain/access/identity.h"
#include "domain/counts/age_bands.h"
#include "domain/needs/measures/judge.h"
#include "domain/needs/measures/measure_name.h"
#include "domain/people/measure_period.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxTitle = 200;
constexpr std::size_t kMaxTables = 64;
constexpr std::size_t kMaxMeasures = 64;  // A table, and distinct ones in the definition.
constexpr std::uint32_t kLeastTo = 10;
constexpr std::uint32_t kMostTo = 1000;

// Two of one row may not stand in one family: their strata nest in each other, and one-way totals
// of both would together be a finer table.
struct Exclusive {
  std::array<Stratifier, 2> one;
  std::array<Stratifier, 2> other;
  const char* reason;
  const char* message;
};
constexpr std::array<Exclusive, 2> kExclusive = {{
    {{Stratifier::kRaceOmb1997, Stratifier::kEthnicityOmb1997},
     {Stratifier::kRaceEthnicityOmb2024, Stratifier::kRaceEthnicityOmb2024},
     "RACE_FRAMES_MIXED",
     "use OMB 1997 race and ethnicity or OMB 2024, not both in one report"},
    {{Stratifier::kCounty, Stratifier::kCounty},
     {Stratifier::kZip3, Stratifier::kZip3},
     "GEOGRAPHIES_MIXED",
     "use county or zip3, not both in one report"},
}};

Error Bad(const char* reason, std::string message) {
  return Error{Code::kInvalidArgument, reason, std::move(message)};
}

bool IsWord(std::string_view word, std::string_view marks, bool capitals) {
  return !word.empty() && word.size() <= kMaxName && std::ranges::all_of(word, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (capitals && c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool IsPlainText(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Status CheckPeriods(const ReportDefinition& definition) {
  const sys_days from = sys_days{std::chrono::year{1950} / 1 / 1};
  const sys_days to = sys_days{std::chrono::year{2059} / 1 / 1};
  const CalendarDays period{definition.period_start, definition.period_end};
  if (period.first > period.last || period.first < from || period.last > to) {
    return Bad("BAD_PERIOD", "the period must begin before it ends, and lie in 1950 to 2058");
  }
  if (!IsQuarterHalfOrYear(period)) {
    return Bad("PERIOD_NOT_WHOLE",
               "a report's period is a whole quarter, half-year or year of the calendar: counts of "
               "days that lie near each other could be subtracted");
  }
  if (definition.measure_period.empty()) return Ok();
  const auto measured = DaysOfMeasurePeriod(definition.measure_period);
  if (!measured) {
    return Bad("BAD_PERIOD", "measure_period is none of 2025, 2025-Q1 and 2025-01-01/2025-06-30");
  }
  if (!IsQuarterHalfOrYear(*measured)) {
    return Bad(
        "PERIOD_NOT_WHOLE",
        "measure_period is a whole quarter, half-year or year of the calendar: 2025, 2025-Q1 "
        "or 2025-01-01/2025-06-30");
  }
  return Ok();
}

Status CheckHead(const ReportDefinition& definition) {
  if (!IsWord(definition.name, "_-", false)) {
    return Bad("BAD_NAME", "a report's name is 1 to 64 of a-z, 0-9, '_' and '-'");
  }
  if (definition.version == 0) return Bad("BAD_VERSION", "versions begin at 1");
  const auto payer = ParseIdentity(definition.payer);
  if (!payer.ok() || payer->role != Role::kPayer || payer->is_operator()) {
    return Bad("BAD_PAYER", "payer must be the URI of a payer's node");
  }
  EQN_CHECK(CheckPeriods(definition));
  if (definition.title.size() > kMaxTitle || !IsPlainText(definition.title)) {
    return Bad("BAD_TITLE", "a title is at most 200 bytes on one line");
  }
  if (definition.suppress_from != 1 || definition.suppress_to < kLeastTo ||
      definition.suppress_to > kMostTo) {
    return Bad("THRESHOLD_TOO_LOW",
               "counts from 1 to at least 10, at most 1000, are hidden, and zeros are shown");
  }
  if (!AgeBands::ValidStarts(definition.age_band_starts)) {
    return Bad("BAD_AGE_BANDS", "age bands begin at 0 and rise, at most 32 of them, none past 120");
  }
  return Ok();
}

Status CheckTable(const TableDefinition& table, const ReportDefinition& definition) {
  if (!IsWord(table.id, "_-", false)) {
    return Bad("BAD_TABLE_ID", "a table's id is 1 to 64 of a-z, 0-9, '_' and '-'");
  }
  const std::string which = "table '" + table.id + "'";
  if (table.stratifiers.empty()) return Bad("NO_STRATIFIER", which + " names no stratifier");
  if (table.stratifiers.size() > 1) {
    return Bad("TOO_MANY_WAYS",
               which + " crosses stratifiers; this version releases one-way tables");
  }
  if (table.measures.empty()) return Bad("NO_MEASURES", which + " names no measure");
  if (table.measures.size() > kMaxMeasures) {
    return Bad("TOO_MANY_MEASURES", which + " names more than 64 measures");
  }
  for (const std::string& measure : table.measures) {
    if (!IsMeasureId(measure)) {
      return Bad("UNKNOWN_MEASURE",
                 which + " names a measure that is neither built in nor a measure id");
    }
    if (!CountsPopulation(measure) && !IsComputedMeasure(measure) &&
        definition.measure_period.empty()) {
      return Bad("MEASURE_PERIOD_MISSING",
                 which + " has imported measures: name their measure_period");
    }
  }
  return Ok();
}

bool Uses(const std::set<Stratifier>& used, const std::array<Stratifier, 2>& any) {
  return used.contains(any[0]) || used.contains(any[1]);
}

// SNS-E's kind of housing need is one of three domains, whose people overlap with its own in ways
// that no subtraction tells: together they could give a person away.
Status CheckSnsMeasures(const std::set<std::string>& measures, const ReportDefinition& definition) {
  bool housing = false;
  bool its_domains = false;
  for (const std::string& name : measures) {
    const auto measure = NeedMeasureNamed(name);
    if (!measure) continue;
    if (measure->sns) {
      EQN_CHECK(CheckSnsPeriod({definition.period_start, definition.period_end}));
    }
    const auto& domains = DomainsOf(SnsNeed::kHousing);
    housing = housing || measure->sns == SnsNeed::kHousing;
    its_domains = its_domains || std::ranges::find(domains, measure->domain) != domains.end();
  }
  if (!housing || !its_domains) return Ok();
  return Bad("HOUSING_MIXED",
             "use snse.housing or homelessness, housing-instability and inadequate-housing, not "
             "both in one report");
}

std::string DayNumber(sys_days day) { return std::to_string(day.time_since_epoch().count()); }

}  // namespace

bool IsMeasureId(std::string_view measure) {
  if (IsComputedMeasure(measure)) return NeedMeasureNamed(measure).has_value();
  if (CountsPopulation(measure)) return true;
  return IsWord(measure, "._-", true) && !measure.starts_with("available.") &&
         !measure.starts_with("selfreported.");
}

Status Validate(const ReportDefinition& definition) {
  EQN_CHECK(CheckHead(definition));
  if (definition.tables.empty()) return Bad("NO_TABLES", "a report has at least one table");
  if (definition.tables.size() > kMaxTables) {
    return Bad("TOO_MANY_TABLES", "a report has at most 64 tables");
  }
  std::set<std::string> ids;
  std::set<std::string> measures;
  std::set<std::pair<std::string, Stratifier>> asked;
  std::set<Stratifier> used;
  for (const TableDefinition& table : definition.tables) {
    EQN_CHECK(CheckTable(table, definition));
    if (!ids.insert(table.id).second) {
      return Bad("TABLE_ID_TWICE", "two tables have the id '" + table.id + "'");
    }
    used.insert(table.stratifiers.front());
    for (const std::string& measure : table.measures) {
      measures.insert(measure);
      if (!asked.emplace(measure, table.stratifiers.front()).second) {
        return Bad("TABLE_TWICE",
                   "table '" + table.id + "' repeats a measure by the same stratifier");
      }
    }
  }
  if (measures.size() > kMaxMeasures) {
    return Bad("TOO_MANY_MEASURES", "a report has at most 64 different measures");
  }
  EQN_CHECK(CheckSnsMeasures(measures, definition));
  for (const Exclusive& rule : kExclusive) {
    if (Uses(used, rule.one) && Uses(used, rule.other)) return Bad(rule.reason, rule.message);
  }
  return Ok();
}

std::string FamilyFingerprint(const ReportDefinition& definition) {
  // No part holds a separator: Validate has seen to it.
  std::string text = "family/1|" + definition.payer + "|" + DayNumber(definition.period_start) +
                     "|" + DayNumber(definition.period_end) + "|" + definition.measure_period +
                     "|" + std::to_string(definition.suppress_from) + "-" +
                     std::to_string(definition.suppress_to) + "|";
  for (const std::uint32_t start : definition.age_band_starts) text += std::to_string(start) + ",";
  std::set<std::string> tables;
  for (const TableDefinition& table : definition.tables) {
    for (const Stratifier stratifier : table.stratifiers) {
      for (const std::string& measure : table.measures) {
        tables.insert("|" + table.id + ";" + std::string(StratifierName(stratifier)) + ";" +
                      measure);
      }
    }
  }
  for (const std::string& table : tables) text += table;
  return text;
}

Status CheckPeriodOver(const ReportDefinition& definition, Instant now) {
  // The last place to end a day is twelve hours behind UTC.
  const sys_days after = definition.period_end + std::chrono::days{1};
  if (now >= after + std::chrono::hours{12}) return Ok();
  return Error{Code::kFailedPrecondition, "PERIOD_NOT_OVER",
               "the period is not over; it can be counted from noon UTC of the day after its last"};
}

}  // namespace equinode
