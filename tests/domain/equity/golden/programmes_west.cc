// California, Oregon and Washington.
#include "tests/domain/equity/golden/programme_case.h"
#include "tests/domain/equity/golden/programmes.h"

namespace equinode::equity::golden {
namespace {

Json Dmhc(const Json& input) {
  ProgrammeCase one(OverAny("ca_dmhc_heqms"));
  one.Direction("M", input.value("lower_is_better", false));
  one.Benchmark("M", "p50", input.at("benchmark_pct"));
  one.Cell("M", "current", "", input.at("overall"));
  for (const Json& group : input.at("groups")) one.Cell("M", "current", group.at("group"), group);
  one.Score();
  Json rows = Json::array();
  Json failing = Json::array();
  const auto add = [&](const std::string& name, const std::string& group, const char* end) {
    const std::string rate = std::string("rate_pct") + end;
    const std::string meets = std::string("meets_minimum") + end;
    const std::string reason = one.Reason(rate, "M", group);
    rows.push_back({{"group", name},
                    {"status", reason == "na_small_denominator" ? "NA_small_denominator" : reason},
                    {"rate_pct_2dp", one.Get(rate, "M", group)},
                    {"meets_minimum", one.Get(meets, "M", group)}});
    if (one.Get(meets, "M", group) == Json(false)) failing.push_back(name);
  };
  add("Overall", "", "_all");
  for (const Json& group : input.at("groups")) add(group.at("group"), group.at("group"), "");
  return {{"rows", rows}, {"failing", failing}};
}

Json Hsag(const Json& input) {
  ProgrammeCase one(OverAny("ca_hsag_disparity"));
  one.Direction("M", input.value("lower_is_better", false));
  one.Benchmark("M", "benchmark", input.at("benchmark_pct"));
  for (const Json& group : input.at("groups")) one.Cell("M", "current", group.at("group"), group);
  one.Score();
  Json groups = Json::array();
  for (const Json& group : input.at("groups")) {
    const std::string name = group.at("group");
    groups.push_back({{"group", name},
                      {"status", one.Reason("disparity", "M", name)},
                      {"rate", one.Get("rate", "M", name)},
                      {"lower", one.Get("lower", "M", name)},
                      {"upper", one.Get("upper", "M", name)},
                      {"disparity", one.Get("disparity", "M", name)}});
  }
  return {{"groups", groups}};
}

Json Premium(const Json& input) {
  ProgrammeCase one(OverAny("ca_covered_qti"));
  one.Fact("plan", "", "gross_premium", input.at("gross_premium"));
  one.Fact("", "", "at_risk_pct", input.at("at_risk_pct"));
  one.Fact("", "", "measures_in_set", input.at("measures").size());
  for (const Json& measure : input.at("measures")) {
    const std::string name = measure.at("measure");
    one.Direction(name, measure.value("lower_is_better", false));
    one.Fact("plan", name, "score_pct", measure.at("score_pct"));
    for (const char* benchmark : {"benchmark", "floor", "ceiling"}) {
      const std::string key = std::string(benchmark) + "_pct";
      if (measure.contains(key)) one.Benchmark(name, benchmark, measure.at(key));
    }
  }
  one.Score({{"schedule", input.at("schedule")}});
  Json rows = Json::array();
  for (const Json& measure : input.at("measures")) {
    const std::string name = measure.at("measure");
    rows.push_back({{"measure", name},
                    {"fraction_owed", one.Get("fraction_owed", name)},
                    {"payment", one.Get("payment", name)}});
  }
  return {{"at_risk", one.Get("at_risk")},
          {"per_measure_at_risk", one.Get("measure_at_risk_paid")},
          {"rows", rows},
          {"total_payment", one.Get("total_payment")}};
}

Json Covid(const Json& input) {
  ProgrammeCase one(OverAny("ca_covid_incentive"));
  one.Cell("V", "baseline", "", input.at("overall_baseline"));
  for (const Json& group : input.at("groups")) {
    one.Cell("V", "baseline", group.at("group"), group.at("baseline"));
    one.Cell("V", "final", group.at("group"), group.at("final"));
  }
  one.Score();
  // The two lowest in their order: by baseline, larger denominator, name.
  std::map<double, std::string> judged;
  Json met = Json::object();
  for (const Json& group : input.at("groups")) {
    const std::string name = group.at("group");
    if (one.Get("judged", "V", name) != Json(true)) continue;
    judged[one.Get("rank", "V", name).get<double>()] = name;
    met[name] = one.Get("met", "V", name);
  }
  Json lowest = Json::array();
  for (const auto& [rank, name] : judged) lowest.push_back(name);
  return {{"target", one.Get("target", "V")},
          {"two_lowest", lowest},
          {"met", met},
          {"all_met", one.Get("all_met", "V")}};
}

Json Pdtm(const Json& input) {
  Json out;
  for (const auto& [reading, rate, pdtm] :
       {std::tuple{"pooled", "pooled_rate", "pdtm_vs_pooled"},
        {"unweighted", "unweighted_mean_rate", "pdtm_vs_unweighted_mean"}}) {
    ProgrammeCase one(OverAny("or_pdtm"));
    for (const Json& group : input.at("groups")) one.Cell("M", "current", group.at("group"), group);
    one.Score({{"mean", reading}});
    out[rate] = one.Get("mean_rate", "M");
    for (const Json& group : input.at("groups")) {
      const std::string name = group.at("group");
      out[pdtm][name] = one.Get("pdtm", "M", name);
    }
  }
  return out;
}

Json Washington(const Json& input) {
  ProgrammeCase one(OverAny("wa_quality"));
  for (const Json& measure : input.at("measures")) {
    const std::string name = measure.at("measure");
    one.Percent(name, "current", measure.at("performance"));
    one.Benchmark(name, "baseline", measure.at("baseline"));
    one.Benchmark(name, "target", measure.at("target"));
  }
  one.Score();
  Json rows = Json::array();
  for (const Json& measure : input.at("measures")) {
    const std::string name = measure.at("measure");
    rows.push_back({{"measure", name},
                    {"status", one.Reason("score", name)},
                    {"raw", one.Get("raw", name)},
                    {"score", one.Get("score", name)}});
  }
  return {{"rows", rows}, {"quality_score_equal_weights", one.Get("quality_score")}};
}

}  // namespace

void ClaimWest(Registry& registry) {
  registry.Claim("california_dmhc_heqms", Dmhc);
  registry.Claim("california_hsag", Hsag);
  registry.Claim("california_premium_at_risk", Premium);
  registry.Claim("california_covid_incentive", Covid);
  registry.Claim("oregon_pdtm", Pdtm);
  registry.Claim("washington_quality_score", Washington);
}

}  // namespace equinode::equity::golden
