// What the codes of a release mean, in the words of readers.
#pragma once

#include <string>
#include <string_view>

#include "domain/needs/measures/measure_name.h"
#include "equinode/v1/report.pb.h"

namespace equinode {

// "race_omb1997"; "unknown" for a number that names none.
std::string StratifierWord(v1::Stratifier stratifier);
std::string_view StratifierLabel(v1::Stratifier stratifier);    // "Race (OMB 1997)"
std::string_view StratifierMeaning(v1::Stratifier stratifier);  // One sentence.

// A built-in measure's words, or the id itself.
std::string MeasureLabel(std::string_view measure);
// What the two numbers of a cell count.
struct MeasureMeaning {
  std::string denominator{};
  std::string numerator{};  // Empty: the measure has none.
};
MeasureMeaning MeaningOf(std::string_view measure);

// "Food Insecurity", "food (SNS-E)", "Food Insecurity at harvest": what a measure is about.
std::string NeedText(const NeedMeasure& measure);

std::string DayText(const v1::Date& day);  // "2025-12-31"; empty for none.
// "2025-01-01 to 2025-12-31"; empty when the release does not say.
std::string PeriodText(const v1::Release& release);
// "3 of 4 nodes answered". QHIOs without records of their own are not among the four.
std::string AnsweredText(const v1::Release& release);

// "White" for WHITE; "All" for the total; a code that has no words of its own stays as it is.
std::string StratumLabel(std::string_view stratum);

}  // namespace equinode
