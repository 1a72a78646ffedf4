// The words of the contract's enums about needs, and dates as texts.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "equinode/v1/need_service.pb.h"

namespace equinode::cli {

// "OUTCOME_NOT_ASKED" without its prefix, in lower case, with '-': "not-asked".
std::string EnumWord(std::string name, std::string_view prefix);

inline std::string OutcomeWord(v1::Outcome value) {
  return EnumWord(v1::Outcome_Name(value), "OUTCOME_");
}
inline std::string StateWord(v1::NeedState value) {
  return EnumWord(v1::NeedState_Name(value), "NEED_STATE_");
}
inline std::string StageWord(v1::CodeStage value) {
  return EnumWord(v1::CodeStage_Name(value), "CODE_STAGE_");
}
inline std::string HelpWord(v1::HelpWanted value) {
  return value == v1::HELP_WANTED_UNSPECIFIED
             ? ""
             : EnumWord(v1::HelpWanted_Name(value), "HELP_WANTED_");
}

std::string DayWord(const v1::Date& date);  // "2026-03-01"; "" when it has no year.

}  // namespace equinode::cli
