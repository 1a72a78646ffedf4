// A worked case as evidence for a programme of the project's own data, and its score as JSON.
#pragma once

#include <string>

#include "domain/equity/programs/catalogue.h"
#include "domain/equity/programs/score.h"
#include "tests/domain/equity/golden/golden.h"

namespace equinode::equity::golden {

// The cases name groups and measures of their own: the programme's rules run over any.
programs::Programme OverAny(std::string_view id);

class ProgrammeCase {
 public:
  explicit ProgrammeCase(programs::Programme programme) : programme_(std::move(programme)) {}

  // {"num", "den"}, {"rate_pct"} or null.
  void Cell(const std::string& measure, const std::string& period, const std::string& group,
            const Json& cell);
  void Percent(const std::string& measure, const std::string& period, const Json& percent);
  void Fact(const std::string& organisation, const std::string& measure, const std::string& name,
            const Json& value);
  void Benchmark(const std::string& measure, const std::string& name, const Json& value);
  void Direction(const std::string& measure, bool lower_is_better);
  programs::Programme& programme() { return programme_; }

  void Score(const programs::Choices& choices = {});
  // The figure on the row of that organisation ("plan" by default), measure and group.
  Json Get(const std::string& figure, const std::string& measure = "",
           const std::string& group = "", const std::string& organisation = "plan") const;
  std::string Reason(const std::string& figure, const std::string& measure,
                     const std::string& group = "") const;

 private:
  const programs::Value* Find(const std::string& figure, const std::string& measure,
                              const std::string& group, const std::string& organisation) const;

  programs::Programme programme_;
  programs::Evidence evidence_{};
  programs::Score score_{};
};

Rational DecimalOf(const Json& json);
Json ToJson(const programs::Value& value);

}  // namespace equinode::equity::golden
