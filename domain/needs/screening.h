// What one asking says of a person, need by need.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/needs/instruments.h"

namespace equinode {

// In the order in which questions of different instruments outweigh each other.
enum class ScreenOutcome : std::uint8_t {
  kPositive = 1,
  kNegative = 2,
  kDeclined = 3,
  kUnable = 4,  // Asked, and could not be answered, or not in full.
  kNotAsked = 5,
};
std::string_view OutcomeName(ScreenOutcome outcome);  // "positive", "negative", ...

// How a question was answered. The numbers are those of proto/equinode/v1/need.proto.
enum class AnswerGiven : std::uint8_t {
  kAnswered = 1,
  kDeclined = 2,
  kUnable = 3,
  kNotAsked = 4,
  kNothing = 5,  // Asked, with nothing said: to a choose-all question that is "none of these".
};

struct ScreenedAnswer {
  std::string question{};              // LOINC.
  std::vector<std::string> answers{};  // LOINC; "system|code" for those of another system.
  AnswerGiven given = AnswerGiven::kAnswered;
  std::optional<std::int64_t> milli{};  // A number that was answered, times 1,000.
  std::string text{};                   // The source's words where it had no code.
  friend bool operator==(const ScreenedAnswer&, const ScreenedAnswer&) = default;
};

struct Asking {
  struct Part {
    std::string instrument{};  // As the source tells it; empty = it does not.
    ScreenedAnswer answer{};
  };
  std::vector<Part> parts{};
  std::optional<int> age{};  // In completed years on the day.
};

struct DomainOutcome {
  std::string domain{};
  ScreenOutcome outcome = ScreenOutcome::kNotAsked;
  HelpWanted help = HelpWanted::kNotSaid;
  // What decided: the first of equal weight.
  std::string instrument{};
  std::string question{};
  std::string answer{};
};

// What could not be judged, or not as the source would have it.
struct ScreeningFinding {
  std::string reason{};  // UNKNOWN_ANSWER, INSTRUMENT_NEEDED, OTHER_INSTRUMENT, SCORE_DIFFERS.
  std::string question{};
  std::string answer{};
  friend bool operator==(const ScreeningFinding&, const ScreeningFinding&) = default;
};

struct AskingResult {
  std::vector<DomainOutcome> domains{};  // Those that were asked about, by name.
  std::vector<ScreeningFinding> findings{};
};

// Within one instrument a need outweighs everything, and a domain is negative only when none of its
// questions was declined or left open; between instruments in the order of ScreenOutcome. An
// answered question says no for those of its domains that the answer does not name. An answer that
// two instruments read differently is judged by the instrument that the source tells, else by the
// one that the other answers of the asking are of; else it is not judged (INSTRUMENT_NEEDED), and
// neither is one of an instrument without rules here (OTHER_INSTRUMENT). A
// score with items missing is judged where they could not change it.
AskingResult JudgeAsking(const Asking& asking);

}  // namespace equinode
