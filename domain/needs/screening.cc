#include "domain/needs/screening.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "domain/people/tables.h"

namespace equinode {
namespace {

constexpr std::string_view kLoinc = "http://loinc.org";

// Within one instrument: a need first, then what keeps us from saying no.
int RankWithin(ScreenOutcome outcome) {
  constexpr std::array<int, 6> kRank = {0, 5, 2, 4, 3, 1};
  return kRank[static_cast<std::size_t>(outcome)];
}

// That help is wanted, once said, stands.
HelpWanted Either(HelpWanted a, HelpWanted b) {
  if (a == HelpWanted::kYes || b == HelpWanted::kYes) return HelpWanted::kYes;
  return a == HelpWanted::kNo || b == HelpWanted::kNo ? HelpWanted::kNo : HelpWanted::kNotSaid;
}

struct Ground {
  ScreenOutcome outcome = ScreenOutcome::kNotAsked;
  HelpWanted help = HelpWanted::kNotSaid;
  std::string question{};
  std::string answer{};
};

class Judge {
 public:
  explicit Judge(const Asking& asking) : asking_(asking) {}

  AskingResult Run() {
    Vote();
    for (const Asking::Part& part : asking_.parts) Take(part);
    for (const ScoreRule& rule : ScoreRules()) Score(rule);
    return Finish();
  }

 private:
  using Rules = std::vector<const AnswerRule*>;

  static bool OfAnother(const Asking::Part& part) {
    return !part.instrument.empty() && !HasRules(part.instrument);
  }

  // Which instrument the asking is of, as far as its answers tell.
  void Vote() {
    for (const Asking::Part& part : asking_.parts) {
      if (OfAnother(part)) continue;
      std::set<std::string_view> having;
      for (const AnswerRule& rule : RulesOfQuestion(part.answer.question)) {
        const auto& answers = part.answer.answers;
        const bool given = std::find(answers.begin(), answers.end(), rule.answer) != answers.end();
        if (given || answers.empty()) having.insert(rule.instrument);
      }
      if (having.size() == 1) ++votes_[std::string(*having.begin())];
    }
  }

  const AnswerRule* Choose(const Rules& rules, const std::string& told, const ScreenedAnswer& given,
                           const std::string& answer) {
    for (const AnswerRule* rule : rules) {
      if (rule->instrument == told) return rule;
    }
    if (!told.empty()) findings_.push_back({"OTHER_INSTRUMENT", given.question, answer});
    const bool agree = std::all_of(rules.begin(), rules.end(), [&](const AnswerRule* rule) {
      return rule->meaning == rules.front()->meaning && rule->domain == rules.front()->domain;
    });
    const AnswerRule* best = nullptr;
    int most = 0;
    for (const AnswerRule* rule : rules) {
      const auto at = votes_.find(rule->instrument);
      if (at != votes_.end() && at->second > most) {
        most = at->second;
        best = rule;
      }
    }
    if (best != nullptr) return best;
    if (agree) return rules.front();
    findings_.push_back({"INSTRUMENT_NEEDED", given.question, answer});
    return nullptr;
  }

  // The instruments in whose name a question without an answer speaks.
  std::string InstrumentFor(const std::string& told, std::string_view question) const {
    if (!told.empty() && HasQuestion(told, question)) return told;
    std::string best;
    int most = 0;
    for (const AnswerRule& rule : RulesOfQuestion(question)) {
      const auto at = votes_.find(rule.instrument);
      if (best.empty()) best = rule.instrument;
      if (at != votes_.end() && at->second > most) {
        most = at->second;
        best = rule.instrument;
      }
    }
    return best;
  }

  void Mark(const std::string& instrument, const std::string& domain, Ground ground) {
    auto [at, fresh] = grounds_.try_emplace({instrument, domain}, ground);
    if (fresh) return;
    const HelpWanted help = Either(at->second.help, ground.help);
    if (RankWithin(ground.outcome) > RankWithin(at->second.outcome)) at->second = ground;
    at->second.help = help;
  }

  // Of every domain of a question under an instrument.
  void MarkAll(const std::string& instrument, const std::string& question, ScreenOutcome outcome,
               const std::string& answer) {
    std::set<std::string> domains;
    for (const AnswerRule& rule : RulesOfQuestion(question)) {
      if (rule.instrument != instrument) continue;
      if (rule.meaning == AnswerMeaning::kItem) {
        missing_[question] = outcome;  // The score decides.
      } else {
        domains.insert(rule.domain);
      }
    }
    for (const ScoreRule& rule : ScoreRules()) {
      if (rule.total == question && outcome != ScreenOutcome::kNegative)
        domains.insert(rule.domain);
    }
    for (const std::string& domain : domains) {
      Mark(instrument, domain, {outcome, HelpWanted::kNotSaid, question, answer});
    }
  }

  void Take(const Asking::Part& part) {
    const ScreenedAnswer& given = part.answer;
    if (OfAnother(part)) {
      const std::string answer = given.answers.empty() ? std::string() : given.answers.front();
      findings_.push_back({"OTHER_INSTRUMENT", given.question, answer});
      return;
    }
    if (given.milli) totals_[given.question] = *given.milli;
    if (given.answers.empty()) {
      TakeWithoutCode(part);
      return;
    }
    for (const std::string& answer : given.answers) {
      Rules rules;
      for (const AnswerRule& rule : RulesOfQuestion(given.question)) {
        if (rule.answer == answer) rules.push_back(&rule);
      }
      if (rules.empty()) {
        if (RulesOfQuestion(given.question).empty()) continue;
        if (IsDeclinedCode(kLoinc, answer)) {
          MarkAll(InstrumentFor(part.instrument, given.question), given.question,
                  ScreenOutcome::kDeclined, answer);
        } else {
          findings_.push_back({"UNKNOWN_ANSWER", given.question, answer});
        }
        continue;
      }
      const AnswerRule* rule = Choose(rules, part.instrument, given, answer);
      if (rule != nullptr) TakeRule(*rule);
    }
  }

  void TakeWithoutCode(const Asking::Part& part) {
    const ScreenedAnswer& given = part.answer;
    ScreenOutcome outcome = ScreenOutcome::kUnable;
    switch (given.given) {
      case AnswerGiven::kAnswered:
        if (given.milli) return;
        if (!given.text.empty()) findings_.push_back({"UNKNOWN_ANSWER", given.question, ""});
        break;
      case AnswerGiven::kDeclined:
        outcome = ScreenOutcome::kDeclined;
        break;
      case AnswerGiven::kUnable:
        break;
      case AnswerGiven::kNotAsked:
        outcome = ScreenOutcome::kNotAsked;
        break;
      case AnswerGiven::kNothing:
        // NCQA FAQ 23667: nothing chosen of PRAPARE's list is an answer, since "none" has no code.
        if (ChooseAll(given.question)) outcome = ScreenOutcome::kNegative;
        break;
    }
    MarkAll(InstrumentFor(part.instrument, given.question), given.question, outcome, "");
  }

  void TakeRule(const AnswerRule& rule) {
    switch (rule.meaning) {
      case AnswerMeaning::kDeclined:
        MarkAll(rule.instrument, rule.question, ScreenOutcome::kDeclined, rule.answer);
        return;
      case AnswerMeaning::kUnable:
        MarkAll(rule.instrument, rule.question, ScreenOutcome::kUnable, rule.answer);
        return;
      case AnswerMeaning::kItem:
        if (rule.score) items_[rule.question] = *rule.score;
        return;
      case AnswerMeaning::kNeed:
        Mark(rule.instrument, rule.domain,
             {ScreenOutcome::kPositive, rule.help, rule.question, rule.answer});
        break;
      case AnswerMeaning::kNone:
      case AnswerMeaning::kTrait:
        Mark(rule.instrument, rule.domain,
             {ScreenOutcome::kNegative, rule.help, rule.question, rule.answer});
        break;
    }
    MarkAll(rule.instrument, rule.question, ScreenOutcome::kNegative, rule.answer);
  }

  void Score(const ScoreRule& rule) {
    std::size_t given = 0;
    bool declined = false;
    bool asked = false;
    for (const std::string& item : rule.items) {
      given += items_.count(item);
      const auto open = missing_.find(item);
      declined = declined || (open != missing_.end() && open->second == ScreenOutcome::kDeclined);
      asked = asked || (open != missing_.end() && open->second != ScreenOutcome::kNotAsked);
    }
    const auto total = rule.total.empty() ? totals_.end() : totals_.find(rule.total);
    if (given == 0 && !declined && !asked && total == totals_.end()) return;
    const bool by_age = rule.youngest || rule.oldest;
    if (by_age && !asking_.age) return;
    if (rule.youngest && *asking_.age < *rule.youngest) return;
    if (rule.oldest && *asking_.age > *rule.oldest) return;
    const auto [low, high] = RangeOf(rule);
    std::optional<bool> need = Decide(rule, low, high);
    if (total != totals_.end()) {
      const std::int64_t said = total->second;
      if (given == rule.items.size() && said != std::int64_t{low} * 1000) {
        findings_.push_back({"SCORE_DIFFERS", rule.total, ""});
      } else if (!need && said % 1000 == 0 && said / 1000 >= rule.least &&
                 said / 1000 <= rule.most) {
        const int score = static_cast<int>(said / 1000);
        need = Decide(rule, score, score);
      }
    }
    ScreenOutcome outcome = declined ? ScreenOutcome::kDeclined : ScreenOutcome::kUnable;
    if (need) outcome = *need ? ScreenOutcome::kPositive : ScreenOutcome::kNegative;
    const std::string& question = rule.total.empty() ? rule.items.front() : rule.total;
    Mark(rule.instrument, rule.domain, {outcome, HelpWanted::kNotSaid, question, ""});
  }

  // What the score can be, with what is missing at its least and its most.
  std::pair<int, int> RangeOf(const ScoreRule& rule) const {
    bool whole = true;
    int sum = 0;
    int product = 1;
    for (const std::string& item : rule.items) {
      const auto at = items_.find(item);
      whole = whole && at != items_.end();
      if (at == items_.end()) continue;
      sum += at->second;
      product *= at->second;
    }
    const bool by_product = rule.kind == ScoreRule::Kind::kProductBelow;
    if (whole) return by_product ? std::pair(product, product) : std::pair(sum, sum);
    // Nought of one thing is nought of all.
    if (by_product) return product == 0 ? std::pair(0, 0) : std::pair(rule.least, rule.most);
    int low = 0;
    int high = 0;
    for (const std::string& item : rule.items) {
      const auto at = items_.find(item);
      const auto [least, most] = EndsOf(rule, item);
      low += at == items_.end() ? least : at->second;
      high += at == items_.end() ? most : at->second;
    }
    return {low, high};
  }

  static std::pair<int, int> EndsOf(const ScoreRule& score, const std::string& item) {
    std::optional<std::pair<int, int>> ends;
    for (const AnswerRule& rule : RulesOfQuestion(item)) {
      if (rule.instrument != score.instrument || !rule.score) continue;
      if (!ends) ends = {*rule.score, *rule.score};
      ends->first = std::min(ends->first, *rule.score);
      ends->second = std::max(ends->second, *rule.score);
    }
    return ends.value_or(std::pair(0, 0));
  }

  static std::optional<bool> Decide(const ScoreRule& rule, int low, int high) {
    if (rule.kind == ScoreRule::Kind::kSumFrom) {
      if (low >= rule.positive) return true;
      if (high < rule.positive) return false;
    } else {
      if (high < rule.positive) return true;
      if (low >= rule.positive) return false;
    }
    return std::nullopt;
  }

  AskingResult Finish() {
    std::map<std::string, DomainOutcome> domains;
    for (const auto& [key, ground] : grounds_) {
      const auto& [instrument, domain] = key;
      const DomainOutcome made{domain,     ground.outcome,  ground.help,
                               instrument, ground.question, ground.answer};
      auto [at, fresh] = domains.try_emplace(domain, made);
      if (fresh) continue;
      const HelpWanted help = Either(at->second.help, ground.help);
      if (ground.outcome < at->second.outcome) at->second = made;
      at->second.help = help;
    }
    AskingResult result;
    for (auto& [domain, outcome] : domains) result.domains.push_back(std::move(outcome));
    result.findings = std::move(findings_);
    return result;
  }

  const Asking& asking_;
  std::map<std::string, int, std::less<>> votes_{};
  std::map<std::pair<std::string, std::string>, Ground> grounds_{};  // Instrument, domain.
  std::map<std::string, int> items_{};
  std::map<std::string, ScreenOutcome> missing_{};  // Items without a value, and why.
  std::map<std::string, std::int64_t> totals_{};
  std::vector<ScreeningFinding> findings_{};
};

}  // namespace

std::string_view OutcomeName(ScreenOutcome outcome) {
  switch (outcome) {
    case ScreenOutcome::kPositive:
      return "positive";
    case ScreenOutcome::kNegative:
      return "negative";
    case ScreenOutcome::kDeclined:
      return "declined";
    case ScreenOutcome::kUnable:
      return "unable";
    case ScreenOutcome::kNotAsked:
      return "not-asked";
  }
  return "";
}

AskingResult JudgeAsking(const Asking& asking) { return Judge(asking).Run(); }

}  // namespace equinode
