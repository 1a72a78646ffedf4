#include "domain/report/release_of_period.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "domain/people/measure_period.h"

namespace equinode {
namespace {

// What of a family makes it comparable with another, as its fingerprint has it.
struct Shape {
  std::string measure_period{};
  std::string hidden{};            // "1-10"
  std::string age_bands{};         // "0,18,45,65"; empty where no table is by age.
  std::set<std::string> tables{};  // "CBP by age_band"
  bool imported = false;           // Has a measure of the quality engine's.
};

std::vector<std::string_view> Split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Nothing for what FamilyFingerprint did not write.
std::optional<Shape> ShapeOf(std::string_view fingerprint) {
  constexpr std::size_t kHead = 7;  // Mark, payer, first day, last day, then what is read here.
  const std::vector<std::string_view> parts = Split(fingerprint, '|');
  if (parts.size() <= kHead || parts[0] != "family/1") return std::nullopt;
  Shape shape{std::string(parts[4]), std::string(parts[5]), "", {}, false};
  bool by_age = false;
  for (std::size_t i = kHead; i < parts.size(); ++i) {
    const std::vector<std::string_view> table = Split(parts[i], ';');
    if (table.size() != 3) return std::nullopt;
    by_age = by_age || table[1] == StratifierName(Stratifier::kAgeBand);
    shape.imported =
        shape.imported || (!CountsPopulation(table[2]) && !IsComputedMeasure(table[2]));
    shape.tables.insert(std::string(table[2]).append(" by ").append(table[1]));
  }
  if (by_age) {
    shape.age_bands = parts[6];
    if (shape.age_bands.ends_with(',')) shape.age_bands.pop_back();
  }
  return shape;
}

std::string DayText(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  const auto two = [](unsigned number) {
    return (number < 10 ? "-0" : "-") + std::to_string(number);
  };
  return std::to_string(static_cast<int>(date.year())) + two(static_cast<unsigned>(date.month())) +
         two(static_cast<unsigned>(date.day()));
}

std::string PeriodText(const ReleasedBefore& before) {
  return DayText(before.period_start) + "/" + DayText(before.period_end);
}

Error Refused(const char* reason, std::string message) {
  return Error{Code::kFailedPrecondition, reason, std::move(message)};
}

// Those of `from` that `without` has not: a few of them, the rest as a number.
std::string Missing(const std::set<std::string>& from, const std::set<std::string>& without) {
  constexpr std::size_t kNamed = 3;
  std::string text;
  std::size_t found = 0;
  for (const std::string& table : from) {
    if (without.contains(table)) continue;
    if (++found <= kNamed) text += (found == 1 ? "" : ", ") + table;
  }
  if (found > kNamed) text += " and " + std::to_string(found - kNamed) + " more";
  return found == 0 ? "none" : text;
}

// How the shapes differ, with what was released first. Empty where they do not.
std::string Difference(const Shape& before, const Shape& asked) {
  if (before.tables != asked.tables) {
    return "tables released then and not asked now: " + Missing(before.tables, asked.tables) +
           "; asked now and not released then: " + Missing(asked.tables, before.tables);
  }
  if (before.age_bands != asked.age_bands) {
    return "age bands began at " + before.age_bands + "; asked are " + asked.age_bands;
  }
  if (before.hidden != asked.hidden) {
    return "hidden were counts of " + before.hidden + "; asked are " + asked.hidden;
  }
  return "";
}

bool SameMeasuredDays(const Shape& one, const Shape& other) {
  if (!one.imported || !other.imported) return false;
  const auto first = DaysOfMeasurePeriod(one.measure_period);
  const auto second = DaysOfMeasurePeriod(other.measure_period);
  return !first || !second || Overlap(*first, *second);
}

// One family released before, of another fingerprint than the one asked for.
Status CheckBeside(const ReleasedBefore& before, const Shape& shape,
                   const ReportDefinition& definition, const Shape& asked) {
  if (Overlap({before.period_start, before.period_end},
              {definition.period_start, definition.period_end})) {
    return Refused("OTHER_RELEASE_OF_PERIOD",
                   "other tables were released to this payer for " + PeriodText(before) +
                       "; ask for the same report, or for another period");
  }
  if (SameMeasuredDays(shape, asked)) {
    return Refused("OTHER_RELEASE_OF_MEASURE_PERIOD",
                   "measures of " + shape.measure_period +
                       " were released to this payer with the report for " + PeriodText(before) +
                       "; ask for that report, or for measures of other days");
  }
  if (const std::string difference = Difference(shape, asked); !difference.empty()) {
    return Refused("OTHER_SHAPE_BEFORE",
                   "this payer's reports keep the tables of the one released for " +
                       PeriodText(before) +
                       ", since others of nearly the same people could be "
                       "subtracted from it: " +
                       difference);
  }
  return Ok();
}

}  // namespace

Result<std::optional<std::size_t>> CheckReleaseOfPeriod(std::span<const ReleasedBefore> released,
                                                        const ReportDefinition& definition) {
  const std::string fingerprint = FamilyFingerprint(definition);
  const std::optional<Shape> asked = ShapeOf(fingerprint);
  const Error unreadable{Code::kDataLoss, "BAD_ROW",
                         "what was released before cannot be read; nothing more is released"};
  if (!asked) return unreadable;
  for (std::size_t i = 0; i < released.size(); ++i) {
    if (released[i].payer == definition.payer && released[i].fingerprint == fingerprint) {
      return std::optional<std::size_t>(i);
    }
  }
  for (const ReleasedBefore& before : released) {
    if (before.payer != definition.payer) continue;
    const std::optional<Shape> shape = ShapeOf(before.fingerprint);
    if (!shape) return unreadable;
    EQN_CHECK(CheckBeside(before, *shape, definition, *asked));
  }
  return std::optional<std::size_t>();
}

}  // namespace equinode
