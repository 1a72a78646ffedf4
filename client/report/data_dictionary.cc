#include "client/report/data_dictionary.h"

#include <set>
#include <string_view>
#include <utility>

#include "client/csv/csv_cell.h"
#include "client/report/labels.h"

namespace equinode {

namespace {

struct Column {
  std::string_view name;
  std::string_view type;
  std::string_view meaning;
};

// Of the file of cells (client/cli/release_text), in its order.
constexpr Column kColumns[] = {
    {"report", "text", "the report definition's name"},
    {"version", "integer", "the report definition's version"},
    {"release", "integer", "the number of this release; a release never changes"},
    {"period_start", "date", "the first day of the period"},
    {"period_end", "date", "its last day: of ages and of attribution to the payer"},
    {"table", "text", "the table's id in the report definition"},
    {"measure", "text", "what is counted; see the rows of kind measure"},
    {"stratifier", "text", "by what it is counted; see the rows of kind stratifier"},
    {"stratum", "text", "the part of the population; empty = all of it"},
    {"denominator", "integer or empty",
     "people; empty when hidden: never read an empty cell as zero"},
    {"denominator_hidden", "true or false",
     "true: at least one node hid its part, so there is no sum"},
    {"denominator_shown_sum", "integer", "the sum over the nodes that showed their part"},
    {"denominator_nodes_hidden", "integer", "how many nodes hid their part or withheld the table"},
    {"numerator", "integer or empty",
     "those of the denominator whom the measure counts; empty when hidden, or when the measure has "
     "none"},
    {"numerator_hidden", "true or false", "as denominator_hidden"},
    {"numerator_shown_sum", "integer", "as denominator_shown_sum"},
    {"numerator_nodes_hidden", "integer", "as denominator_nodes_hidden"},
};

void AddRow(std::string& out, std::string_view kind, std::string_view name, std::string_view type,
            std::string_view meaning) {
  out += CsvCell(kind) + "," + CsvCell(name) + "," + CsvCell(type) + "," + CsvCell(meaning) + "\n";
}

}  // namespace

std::string DataDictionary(const v1::Release& release) {
  std::string out = "kind,name,type,meaning\n";
  for (const Column& column : kColumns)
    AddRow(out, "column", column.name, column.type, column.meaning);
  std::set<std::string> measures;
  std::set<v1::Stratifier> stratifiers;
  std::set<std::pair<v1::Stratifier, std::string>> strata;
  for (const v1::PooledTable& table : release.tables()) {
    measures.insert(table.measure());
    stratifiers.insert(table.stratifier());
    for (const v1::PooledCell& cell : table.cells()) {
      strata.emplace(table.stratifier(), cell.stratum());
    }
  }
  for (const std::string& measure : measures) {
    const MeasureMeaning meaning = MeaningOf(measure);
    AddRow(out, "measure", measure, "count",
           "denominator: " + meaning.denominator +
               "; numerator: " + (meaning.numerator.empty() ? "none" : meaning.numerator));
  }
  for (const v1::Stratifier stratifier : stratifiers) {
    AddRow(out, "stratifier", StratifierWord(stratifier), "code", StratifierMeaning(stratifier));
  }
  for (const auto& [stratifier, stratum] : strata) {
    if (stratum.empty()) continue;
    AddRow(out, "stratum", stratum, StratifierWord(stratifier), StratumLabel(stratum));
  }
  AddRow(out, "note", "hidden", "rule",
         "small counts are hidden, and further ones from which they could be worked out; which of "
         "the two a hidden cell is, is not told");
  if (!release.title().empty()) AddRow(out, "note", "title", "text", release.title());
  if (!release.note().empty()) AddRow(out, "note", "release", "text", release.note());
  for (const std::string& node : release.silent()) {
    AddRow(out, "note", node, "silent", "had not answered: its people are not in the counts");
  }
  for (const v1::RefusedNode& one : release.refused()) {
    AddRow(out, "note", one.node(), "refused",
           one.reason() + ": " + one.message() + "; its people are not in the counts");
  }
  for (const std::string& node : release.relays()) {
    AddRow(out, "note", node, "relay", "holds no records of its own: nobody is missing with it");
  }
  return out;
}

}  // namespace equinode
