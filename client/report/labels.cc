#include "client/report/labels.h"

#include <array>
#include <cstdio>
#include <utility>

#include "domain/counts/stratifier.h"
#include "domain/needs/measures/day_bins.h"
#include "domain/zcodes/domains.h"

namespace equinode {

namespace {

using Words = std::pair<std::string_view, std::string_view>;

// One row a stratifier, in the order of the contract.
constexpr std::array<Words, kStratifiers> kLabels = {{
    {"Race (OMB 1997)",
     "the one race, or two or more, in the categories of the 1997 standard (62 FR 58782)"},
    {"Ethnicity (OMB 1997)", "Hispanic or Latino or not, by the 1997 standard (62 FR 58782)"},
    {"Race and ethnicity (OMB 2024)",
     "race and ethnicity as one question, by the 2024 standard (89 FR 22182)"},
    {"Language", "the preferred language, as the first part of its BCP 47 tag"},
    {"Age", "completed years on the last day of the period, in bands"},
    {"Sex", "the sex on record"},
    {"Line of business", "the line of business of the payer's coverage"},
    {"County", "the county of residence, as state/county"},
    {"ZIP3", "the first three digits of the postal code of residence"},
    {"Practice", "the organisation whose record is counted"},
}};

constexpr Words kStrata[] = {
    {"", "All"},
    {"AIAN", "American Indian or Alaska Native"},
    {"ASIAN", "Asian"},
    {"BLACK", "Black or African American"},
    {"HISPANIC", "Hispanic or Latino"},
    {"NOT_HISPANIC", "Not Hispanic or Latino"},
    {"MENA", "Middle Eastern or North African"},
    {"NHPI", "Native Hawaiian or Pacific Islander"},
    {"WHITE", "White"},
    {"OTHER", "Other"},
    {"TWO_OR_MORE", "Two or more"},
    {"FEMALE", "Female"},
    {"MALE", "Male"},
    {"DECLINED", "Declined to answer"},
    {"UNKNOWN", "Unknown"},
    {"NOT_ASKED", "Not asked"},
    {"NONE", "None"},
    {"OTHER_VALUES", "All other values"},
};

const Words* RowOf(v1::Stratifier stratifier) {
  const auto number = static_cast<std::size_t>(stratifier);
  return number >= 1 && number <= kStratifiers ? &kLabels[number - 1] : nullptr;
}

// "race" of "available.race"; empty when `measure` does not begin so.
std::string_view After(std::string_view measure, std::string_view prefix) {
  return measure.starts_with(prefix) ? measure.substr(prefix.size()) : std::string_view();
}

// What a measure of needs counts, in the words of its numerator, and of whom.
struct NeedWords {
  std::string label{};
  std::string of{};  // Denominator; empty = the population.
  std::string counted{};
};

std::string EndWords(LoopEnd end) {
  switch (end) {
    case LoopEnd::kEvidence:
      return "served, with evidence";
    case LoopEnd::kReported:
      return "served, as reported";
    case LoopEnd::kUnmet:
      return "not served, with a reason";
    case LoopEnd::kLost:
      return "lost: nobody answered in time";
  }
  return "";
}

NeedWords WordsOf(const NeedMeasure& measure) {
  const std::string bin = measure.bin ? std::string(DayBins()[*measure.bin].text) : "";
  switch (measure.count) {
    case NeedCount::kScreened:
      if (measure.sns)
        return {"SNS-E screening", "", "those screened from 1 January to 1 December"};
      if (measure.outcome) {
        const std::string outcome(OutcomeName(*measure.outcome));
        return {"Screened, " + outcome, "", "those whose screening in the period was " + outcome};
      }
      return {"Screened", "", "those who answered a screening in the period"};
    case NeedCount::kPositive:
      return {"Positive", "those who answered a screening", "the positive"};
    case NeedCount::kIntervened:
      return {"SNS-E intervention", "those positive from 1 January to 1 December",
              "those with an intervention within 30 days"};
    case NeedCount::kCoded:
      return {"Z code among positive", "those positive in the period",
              "those with a signed-off code on an encounter"};
    case NeedCount::kReferred:
      return {"Referred among positive", "those positive in the period", "those referred"};
    case NeedCount::kAccepted:
      if (!bin.empty()) {
        return {"Accepted after " + bin, "those whose referral was accepted", "after " + bin};
      }
      return {"Accepted among referred", "those referred in the period", "those accepted"};
    case NeedCount::kClosed:
      if (!bin.empty()) {
        return {"Loop closed after " + bin, "those whose loop is closed", "after " + bin};
      }
      if (measure.end) {
        return {"Loop closed: " + EndWords(*measure.end), "those referred in the period",
                EndWords(*measure.end)};
      }
      return {"Loop closed among referred", "those referred in the period",
              "those whose loop is closed"};
  }
  return {};
}

}  // namespace

std::string NeedText(const NeedMeasure& measure) {
  if (measure.sns) return std::string(SnsNeedName(*measure.sns));
  const NeedDomain* domain = FindNeedDomain(measure.domain);
  const std::string words = domain == nullptr ? measure.domain : domain->display;
  return measure.at.empty() ? words : words + " at " + measure.at;
}

std::string StratifierWord(v1::Stratifier stratifier) {
  if (RowOf(stratifier) == nullptr) return "unknown";
  return std::string(StratifierName(static_cast<Stratifier>(stratifier)));
}

std::string_view StratifierLabel(v1::Stratifier stratifier) {
  const Words* row = RowOf(stratifier);
  return row == nullptr ? "Unknown stratifier" : row->first;
}

std::string_view StratifierMeaning(v1::Stratifier stratifier) {
  const Words* row = RowOf(stratifier);
  return row == nullptr ? "a stratifier that this program does not know" : row->second;
}

std::string MeasureLabel(std::string_view measure) {
  if (measure == "population") return "Population";
  if (const auto what = After(measure, "available."); !what.empty()) {
    return "Known " + std::string(what);
  }
  if (const auto what = After(measure, "selfreported."); !what.empty()) {
    return "Self-reported " + std::string(what);
  }
  if (const auto need = NeedMeasureNamed(measure)) {
    return WordsOf(*need).label + ", " + NeedText(*need);
  }
  return std::string(measure);
}

MeasureMeaning MeaningOf(std::string_view measure) {
  const std::string people = "people attributed to the payer on the last day of the period";
  if (measure == "population") return {people, ""};
  if (const auto what = After(measure, "available."); !what.empty()) {
    return {people, "those of them whose " + std::string(what) + " is known"};
  }
  if (const auto what = After(measure, "selfreported."); !what.empty()) {
    return {people, "those of them who have themselves stated their " + std::string(what)};
  }
  if (const auto need = NeedMeasureNamed(measure)) {
    const NeedWords words = WordsOf(*need);
    return {words.of.empty() ? people : people + ": " + words.of + ", " + NeedText(*need),
            words.counted + ", " + NeedText(*need)};
  }
  return {people + " who are in the measure's denominator",
          "those of them who are in the measure's numerator"};
}

std::string StratumLabel(std::string_view stratum) {
  for (const auto& [code, label] : kStrata) {
    if (stratum == code) return std::string(label);
  }
  return std::string(stratum);
}

std::string DayText(const v1::Date& day) {
  if (day.year() == 0) return "";
  char text[32];
  std::snprintf(text, sizeof(text), "%04u-%02u-%02u", day.year(), day.month(), day.day());
  return text;
}

std::string PeriodText(const v1::Release& release) {
  if (!release.has_period_start() || !release.has_period_end()) return "";
  return DayText(release.period_start()) + " to " + DayText(release.period_end());
}

std::string AnsweredText(const v1::Release& release) {
  const int asked = release.answered_size() + release.silent_size() + release.refused_size();
  return std::to_string(release.answered_size()) + " of " + std::to_string(asked) +
         (asked == 1 ? " node" : " nodes") + " answered";
}

}  // namespace equinode
