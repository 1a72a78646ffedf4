// The screening instruments as data (data/answers.csv and its neighbours): what an answer means, by
// instrument, LOINC question and LOINC answer, never by question alone and never by words. Sources:
// the Gravity guide's questionnaires (Hunger Vital Sign, PRAPARE), the New York crosswalk of
// AHC-HRSN, public scoring pages; the column `basis` says which.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace equinode {

enum class AnswerMeaning : std::uint8_t {
  kNeed,
  kNone,
  kDeclined,
  kUnable,
  kItem,   // Counts towards a score.
  kTrait,  // Says something of the person that is no need: veteran, farm work.
};

// Whether help is wanted: a fact apart from whether there is a need.
enum class HelpWanted : std::uint8_t { kNotSaid = 0, kYes = 1, kNo = 2 };
std::string_view HelpWantedName(HelpWanted help);  // "", "yes", "no".

struct AnswerRule {
  std::string instrument{};
  std::string question{};
  std::string answer{};
  std::string text{};
  AnswerMeaning meaning = AnswerMeaning::kNone;
  std::string domain{};
  std::optional<int> score{};  // kItem.
  HelpWanted help = HelpWanted::kNotSaid;
};

struct ScoreRule {
  enum class Kind : std::uint8_t { kSumFrom, kProductBelow };
  std::string instrument{};
  std::string total{};  // LOINC of the computed value; empty = it has none.
  std::string domain{};
  Kind kind = Kind::kSumFrom;
  std::vector<std::string> items{};
  int least = 0;  // What the score can be.
  int most = 0;
  int positive = 0;               // kSumFrom: a need from here on; kProductBelow: below.
  std::optional<int> youngest{};  // In completed years, both ends included.
  std::optional<int> oldest{};
};

// Every rule of a question in any instrument, in the table's order.
std::span<const AnswerRule> RulesOfQuestion(std::string_view question);
// Every rule of every instrument, in the table's order.
void EachAnswerRule(const std::function<void(const AnswerRule&)>& each);
std::span<const ScoreRule> ScoreRules();
// A question, or a computed value, of an instrument that we know.
bool IsScreeningQuestion(std::string_view question);
bool HasQuestion(std::string_view instrument, std::string_view question);
bool HasRules(std::string_view instrument);
// Choose all that apply: what is not chosen is answered with no.
bool ChooseAll(std::string_view question);
// The words of a question, for people; empty when unknown.
std::string_view QuestionText(std::string_view question);

std::span<const std::string> Instruments();
// Empty when it is none's. Also of an instrument that asks some of our questions and means another
// thing by the answers (TAPS): it is named, and has no rules.
std::string_view InstrumentOfPanel(std::string_view loinc);
std::string_view InstrumentOfQuestionnaire(std::string_view url);
// "PRAPARE" of "prapare"; empty when there is none.
std::string_view InstrumentNamed(std::string_view name);

// The LOINC answer that a source's words for an answer stand for, where a source has words only
// (Synthea's CSV): equal but for case, punctuation and what stands in brackets at the end.
std::string AnswerOfText(std::string_view question, std::string_view text);

}  // namespace equinode
