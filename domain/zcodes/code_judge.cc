// What a code is on a day.
#include <algorithm>
#include <set>

#include "domain/zcodes/code_table.h"
#include "domain/zcodes/day.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

bool BillableOn(const ZCode& code, sys_days day) {
  return code.from && *code.from <= day && (!code.until || day <= *code.until);
}

// Z55-Z65 are here complete: what is not in the table is nowhere.
bool InWholeChapter(std::string_view code) {
  const std::string_view category = code.substr(0, 3);
  return category >= "Z55" && category <= "Z65";
}

}  // namespace

std::string_view CodeStateName(CodeState state) {
  switch (state) {
    case CodeState::kBillable:
      return "BILLABLE";
    case CodeState::kHeader:
      return "HEADER_CODE";
    case CodeState::kUnknown:
      return "UNKNOWN_CODE";
    case CodeState::kNotYet:
      return "CODE_NOT_YET_VALID";
    case CodeState::kExpired:
      return "CODE_EXPIRED";
    case CodeState::kNotCovered:
      return "CODE_NOT_COVERED";
  }
  return "UNKNOWN_CODE";
}

std::vector<std::string> ZCodeTable::BillableBelow(std::string_view prefix, sys_days day) const {
  std::vector<std::string> found;
  for (auto at = codes_.upper_bound(prefix);
       at != codes_.end() && at->first.compare(0, prefix.size(), prefix) == 0; ++at) {
    if (BillableOn(at->second, day)) found.push_back(at->first);
  }
  return found;
}

// The codes under it; without any, those that name it as what they were before, further on while
// those are not good on that day either; without any, what it names itself, further back likewise.
std::vector<std::string> ZCodeTable::InPlaceOf(const ZCode& code, sys_days day) const {
  std::vector<std::string> below = BillableBelow(code.code, day);
  if (!below.empty()) return below;
  const auto search = [&](const auto& next) {
    std::set<std::string> found;
    std::set<std::string> seen{code.code};
    std::vector<std::string> open{code.code};
    while (!open.empty()) {
      const std::string from = std::move(open.back());
      open.pop_back();
      for (const std::string& name : next(from)) {
        const ZCode* other = Find(name);
        if (other == nullptr || !seen.insert(name).second) continue;
        if (BillableOn(*other, day)) {
          found.insert(name);
        } else {
          open.push_back(name);
        }
      }
    }
    return std::vector<std::string>(found.begin(), found.end());
  };
  std::vector<std::string> after = search([&](const std::string& from) {
    std::vector<std::string> names;
    for (const auto& [name, other] : codes_) {
      const auto& before = other.predecessors;
      if (std::find(before.begin(), before.end(), from) != before.end()) names.push_back(name);
    }
    return names;
  });
  if (!after.empty()) return after;
  return search([&](const std::string& from) { return Find(from)->predecessors; });
}

CodeVerdict ZCodeTable::Judge(std::string_view text, sys_days day) const {
  CodeVerdict verdict;
  verdict.code = NormalCode(text);
  if (verdict.code.empty()) {
    verdict.code = std::string(text.substr(0, 16));
    verdict.state = CodeState::kUnknown;
    return verdict;
  }
  const ZCode* code = Find(verdict.code);
  if (code == nullptr) {
    // The nearest above it that is here: "Z59.4" of "Z59.49".
    std::string above = verdict.code;
    while (above.size() > 3 && code == nullptr) {
      above.pop_back();
      if (above.back() == '.') above.pop_back();
      code = Find(above);
    }
    if (code == nullptr && !InWholeChapter(verdict.code)) return verdict;
    verdict.state = CodeState::kUnknown;
    if (code == nullptr) return verdict;
    verdict.successors =
        BillableOn(*code, day) ? std::vector<std::string>{code->code} : InPlaceOf(*code, day);
    return verdict;
  }
  verdict.title = code->title;
  if (BillableOn(*code, day)) {
    verdict.state = CodeState::kBillable;
    return verdict;
  }
  verdict.successors = InPlaceOf(*code, day);
  if (!BillableBelow(code->code, day).empty()) {
    verdict.state = CodeState::kHeader;
    verdict.day = code->until;
    return verdict;
  }
  std::optional<sys_days> first = code->from;
  for (auto at = codes_.upper_bound(code->code);
       at != codes_.end() && at->first.compare(0, code->code.size(), code->code) == 0; ++at) {
    if (at->second.from && (!first || *at->second.from < *first)) first = at->second.from;
  }
  verdict.state = first && day < *first ? CodeState::kNotYet : CodeState::kExpired;
  verdict.day = verdict.state == CodeState::kNotYet ? first : code->until;
  return verdict;
}

Error RefusalOf(const CodeVerdict& verdict, sys_days day) {
  std::string why = verdict.code;
  switch (verdict.state) {
    case CodeState::kBillable:
      break;
    case CodeState::kHeader:
      why += verdict.day ? " is a header since " + DayText(*verdict.day + std::chrono::days{1}) +
                               " and cannot be reported on "
                         : " is a header and cannot be reported on ";
      why += DayText(day);
      break;
    case CodeState::kUnknown:
      why += " is no code of ICD-10-CM in any year";
      break;
    case CodeState::kNotYet:
      why +=
          " cannot be reported before " + (verdict.day ? DayText(*verdict.day) : "its first day");
      break;
    case CodeState::kExpired:
      why += " could be reported until " + (verdict.day ? DayText(*verdict.day) : "its last day") +
             " only";
      break;
    case CodeState::kNotCovered:
      why += " is not a code of social needs that the code table holds";
      break;
  }
  if (!verdict.successors.empty()) {
    why += "; use ";
    for (std::size_t i = 0; i < verdict.successors.size(); ++i) {
      why += i == 0 ? "" : i + 1 == verdict.successors.size() ? " or " : ", ";
      why += verdict.successors[i];
    }
  }
  return Error{Code::kInvalidArgument, std::string(CodeStateName(verdict.state)), std::move(why)};
}

}  // namespace equinode
