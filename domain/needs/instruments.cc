#include "domain/needs/instruments.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/csv_rows.h"
#include "domain/needs/screening_tables.h"

namespace equinode {
namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};
template <typename T>
using ByText = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

AnswerMeaning MeaningNamed(std::string_view word) {
  if (word == "need") return AnswerMeaning::kNeed;
  if (word == "declined") return AnswerMeaning::kDeclined;
  if (word == "unable") return AnswerMeaning::kUnable;
  if (word == "item") return AnswerMeaning::kItem;
  if (word == "trait") return AnswerMeaning::kTrait;
  return AnswerMeaning::kNone;
}

std::optional<int> NumberIn(std::string_view text) {
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc()) return std::nullopt;
  return number;
}

struct Tables {
  ByText<std::vector<AnswerRule>> rules{};
  std::vector<ScoreRule> scores{};
  ByText<std::string> texts{};
  std::unordered_set<std::string, TextHash, std::equal_to<>> totals{};
  std::unordered_set<std::string, TextHash, std::equal_to<>> choose_all{};
  std::vector<std::string> instruments{};
  ByText<std::string> panels{};
  ByText<std::string> questionnaires{};
};

Tables Made() {
  Tables made;
  ForEachRow(needs::kAnswersCsv, [&](const std::vector<std::string>& row) {
    AnswerRule rule{row[0],
                    row[1],
                    row[2],
                    row[3],
                    MeaningNamed(row[4]),
                    row[5],
                    NumberIn(row[6]),
                    HelpWanted::kNotSaid};
    if (row[7] == "yes") rule.help = HelpWanted::kYes;
    if (row[7] == "no") rule.help = HelpWanted::kNo;
    made.rules[row[1]].push_back(std::move(rule));
    if (std::find(made.instruments.begin(), made.instruments.end(), row[0]) ==
        made.instruments.end()) {
      made.instruments.push_back(row[0]);
    }
  });
  ForEachRow(needs::kQuestionsCsv, [&](const std::vector<std::string>& row) {
    made.texts.emplace(row[1], row[3]);
    if (row[4] == "y") made.choose_all.insert(row[1]);
  });
  ForEachRow(needs::kScoresCsv, [&](const std::vector<std::string>& row) {
    ScoreRule rule;
    rule.instrument = row[0];
    rule.total = row[1];
    rule.domain = row[2];
    rule.kind = row[3] == "sum-from" ? ScoreRule::Kind::kSumFrom : ScoreRule::Kind::kProductBelow;
    for (std::size_t at = 0; at < row[4].size();) {
      const std::size_t bar = std::min(row[4].find('|', at), row[4].size());
      rule.items.push_back(row[4].substr(at, bar - at));
      at = bar + 1;
    }
    rule.least = NumberIn(row[5]).value_or(0);
    rule.most = NumberIn(row[6]).value_or(0);
    rule.positive = NumberIn(row[7]).value_or(0);
    rule.youngest = NumberIn(row[8]);
    rule.oldest = NumberIn(row[9]);
    if (!rule.total.empty()) made.totals.insert(rule.total);
    made.scores.push_back(std::move(rule));
  });
  ForEachRow(needs::kInstrumentsCsv, [&](const std::vector<std::string>& row) {
    (row[1] == "panel" ? made.panels : made.questionnaires).emplace(row[2], row[0]);
  });
  return made;
}

const Tables& All() {
  static const Tables tables = Made();
  return tables;
}

std::string_view FindIn(const ByText<std::string>& table, std::string_view key) {
  const auto at = table.find(key);
  return at == table.end() ? std::string_view() : std::string_view(at->second);
}

}  // namespace

std::string_view HelpWantedName(HelpWanted help) {
  switch (help) {
    case HelpWanted::kNotSaid:
      return "";
    case HelpWanted::kYes:
      return "yes";
    case HelpWanted::kNo:
      return "no";
  }
  return "";
}

std::span<const AnswerRule> RulesOfQuestion(std::string_view question) {
  const auto at = All().rules.find(question);
  if (at == All().rules.end()) return {};
  return at->second;
}

void EachAnswerRule(const std::function<void(const AnswerRule&)>& each) {
  ForEachRow(needs::kAnswersCsv, [&](const std::vector<std::string>& row) {
    for (const AnswerRule& rule : RulesOfQuestion(row[1])) {
      if (rule.instrument == row[0] && rule.answer == row[2]) each(rule);
    }
  });
}

std::span<const ScoreRule> ScoreRules() { return All().scores; }

bool IsScreeningQuestion(std::string_view question) {
  return All().rules.find(question) != All().rules.end() ||
         All().totals.find(question) != All().totals.end();
}

bool HasQuestion(std::string_view instrument, std::string_view question) {
  for (const AnswerRule& rule : RulesOfQuestion(question)) {
    if (rule.instrument == instrument) return true;
  }
  return false;
}

bool ChooseAll(std::string_view question) {
  return All().choose_all.find(question) != All().choose_all.end();
}

std::string_view QuestionText(std::string_view question) { return FindIn(All().texts, question); }

bool HasRules(std::string_view instrument) {
  return std::ranges::find(All().instruments, instrument) != All().instruments.end();
}

std::span<const std::string> Instruments() { return All().instruments; }

std::string_view InstrumentOfPanel(std::string_view loinc) { return FindIn(All().panels, loinc); }

std::string_view InstrumentOfQuestionnaire(std::string_view url) {
  return FindIn(All().questionnaires, url.substr(0, url.find('|')));
}

std::string_view InstrumentNamed(std::string_view name) {
  const auto same = [](std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
  };
  for (const std::string& instrument : All().instruments) {
    if (same(instrument, name)) return instrument;
  }
  return {};
}

}  // namespace equinode
