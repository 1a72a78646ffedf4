#include "domain/people/assertion_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "domain/people/folded_text.h"
#include "domain/people/languages.h"
#include "domain/people/tables.h"

namespace equinode {
namespace {

using people::EqualFolded;

// What one code of an answer set is.
enum class Meaning { kValue, kNull, kUnknownCode, kWords, kWrongList };

struct Reading {
  Meaning meaning = Meaning::kWords;
  AnswerState null_state = AnswerState::kUnknown;
  std::string_view answer{};  // Equal for equal answers, where the field has one answer only.
  const CdcrecCode* cdcrec = nullptr;  // Of a race or an ethnicity.
};

bool IsRaceOrEthnicity(AssertionField field) {
  return field == AssertionField::kRace || field == AssertionField::kEthnicity;
}

Reading Value(std::string_view answer) { return {Meaning::kValue, AnswerState::kKnown, answer}; }

Reading ReadCdcrec(AssertionField field, const Coded& coded) {
  const CdcrecCode* code = FindCdcrec(coded.system, coded.code);
  if (code == nullptr) return {Meaning::kUnknownCode};
  if (code->ethnicity != (field == AssertionField::kEthnicity)) return {Meaning::kWrongList};
  const bool hispanic = code->in1997 == OmbCategory::kHispanic;
  return {Meaning::kValue, AnswerState::kKnown,
          hispanic ? std::string_view("HISPANIC") : std::string_view(code->code), code};
}

Reading ReadValue(AssertionField field, const Coded& coded) {
  if (coded.code.empty()) return {Meaning::kWords};
  if (const auto state = StateOfNull(coded.system, coded.code)) return {Meaning::kNull, *state};
  switch (field) {
    case AssertionField::kRace:
    case AssertionField::kEthnicity:
      return ReadCdcrec(field, coded);
    case AssertionField::kLanguage: {
      const bool bcp47 = coded.system.empty() || coded.system == kLanguageSystem;
      const auto subtag = bcp47 ? LanguageSubtag(coded.code) : std::nullopt;
      if (subtag) return Value(*subtag);
      return bcp47 && IsNoLanguage(coded.code) ? Reading{Meaning::kNull, AnswerState::kUnknown}
                                               : Reading{Meaning::kUnknownCode};
    }
    case AssertionField::kInterpreterNeeded: {
      const auto answer = YesNo(coded.system, coded.code);
      return answer ? Value(*answer ? "YES" : "NO") : Reading{Meaning::kUnknownCode};
    }
    case AssertionField::kSex:
    case AssertionField::kBirthSex:
    case AssertionField::kAdministrativeGender:
    case AssertionField::kGenderIdentity: {
      const auto meaning = SexMeaning(field, coded.system, coded.code);
      if (!meaning) return {Meaning::kUnknownCode};
      if (*meaning == "UNKNOWN") return {Meaning::kNull, AnswerState::kUnknown};
      return Value(*meaning);
    }
    case AssertionField::kTribalAffiliation:
      return IsTribe(coded.system, coded.code) ? Value(coded.code) : Reading{Meaning::kUnknownCode};
  }
  return {Meaning::kUnknownCode};
}

Reading Read(AssertionField field, const Coded& coded) {
  Reading reading = ReadValue(field, coded);
  if (reading.meaning == Meaning::kUnknownCode && IsDeclinedCode(coded.system, coded.code)) {
    reading = {Meaning::kNull, AnswerState::kDeclined};
  }
  return reading;
}

// The words beside an OMB code name another OMB category, or "Other" stands beside one of them.
bool DisplayIsAnothers(const Coded& coded, const CdcrecCode* own) {
  if (own == nullptr || coded.display.empty() || EqualFolded(coded.display, own->display)) {
    return false;
  }
  for (const std::string_view other :
       {"1002-5", "2028-9", "2054-5", "2076-8", "2106-3", "2131-1", "2118-8", "2135-2", "2186-5"}) {
    const CdcrecCode* category = FindCdcrec({}, other);
    if (category != nullptr && category->in2024 != own->in2024 &&
        EqualFolded(coded.display, category->display)) {
      return true;
    }
  }
  return false;
}
bool GenderDisplayIsAnothers(std::string_view answer, std::string_view display) {
  const bool male = EqualFolded(display, "male");
  const bool female = EqualFolded(display, "female");
  return (male && answer != "MALE") || (female && answer != "FEMALE");
}

bool HasOneAnswer(AssertionField field) {
  return field != AssertionField::kRace && field != AssertionField::kTribalAffiliation;
}

void Label(Assertion& assertion) {
  assertion.labels.clear();
  if (assertion.field == AssertionField::kGenderIdentity) assertion.labels.emplace_back("SOGI");
  if (assertion.field == AssertionField::kTribalAffiliation)
    assertion.labels.emplace_back("TRIBAL");
}

}  // namespace

void Judge(Assertion& assertion) {
  Label(assertion);
  assertion.conflict.clear();
  bool values = false;
  bool nulls = false;
  bool unknown_codes = false;
  bool words = false;
  AnswerState null_state = AnswerState::kUnknown;
  std::string_view answer;
  const auto in_conflict = [&](std::string_view word) {
    if (assertion.conflict.empty()) assertion.conflict = word;
  };
  for (const Coded& coded : assertion.values) {
    const Reading reading = Read(assertion.field, coded);
    switch (reading.meaning) {
      case Meaning::kValue:
        if (values && HasOneAnswer(assertion.field) && !EqualFolded(answer, reading.answer)) {
          in_conflict(conflict::kSeveralAnswers);
        }
        values = true;
        answer = reading.answer;
        if (IsRaceOrEthnicity(assertion.field)
                ? DisplayIsAnothers(coded, reading.cdcrec)
                : assertion.field == AssertionField::kGenderIdentity &&
                      GenderDisplayIsAnothers(answer, coded.display)) {
          in_conflict(conflict::kCodeDisplayDiffer);
        }
        break;
      case Meaning::kNull:
        // OTH is an answer by words: it may stand beside values.
        if (reading.null_state == AnswerState::kOther) {
          words = true;
        } else {
          // Of several reasons the weightiest counts: the enum is in that order.
          null_state = nulls ? std::min(null_state, reading.null_state) : reading.null_state;
          nulls = true;
        }
        break;
      case Meaning::kUnknownCode:
        unknown_codes = true;
        break;
      case Meaning::kWords:
        words = words || !coded.text.empty() || !coded.display.empty();
        break;
      case Meaning::kWrongList:
        // Before any other: the neighbour is judged by it.
        values = true;
        assertion.conflict = assertion.field == AssertionField::kRace
                                 ? conflict::kEthnicityCodeInRace
                                 : conflict::kRaceCodeInEthnicity;
        break;
    }
  }
  if (nulls && (values || unknown_codes)) in_conflict(conflict::kNullWithValue);
  if (unknown_codes) {
    assertion.state = AnswerState::kUnmapped;
  } else if (values) {
    assertion.state = AnswerState::kKnown;
  } else if (nulls) {
    assertion.state = null_state;
  } else {
    assertion.state = words ? AnswerState::kOther : AnswerState::kAbsent;
  }
}

void JudgeAll(std::vector<Assertion>& assertions) {
  for (Assertion& assertion : assertions) Judge(assertion);
  const bool hispanic_in_race =
      std::any_of(assertions.begin(), assertions.end(), [](const Assertion& assertion) {
        return assertion.conflict == conflict::kEthnicityCodeInRace &&
               std::any_of(assertion.values.begin(), assertion.values.end(),
                           [](const Coded& coded) {
                             const CdcrecCode* code = FindCdcrec(coded.system, coded.code);
                             return code != nullptr && code->in1997 == OmbCategory::kHispanic;
                           });
      });
  if (!hispanic_in_race) return;
  for (Assertion& assertion : assertions) {
    if (assertion.field != AssertionField::kEthnicity || !assertion.conflict.empty()) continue;
    const bool denies =
        std::any_of(assertion.values.begin(), assertion.values.end(), [](const Coded& coded) {
          const CdcrecCode* code = FindCdcrec(coded.system, coded.code);
          return code != nullptr && code->in1997 == OmbCategory::kNotHispanic;
        });
    if (denies) assertion.conflict = conflict::kContradictedByRace;
  }
}

bool IsUsable(const Assertion& assertion) {
  return assertion.conflict.empty() && CountsAsAnswered(assertion.state);
}

}  // namespace equinode
