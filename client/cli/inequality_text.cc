#include "client/cli/inequality_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace equinode::cli {
namespace {

using namespace equity;

std::string Number(double value, int digits) {
  if (std::isinf(value)) return value > 0 ? "no limit" : "-no limit";
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.*g", digits, value);
  return std::string(text.data(), static_cast<std::size_t>(size));
}
std::string Fixed(double value, int decimals) {
  if (std::isinf(value)) return value > 0 ? "no limit" : "-no limit";
  std::array<char, 400> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return std::string(text.data(), static_cast<std::size_t>(size));
}

// A rate in the words of its kind: percents of proportions.
std::string RateText(double value, MeasureKind kind) {
  if (kind == MeasureKind::kProportion) return Fixed(100 * value, 1) + "%";
  return Fixed(value, kind == MeasureKind::kMean ? 2 : 3);
}

std::string CountText(const Count& count, std::int64_t unit) {
  const auto one = [&](std::int64_t value) {
    if (unit == 1) return std::to_string(value);
    return Number(static_cast<double>(value) / static_cast<double>(unit), 10);
  };
  if (count.bounded()) return one(count.lower) + " to " + one(count.upper);
  return one(count.lower) + (count.noised() ? " +noise" : "");
}

std::int64_t NumeratorUnit(MeasureKind kind) { return kind == MeasureKind::kMean ? kMillion : 1; }
std::int64_t DenominatorUnit(MeasureKind kind) {
  return kind == MeasureKind::kObservedExpected ? kMillion : 1;
}

std::string FigureRate(const Figure& figure, MeasureKind kind) {
  if (figure.value) return RateText(*figure.value, kind);
  if (figure.bounds) {
    return RateText(figure.bounds->lower, kind) + " to " + RateText(figure.bounds->upper, kind);
  }
  return "";
}
std::string IntervalRate(const Figure& figure, MeasureKind kind) {
  if (!figure.interval) return "";
  return RateText(figure.interval->lower, kind) + " to " + RateText(figure.interval->upper, kind);
}

Json Finite(double value) { return std::isfinite(value) ? Json(value) : Json(); }
Json ToJson(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return {{"lower", Finite(interval->lower)}, {"upper", Finite(interval->upper)}};
}
Json ToJson(const Figure& figure) {
  Json json = Json::object();
  json["value"] = figure.value ? Json(*figure.value) : Json();
  json[figure.log_se ? "se_log" : "se"] = figure.se ? Json(*figure.se) : Json();
  json["interval"] = ToJson(figure.interval);
  json["bounds"] = ToJson(figure.bounds);
  json["reason"] = figure.reason;
  return json;
}
Json ToJson(const Count& count, std::int64_t unit) {
  Json json = Json::object();
  const auto value = [&](std::int64_t number) {
    return unit == 1 ? Json(number) : Json(static_cast<double>(number) / static_cast<double>(unit));
  };
  if (count.bounded()) {
    json["lower"] = value(count.lower);
    json["upper"] = value(count.upper);
  } else {
    json[count.noised() ? "noised" : "count"] = value(count.lower);
  }
  if (count.noised()) {
    json["noise_variance"] =
        static_cast<double>(count.noise_variance) / static_cast<double>(kMillion);
  }
  return json;
}

std::string_view BetterWord(Better better) { return better == Better::kLower ? "lower" : "higher"; }
constexpr std::array<std::string_view, 4> kKindWords = {"proportion", "observed_expected",
                                                        "per_member_months", "mean"};
std::string_view KindWord(MeasureKind kind) { return kKindWords[static_cast<std::size_t>(kind)]; }

Json GroupJson(const AnalysedGroup& group, MeasureKind kind) {
  Json json = Json::object();
  json["group"] = group.name;
  json["numerator"] = ToJson(group.counts.numerator, NumeratorUnit(kind));
  json["denominator"] = ToJson(group.counts.denominator, DenominatorUnit(kind));
  json["no_answer"] = group.no_answer;
  json["reference"] = group.is_reference;
  json["rate"] = ToJson(group.rate);
  json["unreliable"] = group.unreliable;
  if (group.comparison) {
    json["difference"] = ToJson(group.comparison->difference);
    json["ratio"] = ToJson(group.comparison->ratio);
    const auto& p = group.comparison->p_value;
    json[group.comparison->p_is_most ? "p_at_most" : "p"] = p ? Json(*p) : Json();
    json["p_adjusted"] = group.adjusted_p ? Json(*group.adjusted_p) : Json();
    const auto& overlap = group.comparison->ncqa_overlap;
    json["ncqa_intervals_overlap"] = overlap ? Json(*overlap) : Json();
  }
  if (group.extremes) {
    json["if_unknowns_belonged"] = {{"worst_to_best", ToJson(group.extremes->worst_to_best)},
                                    {"all", ToJson(group.extremes->all)}};
  }
  if (group.change) {
    json["change"] = {
        {"gap_before", ToJson(group.change->gap_before)},
        {"gap_after", ToJson(group.change->gap_after)},
        {"difference_in_differences", ToJson(group.change->difference_in_differences)},
        {"ratio_of_ratios", ToJson(group.change->ratio_of_ratios)},
        {"group_change", ToJson(group.change->group_change)}};
  }
  return json;
}

Json AnalysisJson(const Analysis& one) {
  Json json = Json::object();
  json["measure"] = one.measure;
  json["period"] = one.period;
  json["organisation"] = one.organisation;
  json["frame"] = one.frame;
  json["dimension"] = one.dimension;
  json["source"] = one.source;
  json["kind"] = KindWord(one.kind);
  json["better"] = BetterWord(one.better);
  json["reference"] = one.reference;
  json["overall"] = ToJson(one.overall);
  json["overall_is"] = one.total_given ? "the total row" : "the sum of the strata";
  Json groups = Json::array();
  for (const AnalysedGroup& group : one.groups) groups.push_back(GroupJson(group, one.kind));
  json["groups"] = std::move(groups);
  Json measures = Json::object();
  for (const auto& [name, figure] : one.measures) measures[std::string(name)] = ToJson(figure);
  json["inequality"] = std::move(measures);
  json["data_quality"] = {{"in_groups", ToJson(one.quality.in_groups)},
                          {"no_answer", ToJson(one.quality.no_answer)},
                          {"outside", ToJson(one.quality.outside)}};
  return json;
}

// One row a figure.
class Rows {
 public:
  Rows()
      : sheet_({"measure", "period", "organisation", "frame", "dimension", "source", "figure",
                "group", "reference", "value", "se", "lower", "upper", "bound_lower", "bound_upper",
                "reason"}) {}

  void Add(const Analysis& one) {
    one_ = &one;
    Put("overall_rate", "", one.overall);
    for (const AnalysedGroup& group : one.groups) {
      Put("rate", group.name, group.rate);
      if (group.comparison) {
        Put("difference", group.name, group.comparison->difference);
        Put("ratio", group.name, group.comparison->ratio);
        PutNumber(group.comparison->p_is_most ? "p_at_most" : "p", group.name,
                  group.comparison->p_value);
        PutNumber("p_adjusted", group.name, group.adjusted_p);
      }
      if (group.change) {
        Put("difference_in_differences", group.name, group.change->difference_in_differences);
        Put("ratio_of_ratios", group.name, group.change->ratio_of_ratios);
        Put("group_change", group.name, group.change->group_change);
      }
      if (group.extremes) {
        PutBounds("if_unknowns_belonged", group.name, group.extremes->worst_to_best);
        PutBounds("if_all_unknowns_belonged", group.name, group.extremes->all);
      }
    }
    for (const auto& [name, figure] : one.measures) Put(name, "", figure);
    PutShare("share_in_groups", one.quality.in_groups);
    PutShare("share_no_answer", one.quality.no_answer);
    PutShare("share_outside", one.quality.outside);
  }

  std::string Text() const { return sheet_.Text(Format::kCsv); }

 private:
  void Put(std::string_view name, const std::string& group, const Figure& figure) {
    const auto low = [](const std::optional<Interval>& interval) {
      return interval ? Finite(interval->lower) : Json();
    };
    const auto high = [](const std::optional<Interval>& interval) {
      return interval ? Finite(interval->upper) : Json();
    };
    sheet_.Add({one_->measure, one_->period, one_->organisation, one_->frame, one_->dimension,
                one_->source, name, group, one_->reference,
                figure.value ? Json(*figure.value) : Json(), figure.se ? Json(*figure.se) : Json(),
                low(figure.interval), high(figure.interval), low(figure.bounds),
                high(figure.bounds), figure.reason});
  }
  void PutNumber(std::string_view name, const std::string& group,
                 const std::optional<double>& value) {
    Figure figure;
    figure.value = value;
    Put(name, group, figure);
  }
  void PutBounds(std::string_view name, const std::string& group,
                 const std::optional<Interval>& bounds) {
    if (!bounds) return;
    Figure figure;
    figure.bounds = bounds;
    Put(name, group, figure);
  }
  // All people, not a sample: where the counts are exact there is nothing to be unsure of.
  void PutShare(std::string_view name, Figure share) {
    share.se.reset();
    if (share.value) share.interval.reset();
    Put(name, "", share);
  }

  Sheet sheet_;
  const Analysis* one_ = nullptr;
};

std::string Title(const Analysis& one, std::size_t organisations) {
  std::string title = Harmless(one.measure + ", " + one.period + ", by " + one.dimension);
  if (!one.frame.empty()) title += " (groups of " + Harmless(one.frame) + ")";
  if (!one.source.empty()) title += ", " + Harmless(one.source) + " data";
  if (organisations == 0) {
    title += ", " + Harmless(one.organisation);
  } else {
    title += organisations == 1 ? ", 1 organisation"
                                : ", " + std::to_string(organisations) + " organisations pooled";
  }
  title += "; " + std::string(BetterWord(one.better)) + " is better";
  return title;
}

std::string GroupsTable(const Analysis& one, const std::string& percent) {
  Sheet sheet({"group", "number", "of", "rate", percent + " interval"});
  for (const AnalysedGroup& group : one.groups) {
    sheet.Add({group.name + (group.is_reference ? " (reference)"
                             : group.no_answer  ? " (no group)"
                                                : ""),
               CountText(group.counts.numerator, NumeratorUnit(one.kind)),
               CountText(group.counts.denominator, DenominatorUnit(one.kind)),
               FigureRate(group.rate, one.kind), IntervalRate(group.rate, one.kind)});
  }
  return sheet.Text(Format::kTable);
}

std::string ComparisonsTable(const Analysis& one, const std::string& percent) {
  Sheet sheet({"against " + one.reference, "difference", percent + " interval", "ratio", "p",
               "adjusted p"});
  for (const AnalysedGroup& group : one.groups) {
    if (!group.comparison) continue;
    const Comparison& comparison = *group.comparison;
    const auto& ratio = comparison.ratio;
    const auto p = [&](const std::optional<double>& value) {
      return value ? (comparison.p_is_most ? "<= " : "") + Number(*value, 3) : std::string();
    };
    sheet.Add({group.name, FigureRate(comparison.difference, one.kind),
               IntervalRate(comparison.difference, one.kind),
               ratio.value ? Number(*ratio.value, 3)
               : ratio.bounds
                   ? Number(ratio.bounds->lower, 3) + " to " + Number(ratio.bounds->upper, 3)
                   : std::string(ratio.reason),
               p(comparison.p_value), p(group.adjusted_p)});
  }
  return sheet.rows() > 0 ? sheet.Text(Format::kTable) + "\n" : "";
}

std::string MeasuresTable(const Analysis& one, const std::string& percent) {
  Sheet sheet({"inequality", "value", "se", percent + " interval", "bounds", "why not"});
  const auto both = [](const std::optional<Interval>& interval) {
    return interval ? Number(interval->lower, 5) + " to " + Number(interval->upper, 5)
                    : std::string();
  };
  std::vector<std::string> unordered;
  for (const auto& [name, figure] : one.measures) {
    if (figure.reason == reason::kNoOrder) continue;  // A line below says it once.
    sheet.Add({name, figure.value ? Number(*figure.value, 5) : "",
               figure.se ? Number(*figure.se, 3) + (figure.log_se ? " (log)" : "") : "",
               both(figure.interval), both(figure.bounds), figure.reason});
  }
  std::string text = sheet.Text(Format::kTable);
  for (const auto& [name, figure] : one.measures) {
    if (figure.reason == reason::kNoOrder) {
      return text +
             "Measures of a gradient (aci, rci, sii, rii) need groups with an order: the column "
             "order.\n";
    }
  }
  return text;
}

std::string ChangeTable(const Analysis& one, const std::string& percent) {
  Sheet sheet({"change", "gap before", "gap after", "difference", percent + " interval",
               "ratio of ratios", percent + " interval of it"});
  for (const AnalysedGroup& group : one.groups) {
    if (!group.change) continue;
    const ChangeOfGap& change = *group.change;
    const Figure& ratio = change.ratio_of_ratios;
    sheet.Add({group.name, FigureRate(change.gap_before, one.kind),
               FigureRate(change.gap_after, one.kind),
               FigureRate(change.difference_in_differences, one.kind),
               IntervalRate(change.difference_in_differences, one.kind),
               ratio.value ? Number(*ratio.value, 3) : std::string(ratio.reason),
               ratio.interval
                   ? Number(ratio.interval->lower, 3) + " to " + Number(ratio.interval->upper, 3)
                   : ""});
  }
  return sheet.rows() > 0 ? sheet.Text(Format::kTable) : "";
}

std::string QualityText(const Analysis& one) {
  const auto share = [](const Figure& figure) {
    if (figure.value) return Fixed(100 * *figure.value, 1) + "%";
    const auto& interval = figure.bounds ? figure.bounds : figure.interval;
    if (!interval) return std::string("not known");
    return Fixed(100 * interval->lower, 1) + "% to " + Fixed(100 * interval->upper, 1) + "%";
  };
  std::string text = "Data: " + share(one.quality.in_groups) + " of people are in a group, " +
                     share(one.quality.no_answer) + " have no answer, " +
                     share(one.quality.outside) + " are outside the groups";
  if (!one.total_given) text += " (no total row: those in no row are not seen)";
  text += ".\n";
  for (const AnalysedGroup& group : one.groups) {
    if (group.unreliable.empty()) continue;
    std::string why(group.unreliable);
    std::ranges::replace(why, '_', ' ');
    text +=
        "  too unsure to show by the standard of NCHS, " + Harmless(group.name) + ": " + why + "\n";
  }
  for (const AnalysedGroup& group : one.groups) {
    if (!group.extremes || !group.extremes->worst_to_best) continue;
    const Interval& range = *group.extremes->worst_to_best;
    if (group.rate.value && range.lower == *group.rate.value && range.upper == range.lower) {
      continue;
    }
    text += "  if people without an answer were of it, " + Harmless(group.name) + ": " +
            RateText(range.lower, one.kind) + " at worst, " + RateText(range.upper, one.kind) +
            " at best\n";
  }
  return text;
}

}  // namespace

std::string InequalityText(std::span<const Analysis> analyses, const AnalysisOptions& options,
                           std::size_t organisations, Format format) {
  if (format == Format::kJson) {
    Json list = Json::array();
    for (const Analysis& one : analyses) list.push_back(AnalysisJson(one));
    return list.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  if (format == Format::kCsv) {
    Rows rows;
    for (const Analysis& one : analyses) rows.Add(one);
    return rows.Text();
  }
  const std::string percent = Number(100 * options.level.confidence(), 4) + "%";
  std::string text;
  for (const Analysis& one : analyses) {
    if (!text.empty()) text += "\n";
    text += Title(one, organisations) + "\n";
    text += "overall " + FigureRate(one.overall, one.kind) + ", " + percent + " interval " +
            IntervalRate(one.overall, one.kind) + "\n\n";
    text += GroupsTable(one, percent) + "\n" + ComparisonsTable(one, percent);
    text += MeasuresTable(one, percent) + "\n";
    if (const std::string change = ChangeTable(one, percent); !change.empty()) {
      text += change + "\n";
    }
    text += QualityText(one);
  }
  return text;
}

}  // namespace equinode::cli
