// Askings and records for the tests of this room.
#pragma once

#include <initializer_list>
#include <map>
#include <string>

#include "domain/needs/person_needs.h"
#include "domain/zcodes/day.h"

namespace equinode {

inline ScreenedAnswer Said(std::string question, std::vector<std::string> answers) {
  ScreenedAnswer answer;
  answer.question = std::move(question);
  answer.answers = std::move(answers);
  return answer;
}

inline ScreenedAnswer Without(std::string question, AnswerGiven given) {
  ScreenedAnswer answer;
  answer.question = std::move(question);
  answer.given = given;
  return answer;
}

inline Asking AskingOf(const std::string& instrument, std::vector<ScreenedAnswer> answers) {
  Asking asking;
  for (ScreenedAnswer& answer : answers) asking.parts.push_back({instrument, std::move(answer)});
  return asking;
}

// "positive" and so on by domain.
inline std::map<std::string, std::string> OutcomesOf(const AskingResult& result) {
  std::map<std::string, std::string> by_domain;
  for (const DomainOutcome& outcome : result.domains) {
    by_domain[outcome.domain] = OutcomeName(outcome.outcome);
  }
  return by_domain;
}

inline PartialDate DateOf(const char* text) {
  const std::chrono::year_month_day day{*ReadDay(text)};
  return {static_cast<std::uint16_t>(static_cast<int>(day.year())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.day()))};
}

}  // namespace equinode
