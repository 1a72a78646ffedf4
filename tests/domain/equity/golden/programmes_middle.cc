// Louisiana, Michigan and Minnesota.
#include "domain/equity/exact/interval.h"
#include "tests/domain/equity/golden/programme_case.h"
#include "tests/domain/equity/golden/programmes.h"

namespace equinode::equity::golden {
namespace {

Json Louisiana(const Json& input) {
  ProgrammeCase one(OverAny("la_withhold"));
  one.Fact("plan", "", "capitation", input.at("capitation"));
  one.Score();
  Json out;
  for (const char* figure : {"withhold_total", "health_equity", "quality", "value_based_payment"}) {
    out[figure] = one.Get(figure);
  }
  return out;
}

Json Pairwise(const Json& input) {
  ProgrammeCase one(OverAny("mi_pairwise"));
  one.Benchmark("M", "p50", input.at("p50_pct"));
  one.Cell("M", "current", "White", input.at("reference"));
  one.Cell("M", "current", "group", input.at("group"));
  one.Score();
  const auto get = [&](const char* figure) { return one.Get(figure, "M", "group"); };
  const auto place = [&](const char* figure) -> Json {
    const Json value = get(figure);
    if (value.is_null()) return nullptr;
    return value == Json(0.0) ? "similar" : value.get<double>() < 0 ? "below" : "above";
  };
  return {{"rate", get("rate")},
          {"reference_rate", get("reference_rate")},
          {"difference_vs_reference", get("difference_vs_reference")},
          {"ratio_vs_reference", get("ratio_vs_reference")},
          {"difference_vs_p50", get("difference_vs_p50")},
          {"ratio_vs_p50", get("ratio_vs_p50")},
          {"ci", {{"lower", get("lower")}, {"upper", get("upper")}}},
          {"reference_ci", {{"lower", get("reference_lower")}, {"upper", get("reference_upper")}}},
          {"vs_reference", place("vs_reference")},
          {"vs_p50", place("vs_p50")}};
}

ExactInterval Limits(const Json& json) { return {DecimalOf(json[0]), DecimalOf(json[1]), {}}; }

Json Touching(const Json& input) {
  Json out;
  if (input.contains("ci_a")) {
    out["overlap"] = Apart(Limits(input.at("ci_a")), Limits(input.at("ci_b"))) == 0;
  }
  if (input.contains("ci")) {
    const ExactInterval interval = Limits(input.at("ci"));
    const Rational p50 = DecimalOf(input.at("p50"));
    out["contained"] = !UpperBelow(interval, p50) && !LowerAbove(interval, p50);
  }
  return out;
}

Json Index(const Json& input) {
  Json out;
  for (const char* index : {"michigan", "hp2010"}) {
    ProgrammeCase one(OverAny("mi_index_of_disparity"));
    one.programme().reference.reset();
    if (input.contains("best")) one.Direction("M", input.at("best") == "lowest");
    one.Cell("M", "current", "", input.at("total"));
    for (const Json& group : input.at("subpopulations")) {
      one.Cell("M", "current", group.at("group"), group);
    }
    one.Score({{"index", index}});
    if (std::string_view(index) == "hp2010") {
      out["id_hp2010_best_group_pct"] = one.Get("index_pct", "M");
      continue;
    }
    const Json low = one.Get("low", "M");
    out = {{"status", one.Reason("index_pct", "M")},
           {"n", one.Get("groups", "M")},
           {"total_rate", one.Get("total_rate", "M")},
           {"id_pct", one.Get("index_pct", "M")},
           {"level", low.is_null() ? Json() : Json(low.get<bool>() ? "low" : "not_low")}};
  }
  return out;
}

Json Minnesota(const Json& input) {
  Json rows = Json::array();
  Json out;
  for (const char* rounding : {"one_decimal", "none"}) {
    ProgrammeCase one(OverAny("mn_disparity"));
    const std::string reference = one.programme().reference->name;
    const std::map<std::string, std::string> periods = {{"baseline", "previous"},
                                                        {"performance", "current"}};
    one.Direction("A", input.value("lower_is_better", false));
    for (const auto& [theirs, ours] : periods) {
      one.Cell("A", ours, reference, input.at("reference").at(theirs));
      if (input.contains("overall")) one.Cell("A", ours, "", input.at("overall").at(theirs));
      for (const Json& group : input.at("groups")) {
        one.Cell("A", ours, group.at("group"), group.at(theirs));
      }
    }
    one.Score({{"rounding", rounding}});
    const bool rounded = std::string_view(rounding) == "one_decimal";
    out[rounded ? "total_points" : "total_points_if_not_rounded"] = one.Get("total_points", "A");
    if (input.contains("overall")) out["gate_met"] = one.Get("gate_met", "A");
    std::size_t at = 0;
    for (const Json& group : input.at("groups")) {
      const std::string name = group.at("group");
      if (!rounded) {
        rows[at++]["points_if_not_rounded"] = one.Get("points", "A", name);
        continue;
      }
      Json row = {{"group", name}, {"status", one.Reason("net_change", "A", name)}};
      row["baseline_gap_pp"] = one.Get("gap_previous", "A", name);
      row["performance_gap_pp"] = one.Get("gap_current", "A", name);
      row["net_change_pct"] = one.Get("net_change", "A", name);
      row["net_change_pct_1dp"] = one.Get("net_scored", "A", name);
      row["points"] = one.Get("points", "A", name);
      row["new_gap"] = one.Get("new_gap", "A", name);
      rows.push_back(std::move(row));
    }
  }
  out["rows"] = rows;
  return out;
}

Json MinnesotaWithhold(const Json& input) {
  ProgrammeCase one(OverAny("mn_withhold"));
  one.Fact("plan", "", "payments", input.at("payments"));
  int at = 0;
  for (const Json& points : input.at("points_earned")) {
    one.Fact("plan", "M" + std::to_string(at++), "points", points);
  }
  one.Score();
  Json out;
  for (const char* figure : {"withheld", "performance_part", "percent_returned", "returned",
                             "forfeited", "not_tied_to_points"}) {
    out[figure] = one.Get(figure);
  }
  out["points"] = one.Get("points_total");
  return out;
}

}  // namespace

void ClaimMiddle(Registry& registry) {
  registry.Claim("louisiana_withhold", Louisiana);
  registry.Claim("michigan_pairwise", Pairwise);
  registry.Claim("michigan_touching", Touching);
  registry.Claim("michigan_index_of_disparity", Index);
  registry.Claim("minnesota_points", Minnesota);
  registry.Claim("minnesota_withhold", MinnesotaWithhold);
}

}  // namespace equinode::equity::golden
