// The statistical worked cases: intervals, tests, inequality, pooling, completeness, frames.
#include <array>
#include <cassert>

#include "domain/equity/counts/pool.h"
#include "domain/equity/quality/completeness.h"
#include "domain/equity/stats/inequality.h"
#include "domain/equity/stats/nhqdr.h"
#include "domain/equity/stats/proportion.h"
#include "domain/equity/stats/two_proportions.h"
#include "domain/people/frames/race_ethnicity.h"
#include "domain/people/frames/reporting_frames.h"
#include "tests/domain/equity/golden/golden.h"
#include "tests/domain/people/answers.h"

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
  if (counts[1] == 0 || counts[3] == 0) {  // One rate at most, and nothing of the two.
    const auto rate = [&](std::size_t x) {
      const std::int64_t n = counts[x + 1];
      return n == 0 ? Json() : Json(counts[x].get<double>() / static_cast<double>(n));
    };
    Json none = {{"p1", rate(0)}, {"p2", rate(2)}};
    for (const char* name : {"difference", "difference_wald", "difference_newcombe_wilson", "ratio",
                             "ratio_katz_log", "z_pooled", "p_value_two_sided", "ncqa_overlap"}) {
      none[name] = nullptr;
    }
    return none;
  }
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

Json NhqdrCase(const Json& input) {
  const auto proportion = [](const Json& json) {
    return ExactProportion{json.at("num"), json.at("den")};
  };
  const Nhqdr result =
      NhqdrVerdict(proportion(input.at("group")), proportion(input.at("reference")),
                   input.value("lower_is_better", false));
  return {{"relative_difference_pct_favourable", OrNull(result.favourable_pct)},
          {"relative_difference_pct_adverse", OrNull(result.adverse_pct)},
          {"p_value_two_sided", OrNull(result.p_value)},
          {"verdict", result.verdict}};
}

Json RealCompleteness(const Json& input) {
  const std::int64_t people = input.at("patients");
  Json fields = Json::object();
  for (const auto& [field, known] : input.at("known").items()) {
    const Completeness one = CompletenessOf(known, people);
    fields[field] = {{"rate", OrNull(one.rate)},
                     {"meets_80pct", OrNull(one.meets_80)},
                     {"meets_20pct", OrNull(one.meets_20)}};
  }
  Json all = {{"fields", fields}};
  if (!input.contains("by_source")) return all;
  const auto of = [&](const char* source) {
    return input.at("by_source").value(source, std::int64_t{0});
  };
  all["direct_rate"] = OrNull(CompletenessOf(of("direct"), people).rate);
  all["known_rate_direct_plus_indirect"] =
      OrNull(CompletenessOf(of("direct") + of("indirect"), people).rate);
  all["unknown_rate"] = OrNull(CompletenessOf(of("unknown"), people).rate);
  return all;
}

// The file's input is rolled up already but for the Middle Eastern detail: 2118-8 stands for it,
// and 2108-9 for the White that does not come from it.
Assertion RaceOf(const Json& input) {
  using namespace equinode::testing;
  Assertion race;
  race.field = AssertionField::kRace;
  for (const std::string code : input.at("race")) {
    race.values.push_back(code == "ASKU" || code == "UNK" ? Null(code) : Cdcrec(code));
  }
  if (input.value("mena", false)) {
    race.values.push_back(Cdcrec("2118-8"));
    if (!input.value("white_only_by_mena", false)) race.values.push_back(Cdcrec("2108-9"));
  }
  return race;
}

Assertion EthnicityOf(const Json& input) {
  using namespace equinode::testing;
  Assertion ethnicity;
  ethnicity.field = AssertionField::kEthnicity;
  if (input.at("ethnicity").is_null()) return ethnicity;
  const std::string code = input.at("ethnicity");
  ethnicity.values.push_back(code == "ASKU" || code == "UNK" ? Null(code) : Cdcrec(code));
  return ethnicity;
}

Json RaceEthnicityRollup(const Json& input) {
  std::vector<Assertion> answers = {RaceOf(input), EthnicityOf(input)};
  JudgeAll(answers);
  const Assertion* race = &answers[0];
  const Assertion* ethnicity = &answers[1];
  const auto group = [&](std::string_view frame, std::string_view dimension) {
    const auto groups = GroupsIn(frame, dimension, race, ethnicity);
    return groups.empty() ? Json() : Json(groups[0]);
  };
  // The label of one category: the group of the frame that takes it.
  const auto labels = [&](const std::vector<OmbCategory>& selections, std::string_view frame,
                          std::string_view dimension) {
    static constexpr std::array<std::string_view, 9> kRoots = {
        "", "1002-5", "2028-9", "2054-5", "2076-8", "2106-3", "2118-8", "2131-1", ""};
    Json list = Json::array();
    for (const OmbCategory category : selections) {
      const bool hispanic = category == OmbCategory::kHispanic;
      const auto root = kRoots[static_cast<std::size_t>(category)];
      const Assertion alone =
          testing::Answer(hispanic ? AssertionField::kEthnicity : AssertionField::kRace,
                          {testing::Cdcrec(hispanic ? "2135-2" : std::string(root))});
      const auto groups =
          GroupsIn(frame, dimension, hispanic ? nullptr : &alone, hispanic ? &alone : nullptr);
      if (!groups.empty()) list.push_back(groups[0]);
    }
    return list;
  };
  return {{"omb1997_race", labels(Selections1997Of(race), "omb_1997", "race")},
          {"omb1997_ethnicity", group("omb_1997", "ethnicity")},
          {"ncqa_race", group("ncqa_hedis", "race")},
          {"ncqa_ethnicity", group("ncqa_hedis", "ethnicity")},
          {"omb2024_selections",
           labels(Selections2024Of(race, ethnicity), "omb_2024", "race_and_ethnicity")},
          {"omb2024_single", group("omb_2024", "race_and_ethnicity")},
          {"minnesota", group("minnesota", "race_and_ethnicity")},
          {"michigan", group("michigan", "race_and_ethnicity")},
          {"north_carolina_race", group("north_carolina", "race")},
          {"california_combined", group("california", "race_and_ethnicity")},
          {"louisiana_race", group("louisiana", "race")}};
}

}  // namespace

void ClaimStatistics(Registry& registry) {
  registry.Claim("ci_binomial", CiBinomial);
  registry.Claim("two_proportions", TwoProportionsCase);
  registry.Claim("inequality_measures", Inequality);
  registry.Claim("pooling", Pooling);
  registry.Claim("telehealth_by_language", TelehealthByLanguage);
  registry.Claim("nhqdr_two_criteria", NhqdrCase);
  registry.Claim("real_completeness", RealCompleteness);
  registry.Claim("race_ethnicity_rollup", RaceEthnicityRollup);
  registry.ClaimElsewhere("small_cell_suppression", "domain/privacy");
}

}  // namespace equinode::equity::golden
