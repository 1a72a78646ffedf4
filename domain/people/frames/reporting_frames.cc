#include "domain/people/frames/reporting_frames.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "base/csv_rows.h"
#include "domain/people/assertion_rules.h"
#include "domain/people/frames/frame_tables.h"
#include "domain/people/frames/race_ethnicity.h"
#include "domain/people/tables.h"

namespace equinode {
namespace {

constexpr std::string_view kReald = "oregon_reald";
constexpr std::string_view kRealdDimension = "race_and_ethnicity";
constexpr std::string_view kDoNotKnow = "Don't know";
constexpr std::string_view kDoNotWant = "Don't want to answer";

enum class Question { kRace, kEthnicity, kCombined };

// One group takes one kind of answer.
struct Rule {
  std::string answer{};     // "WHITE", "TWO_OR_MORE", "DECLINED"; "ANY".
  std::string ethnicity{};  // "HISPANIC", "NOT_HISPANIC", or "" = whatever it is.
  std::string group{};
};
struct Rules {
  std::string frame{};
  std::string dimension{};
  Question question = Question::kRace;
  std::vector<Rule> rules{};
};

// What a code of CDCREC is called in REALD.
using RealdGroups = std::unordered_map<std::string, std::string>;

struct Tables {
  std::vector<Rules> frames{};
  RealdGroups reald{};
  std::vector<std::string> reald_groups{};
  std::vector<FrameDimension> listed{};
};

Rule RuleOf(std::string_view takes, const std::string& group) {
  const std::size_t plus = takes.find('+');
  const std::string_view ethnicity =
      plus == std::string_view::npos ? std::string_view{} : takes.substr(plus + 1);
  return {std::string(takes.substr(0, plus)), std::string(ethnicity), group};
}

Tables ReadTables() {
  Tables tables;
  ForEachRow(people::kReportingFramesCsv, [&](const std::vector<std::string>& row) {
    if (tables.frames.empty() || tables.frames.back().frame != row[0] ||
        tables.frames.back().dimension != row[1]) {
      const Question question = row[2] == "ethnicity"  ? Question::kEthnicity
                                : row[2] == "combined" ? Question::kCombined
                                                       : Question::kRace;
      tables.frames.push_back({row[0], row[1], question, {}});
    }
    std::string_view takes = row[4];
    while (!takes.empty()) {
      const std::size_t bar = takes.find('|');
      tables.frames.back().rules.push_back(RuleOf(takes.substr(0, bar), row[3]));
      takes = bar == std::string_view::npos ? std::string_view{} : takes.substr(bar + 1);
    }
  });
  ForEachRow(people::kRealdGroupsCsv, [&](const std::vector<std::string>& row) {
    tables.reald.emplace(row[0], row[1]);
    if (std::ranges::find(tables.reald_groups, row[1]) == tables.reald_groups.end()) {
      tables.reald_groups.push_back(row[1]);
    }
  });
  for (const std::string_view group : {kDoNotKnow, kDoNotWant}) {
    tables.reald_groups.emplace_back(group);
  }
  return tables;
}

const Tables& TheTables() {
  static const Tables tables = [] {
    Tables read = ReadTables();
    for (const Rules& rules : read.frames) {
      FrameDimension& one = read.listed.emplace_back();
      one.frame = rules.frame;
      one.dimension = rules.dimension;
      for (const Rule& rule : rules.rules) {
        if (one.groups.empty() || one.groups.back() != rule.group) one.groups.push_back(rule.group);
      }
    }
    FrameDimension& reald = read.listed.emplace_back();
    reald.frame = kReald;
    reald.dimension = kRealdDimension;
    reald.groups.assign(read.reald_groups.begin(), read.reald_groups.end());
    return read;
  }();
  return tables;
}

constexpr std::array<std::string_view, 10> kCategoryWords = {
    "", "AIAN", "ASIAN", "BLACK", "NHPI", "WHITE", "MENA", "OTHER", "HISPANIC", "NOT_HISPANIC"};

// Why there is no answer.
std::string_view StateWord(const Assertion* assertion) {
  if (assertion == nullptr || !assertion->conflict.empty()) return "UNKNOWN";
  switch (assertion->state) {
    case AnswerState::kDeclined:
      return "DECLINED";
    case AnswerState::kAskedUnknown:
      return "ASKED_UNKNOWN";
    case AnswerState::kNotAsked:
      return "NOT_ASKED";
    default:
      return "UNKNOWN";
  }
}

std::string_view AnswerWord(const std::vector<OmbCategory>& selections, const Assertion* asked) {
  if (selections.empty()) return StateWord(asked);
  if (selections.size() > 1) return "TWO_OR_MORE";
  return kCategoryWords[static_cast<std::size_t>(selections[0])];
}

std::string_view EthnicityWord(const Assertion* ethnicity) {
  switch (Ethnicity1997Of(ethnicity)) {
    case Ethnicity1997::kHispanic:
      return "HISPANIC";
    case Ethnicity1997::kNotHispanic:
      return "NOT_HISPANIC";
    default:
      return StateWord(ethnicity);
  }
}

void AddReald(const Assertion* assertion, std::vector<std::string_view>& groups) {
  if (assertion == nullptr || !IsUsable(*assertion)) return;
  const Tables& tables = TheTables();
  for (const Coded& coded : assertion->values) {
    const CdcrecCode* code = FindCdcrec(coded.system, coded.code);
    if (code == nullptr) continue;
    const auto found = tables.reald.find(code->code);
    if (found == tables.reald.end()) continue;
    if (std::ranges::find(groups, found->second) == groups.end()) groups.push_back(found->second);
  }
}

std::vector<std::string_view> RealdGroupsOf(const Assertion* race, const Assertion* ethnicity) {
  std::vector<std::string_view> groups;
  AddReald(race, groups);
  AddReald(ethnicity, groups);
  if (!groups.empty() || !Selections2024Of(race, ethnicity).empty()) return groups;
  const std::string_view why =
      StateWord(race) != "UNKNOWN" ? StateWord(race) : StateWord(ethnicity);
  if (why == "ASKED_UNKNOWN") groups.push_back(kDoNotKnow);
  if (why == "DECLINED") groups.push_back(kDoNotWant);
  return groups;
}

}  // namespace

const std::vector<FrameDimension>& ReportingFrames() { return TheTables().listed; }

const FrameDimension* FindFrame(std::string_view frame, std::string_view dimension) {
  for (const FrameDimension& one : ReportingFrames()) {
    if (one.frame == frame && one.dimension == dimension) return &one;
  }
  return nullptr;
}

bool IsFrame(std::string_view frame) {
  return std::ranges::any_of(ReportingFrames(),
                             [&](const FrameDimension& one) { return one.frame == frame; });
}

std::vector<std::string_view> GroupsIn(std::string_view frame, std::string_view dimension,
                                       const Assertion* race, const Assertion* ethnicity) {
  if (frame == kReald && dimension == kRealdDimension) return RealdGroupsOf(race, ethnicity);
  const auto& frames = TheTables().frames;
  const auto found = std::ranges::find_if(frames, [&](const Rules& rules) {
    return rules.frame == frame && rules.dimension == dimension;
  });
  if (found == frames.end()) return {};
  const std::string_view origin = EthnicityWord(ethnicity);
  const std::string_view answer = found->question == Question::kEthnicity ? origin
                                  : found->question == Question::kCombined
                                      ? AnswerWord(Selections2024Of(race, ethnicity), race)
                                      : AnswerWord(Selections1997Of(race), race);
  for (const Rule& rule : found->rules) {
    const bool takes = rule.answer == "ANY" || rule.answer == answer;
    if (takes && (rule.ethnicity.empty() || rule.ethnicity == origin)) return {rule.group};
  }
  return {};
}

}  // namespace equinode
