// North Carolina, Pennsylvania and CMS.
#include "tests/domain/equity/golden/programme_case.h"
#include "tests/domain/equity/golden/programmes.h"

namespace equinode::equity::golden {
namespace {

Json NcPriority(const Json& input) {
  Json out;
  for (const char* edges : {"exact", "two_decimals"}) {
    programs::Programme programme = *programs::FindProgramme("nc_withhold");
    programme.shown.clear();
    ProgrammeCase one(std::move(programme));
    const std::string measure = "CIS-10-priority";
    for (const char* period : {"previous", "current"}) {
      const Json& cell = input.at(period);
      one.Cell(measure, period, "", cell);
    }
    one.Score({{"edges", edges}});
    if (std::string_view(edges) == "two_decimals") {
      out["earned_pct_if_rounded_2dp"] = one.Get("earned_pct", measure);
      continue;
    }
    out = {{"status", one.Reason("earned_pct", measure)},
           {"relative_improvement_pct", one.Get("relative_improvement", measure)},
           {"earned_pct", one.Get("earned_pct", measure)},
           {"meets_benchmark", one.Get("met", measure)},
           {"benchmark_rate", one.Get("benchmark_rate", measure)}};
  }
  return out;
}

const std::map<std::string, std::string>& NcOutcomes() {
  static const std::map<std::string, std::string> names = {{"ppc_timeliness", "PPC-PRE"},
                                                           {"ppc_postpartum", "PPC-POST"},
                                                           {"cis10_overall", "CIS-10"},
                                                           {"hrrn_screening", "NC-HRRN"},
                                                           {"cis10_priority", "CIS-10-priority"}};
  return names;
}

Json NcPool(const Json& input) {
  Json out;
  for (const char* portion : {"by_source", "by_weight"}) {
    programs::Programme programme = *programs::FindProgramme("nc_bonus_pool");
    programme.shown.clear();
    ProgrammeCase one(std::move(programme));
    for (const Json& plan : input.at("plans")) {
      const std::string id = plan.at("id");
      one.Fact(id, "", "capitation", plan.at("capitation"));
      for (const auto& [outcome, measure] : NcOutcomes()) {
        const Json& standing = plan.at("outcomes").at(outcome);
        for (const char* fact : {"earned_pct", "met_benchmark", "score"}) {
          if (standing.contains(fact) && !standing.at(fact).is_null())
            one.Fact(id, measure, fact, standing.at(fact));
        }
      }
    }
    one.Score({{"portion", portion}});
    const std::string first = input.at("plans").at(0).at("id");
    Json reading;
    for (const Json& plan : input.at("plans")) {
      const std::string id = plan.at("id");
      out["withheld"][id] = one.Get("withheld", "", "", id);
      out["earned"][id] = one.Get("earned", "", "", id);
      reading["bonus"][id] = one.Get("bonus", "", "", id);
    }
    for (const auto& [outcome, measure] : NcOutcomes()) {
      out["unearned_by_outcome"][outcome] = one.Get("unearned_on_outcome", measure, "", first);
      reading["portions"][outcome] = one.Get("portion", measure, "", first);
      reading["winners"][outcome] = Json::array();
      for (const Json& plan : input.at("plans")) {
        if (one.Get("won", measure, "", plan.at("id")) == Json(true)) {
          reading["winners"][outcome].push_back(plan.at("id"));
        }
      }
    }
    out["unearned_total"] = one.Get("unearned_total", "", "", "");
    out["bonus_pool"] = one.Get("bonus_pool", "", "", "");
    out["retained_25pct"] = one.Get("kept", "", "", "");
    reading["retained_total"] = one.Get("retained_total", "", "", "");
    out[portion] = reading;
  }
  return out;
}

Json PaEquity(const Json& input) {
  Json out;
  for (const char* reading : {"gap_narrowing", "relative_excess", "black_relative_only"}) {
    programs::Programme programme = OverAny("pa_equity");
    programme.any_measure = true;
    ProgrammeCase one(std::move(programme));
    for (const Json& rate : input.at("rates")) {
      const std::string name = rate.at("rate");
      for (const char* period : {"previous", "current"}) {
        one.Cell(name, period, "Black", rate.at(std::string("black_") + period));
        one.Cell(name, period, "", rate.at(std::string("overall_") + period));
      }
    }
    one.Score({{"improvement", reading}});
    const Json paid = one.Get("paid");
    if (std::string_view(reading) != "gap_narrowing") {
      out["paid_under_alternatives"][reading] = paid;
      continue;
    }
    out["paid"] = paid;
    out["rows"] = Json::array();
    for (const Json& rate : input.at("rates")) {
      const std::string name = rate.at("rate");
      Json row = {{"rate", name}};
      for (const char* figure :
           {"gap_narrowing_pp", "relative_excess_pct", "black_relative_improvement_pct"}) {
        row[figure] = one.Get(figure, name, "Black");
      }
      out["rows"].push_back(row);
    }
  }
  return out;
}

Json PaMaternal(const Json& input) {
  ProgrammeCase one(OverAny("pa_maternal"));
  for (const Json& measure : input.at("measures")) {
    const std::string name = measure.at("measure");
    one.Direction(name, measure.value("lower_is_better", false));
    one.Benchmark(name, "p75", measure.at("p75_pct"));
    for (const char* period : {"previous", "current"}) {
      one.Cell(name, period, "Black",
               {{"rate_pct", measure.at(std::string("black_") + period + "_pct")}});
    }
  }
  one.Score();
  Json rows = Json::array();
  for (const Json& measure : input.at("measures")) {
    const std::string name = measure.at("measure");
    rows.push_back({{"measure", name},
                    {"meets_p75", one.Get("meets_p75", name, "Black")},
                    {"gap_reduced", one.Get("gap_reduced", name, "Black")}});
  }
  return {{"rows", rows},
          {"n_meeting_p75", one.Get("n_meeting_p75")},
          {"n_meeting_or_reduced", one.Get("n_meeting_or_reduced")}};
}

Json HealthEquityIndex(const Json& input) {
  ProgrammeCase one(OverAny("cms_ma_hei"));
  one.Fact("", "", "median_srf_pct", input.at("median_srf_pct"));
  one.Fact("", "", "measures_in_set", input.at("measures_in_set"));
  for (const Json& contract : input.at("contracts")) {
    const std::string id = contract.at("id");
    one.Fact(id, "", "enrollees", contract.at("enrollees"));
    one.Fact(id, "", "srf_pct", contract.at("srf_pct"));
    int at = 0;
    for (const Json& measure : contract.at("measures")) {
      const std::string name = "M" + std::to_string(at++);
      const std::string third = measure.at("third");
      one.Fact(id, name, "third", third == "top" ? 1 : third == "middle" ? 0 : -1);
      one.Fact(id, name, "weight", measure.at("weight"));
    }
  }
  one.Score();
  Json rows = Json::array();
  for (const Json& contract : input.at("contracts")) {
    const std::string id = contract.at("id");
    const Json hei = one.Get("hei", "", "", id);
    Json row = {{"contract", id}, {"status", hei.is_null() ? "not_scored" : "ok"}, {"hei", hei}};
    row["max_reward"] = one.Get("max_reward", "", "", id);
    row["reward"] = one.Get("reward", "", "", id);
    rows.push_back(row);
  }
  return {{"rows", rows}};
}

}  // namespace

void ClaimEast(Registry& registry) {
  registry.Claim("north_carolina_priority", NcPriority);
  registry.Claim("north_carolina_pool", NcPool);
  registry.Claim("pennsylvania_equity", PaEquity);
  registry.Claim("pennsylvania_maternal", PaMaternal);
  registry.Claim("cms_hei_historic", HealthEquityIndex);
}

}  // namespace equinode::equity::golden
