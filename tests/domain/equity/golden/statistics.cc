// The statistical worked cases: intervals, tests, inequality, pooling, completeness, frames.
#include <cassert>
#include <cmath>

#include "domain/equity/counts/pool.h"
#include "domain/equity/stats/inequality.h"
#include "domain/equity/stats/proportion.h"
#include "domain/equity/stats/two_proportions.h"
#include "tests/domain/equity/golden/golden.h"

namespace equinode::equity::golden {
namespace {

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json ToJson(const Interval& interval) {
  return {{"lower", interval.lower}, {"upper", interval.upper}};
}

CellCounts Counts(const Json& json) {
  return {Count::Exact(json.at("num")), Count::Exact(json.at("den"))};
}

Json CiBinomial(const Json& input) {
  const std::int64_t x = input.at("x");
  const std::int64_t n = input.at("n");
  if (n == 0) return {{"status", "no_denominator"}};
  const auto level = Level::Of(std::stod(input.value("level", "0.95")));
  assert(level.ok());
  Json all = {{"status", "ok"}, {"p", static_cast<double>(x) / static_cast<double>(n)}};
  for (std::size_t i = 0; i < kIntervalMethodNames.size(); ++i) {
    all[std::string(kIntervalMethodNames[i])] =
        ToJson(ProportionInterval(static_cast<IntervalMethod>(i), x, n, *level));
  }
  const Interval unclamped = NcqaUnclamped(x, n);
  all["ncqa_wald_cc_z196"]["lower_unclamped"] = unclamped.lower;
  all["ncqa_wald_cc_z196"]["upper_unclamped"] = unclamped.upper;
  return all;
}

Json TwoProportionsCase(const Json& input) {
  const Json& counts = input.at("x1n1x2n2");
  const TwoProportions both =
      CompareProportions({counts[0], counts[1]}, {counts[2], counts[3]}, Level());
  Json wald = ToJson(both.wald);
  wald["se"] = both.wald_se;
  Json katz;
  if (both.katz) {
    katz = ToJson(*both.katz);
    katz["se_log"] = *both.log_se;
  }
  return {{"p1", both.p1},
          {"p2", both.p2},
          {"difference", both.difference},
          {"difference_wald", wald},
          {"difference_newcombe_wilson", ToJson(both.newcombe)},
          {"ratio", OrNull(both.ratio)},
          {"ratio_katz_log", katz},
          {"z_pooled", OrNull(both.z)},
          {"p_value_two_sided", OrNull(both.p_value)},
          {"ncqa_overlap", both.ncqa_overlap}};
}

// A figure with its error where the file has one, the bare number where it has that.
Json FigureJson(std::string_view name, const Figure& figure) {
  if (!figure.value) return nullptr;
  static constexpr std::array kBare = {"weighted_mean",
                                       "d_with_reference",
                                       "r_with_reference",
                                       "bgsd",
                                       "cov_pct",
                                       "mdmu",
                                       "mdmw",
                                       "mdbu",
                                       "mdbw",
                                       "mdru",
                                       "mdrw",
                                       "idisu_pct",
                                       "idisw_pct",
                                       "idisp_hdcalc_best_group_pct",
                                       "hp_summary_rate_ratio",
                                       "hp_summary_rate_difference",
                                       "rii_linear_ratio",
                                       "rii_linear_mean"};
  if (std::ranges::find(kBare, name) != kBare.end()) return *figure.value;
  Json json = {{"value", *figure.value}};
  if (figure.se) json[figure.log_se ? "se_log" : "se"] = *figure.se;
  if (figure.interval) json.update(ToJson(*figure.interval));
  return json;
}

Json Inequality(const Json& input) {
  std::vector<Json> rows(input.at("groups").begin(), input.at("groups").end());
  InequalityOptions options;
  options.setting.favourable = input.at("favourable");
  options.setting.ordered = rows[0].contains("order");
  if (options.setting.ordered) {
    std::ranges::stable_sort(rows, {}, [](const Json& row) { return row.at("order").get<int>(); });
  }
  std::vector<GroupCounts> groups;
  for (const Json& row : rows) {
    if (row.value("reference", false)) options.setting.reference = groups.size();
    groups.push_back(GroupCountsOf(Counts(row), options.kind));
  }
  Json all = {{"n", groups.size()}};
  for (const auto& [name, figure] : InequalityMeasures(groups, options)) {
    all[std::string(name)] = FigureJson(name, figure);
  }
  return all;
}

Json Pooling(const Json& input) {
  CountTable table;
  for (const Json& report : input.at("reports")) {
    table.organisations.push_back(report.at("practice"));
    for (const Json& cell : report.at("cells")) {
      const std::string group = cell.at("group");
      auto series = std::ranges::find(table.series, group, &Series::stratum);
      if (series == table.series.end()) {
        table.series.push_back({"m", "p", "", "group", group});
        series = table.series.end() - 1;
      }
      table.cells.push_back({static_cast<std::uint32_t>(series - table.series.begin()),
                             static_cast<std::uint32_t>(table.organisations.size() - 1),
                             Counts(cell)});
    }
  }
  const auto pooled = PoolOrganisations(table);
  assert(pooled.ok());
  Json groups = Json::object();
  CellCounts total;
  for (const Cell& cell : pooled->cells) {
    const std::int64_t num = cell.counts.numerator.lower;
    const std::int64_t den = cell.counts.denominator.lower;
    groups[pooled->series[cell.series].stratum] = {
        {"num", num},
        {"den", den},
        {"rate", den == 0 ? Json() : Json(static_cast<double>(num) / static_cast<double>(den))},
        {"reportable_den_ge_30", den >= 30}};
    total = *Add(total, cell.counts);
  }
  return {{"pooled", groups},
          {"total", {{"num", total.numerator.lower}, {"den", total.denominator.lower}}}};
}

Json TelehealthByLanguage(const Json& input) {
  const auto proportion = [](const Json& row) {
    const std::int64_t video = row.at("video");
    return ExactProportion{video, video + row.at("phone").get<std::int64_t>()};
  };
  ExactProportion reference;
  for (const Json& row : input.at("rows")) {
    if (row.at("language") == input.at("reference")) reference = proportion(row);
  }
  Json rows = Json::array();
  for (const Json& row : input.at("rows")) {
    const ExactProportion one = proportion(row);
    Json out = {{"language", row.at("language")}, {"telehealth", one.n}};
    out["video_share"] =
        one.n == 0 ? Json() : Json(static_cast<double>(one.x) / static_cast<double>(one.n));
    if (one.n > 0 && reference.n > 0 && row.at("language") != input.at("reference")) {
      const TwoProportions both = CompareProportions(one, reference, Level());
      out["difference"] = both.difference;
      out["ratio"] = OrNull(both.ratio);
      out["newcombe"] = ToJson(both.newcombe);
      out["p_value_two_sided"] = OrNull(both.p_value);
      out["ncqa_overlap"] = both.ncqa_overlap;
    }
    rows.push_back(out);
  }
  return {{"rows", rows}};
}

}  // namespace

void ClaimStatistics(Registry& registry) {
  registry.Claim("ci_binomial", CiBinomial);
  registry.Claim("two_proportions", TwoProportionsCase);
  registry.Claim("inequality_measures", Inequality);
  registry.Claim("pooling", Pooling);
  registry.Claim("telehealth_by_language", TelehealthByLanguage);
  registry.ClaimElsewhere("small_cell_suppression", "domain/privacy");
}

}  // namespace equinode::equity::golden
