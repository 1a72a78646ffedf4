// Whether an answer's counts can be counts of people.
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "domain/report/answer.h"

namespace equinode {
namespace {

// What is counted ("" = the population), numerator or not, of which stratum. A total has no
// stratifier: tables share it.
using Key = std::tuple<std::string, bool, std::optional<Stratifier>, std::string>;
using Shown = std::map<Key, std::uint64_t>;

Error Inconsistent(const AnswerTable& table, const char* what) {
  return Error{Code::kInvalidArgument, "ANSWER_INCONSISTENT",
               "table " + table.table_id + ": " + what};
}

Key KeyOf(const AnswerTable& table, const AnswerCell& cell, bool numerator) {
  const bool people = !numerator && CountsPopulation(table.measure);
  const bool total = cell.stratum.empty();
  return {people ? "" : table.measure, numerator,
          total ? std::nullopt : std::optional(table.stratifier), cell.stratum};
}

bool Keep(Shown& shown, Key key, const ShownValue& value) {
  if (value.kind != ShownKind::kCount) return true;
  const auto [at, added] = shown.emplace(std::move(key), value.count);
  return added || at->second == value.count;
}

bool AddsUp(const AnswerTable& table, ShownValue AnswerCell::*which) {
  const ShownValue& total = table.cells.back().*which;
  std::uint64_t sum = 0;
  std::uint64_t hidden = 0;
  for (std::size_t i = 0; i + 1 < table.cells.size(); ++i) {
    const ShownValue& value = table.cells[i].*which;
    if (value.kind == ShownKind::kCount) sum += value.count;
    if (value.kind == ShownKind::kHidden) ++hidden;
  }
  if (total.kind != ShownKind::kCount) return true;
  return hidden == 0 ? sum == total.count : sum + hidden <= total.count;
}

Status CheckTable(const AnswerTable& table, Shown& shown) {
  if (table.cells.empty()) return Ok();
  for (const AnswerCell& cell : table.cells) {
    if (cell.numerator.kind == ShownKind::kCount && cell.denominator.kind == ShownKind::kCount &&
        cell.numerator.count > cell.denominator.count) {
      return Inconsistent(table, "a numerator is over its denominator");
    }
    if (!Keep(shown, KeyOf(table, cell, false), cell.denominator) ||
        !Keep(shown, KeyOf(table, cell, true), cell.numerator)) {
      return Inconsistent(table, "one count has two values");
    }
  }
  if (!AddsUp(table, &AnswerCell::denominator) || !AddsUp(table, &AnswerCell::numerator)) {
    return Inconsistent(table, "the strata do not add up to their total");
  }
  return Ok();
}

}  // namespace

Status CheckSums(const NodeAnswer& answer) {
  Shown shown;
  for (const AnswerTable& table : answer.tables) EQN_CHECK(CheckTable(table, shown));
  for (const AnswerTable& table : answer.tables) {
    for (const AnswerCell& cell : table.cells) {
      const auto value = shown.find(KeyOf(table, cell, false));
      const bool total = cell.stratum.empty();
      const auto people = shown.find(
          {"", false, total ? std::nullopt : std::optional(table.stratifier), cell.stratum});
      if (value != shown.end() && people != shown.end() && value->second > people->second) {
        return Inconsistent(table, "a measure counts more people than there are");
      }
    }
  }
  return Ok();
}

}  // namespace equinode
