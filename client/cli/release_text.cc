#include "client/cli/release_text.h"

#include "client/cli/words.h"
#include "client/report/labels.h"
#include "client/report/release_table.h"

namespace equinode::cli {
namespace {

// The number, or null: hidden, withheld, or none.
Json CountOf(const v1::PooledValue& pooled) {
  const v1::ReleasedValue& value = pooled.value();
  return value.kind_case() == v1::ReleasedValue::kCount ? Json(value.count()) : Json();
}
bool Hidden(const v1::PooledValue& pooled) {
  return pooled.value().kind_case() == v1::ReleasedValue::kSuppressed;
}

Json ValueJson(const v1::PooledValue& pooled) {
  Json json = Json::object();
  json["count"] = CountOf(pooled);
  json["hidden"] = Hidden(pooled);
  json["shown_sum"] = pooled.shown_sum();
  json["nodes_hidden"] = pooled.nodes_hidden();
  return json;
}

}  // namespace

Json ReleaseJson(const v1::Release& release) {
  Json json = Json::object();
  json["report"] = release.definition_name();
  json["version"] = release.definition_version();
  json["number"] = release.number();
  json["title"] = release.title();
  json["period_start"] = DayText(release.period_start());
  json["period_end"] = DayText(release.period_end());
  json["released_at"] = TimeText(release.released_at(), release.has_released_at());
  json["answered"] =
      Json(std::vector<std::string>(release.answered().begin(), release.answered().end()));
  json["silent"] = Json(std::vector<std::string>(release.silent().begin(), release.silent().end()));
  Json refused = Json::array();
  for (const v1::RefusedNode& one : release.refused()) {
    refused.push_back({{"node", one.node()}, {"reason", one.reason()}, {"message", one.message()}});
  }
  json["refused"] = std::move(refused);
  json["relays"] = Json(std::vector<std::string>(release.relays().begin(), release.relays().end()));
  json["note"] = release.note();
  Json tables = Json::array();
  for (const v1::PooledTable& table : release.tables()) {
    Json cells = Json::array();
    for (const v1::PooledCell& cell : table.cells()) {
      Json one = Json::object();
      one["stratum"] = cell.stratum();
      one["denominator"] = ValueJson(cell.denominator());
      const bool has_numerator =
          cell.numerator().value().kind_case() != v1::ReleasedValue::KIND_NOT_SET;
      one["numerator"] = has_numerator ? ValueJson(cell.numerator()) : Json();
      cells.push_back(std::move(one));
    }
    tables.push_back({{"table", table.table_id()},
                      {"measure", table.measure()},
                      {"stratifier", StratifierWord(table.stratifier())},
                      {"nodes_withheld", table.nodes_withheld()},
                      {"cells", std::move(cells)}});
  }
  json["tables"] = std::move(tables);
  return json;
}

std::string ReleaseText(const v1::Release& release, Format format) {
  if (format == Format::kJson) return PropertiesText(ReleaseJson(release), format);
  if (format == Format::kCsv) {
    Sheet sheet({"report", "version", "release", "period_start", "period_end", "table", "measure",
                 "stratifier", "stratum", "denominator", "denominator_hidden",
                 "denominator_shown_sum", "denominator_nodes_hidden", "numerator",
                 "numerator_hidden", "numerator_shown_sum", "numerator_nodes_hidden"});
    const std::string start = DayText(release.period_start());
    const std::string end = DayText(release.period_end());
    for (const v1::PooledTable& table : release.tables()) {
      for (const v1::PooledCell& cell : table.cells()) {
        const v1::PooledValue& d = cell.denominator();
        const v1::PooledValue& n = cell.numerator();
        sheet.Add({release.definition_name(), release.definition_version(), release.number(), start,
                   end, table.table_id(), table.measure(), StratifierWord(table.stratifier()),
                   cell.stratum(), CountOf(d), Hidden(d), d.shown_sum(), d.nodes_hidden(),
                   CountOf(n), Hidden(n), n.shown_sum(), n.nodes_hidden()});
      }
    }
    return sheet.Text(format);
  }
  return ReleaseTable(release, TimeText(release.released_at(), release.has_released_at()));
}

std::filesystem::path DictionaryPath(const std::filesystem::path& cells) {
  std::filesystem::path path = cells;
  return path.replace_extension(".dictionary.csv");
}

}  // namespace equinode::cli
