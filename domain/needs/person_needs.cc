#include "domain/needs/person_needs.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "domain/needs/person_steps.h"
#include "domain/zcodes/suggest.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

int AgeOn(sys_days birth, sys_days day) {
  const std::chrono::year_month_day from{birth};
  const std::chrono::year_month_day to{day};
  int years = static_cast<int>(to.year()) - static_cast<int>(from.year());
  if (std::pair(to.month(), to.day()) < std::pair(from.month(), from.day())) --years;
  return years;
}

// The instrument that the whole around an answer tells: its response, or a panel that lists it.
std::map<std::string, std::string> InstrumentsAround(const PersonRecords& records) {
  std::map<std::string, std::string> around;
  for (const auto& [id, record] : records.screenings) {
    if (record.instrument.empty()) continue;
    around[id] = record.instrument;
    for (const std::string& member : record.members) around.emplace(member, record.instrument);
  }
  for (const auto& [id, record] : records.screenings) {
    const auto whole = around.find(record.part_of);
    if (record.part_of.empty() || whole == around.end()) continue;
    const std::string instrument = whole->second;  // `around` grows.
    around.emplace(id, instrument);
  }
  return around;
}

void AddAskings(const PersonRecords& records, PersonNeeds& out) {
  const auto around = InstrumentsAround(records);
  std::vector<const Kept<ScreeningRecord>*> ordered;
  for (const auto& kept : records.screenings) ordered.push_back(&kept);
  std::sort(ordered.begin(), ordered.end(),
            [](const auto* a, const auto* b) { return a->source_id < b->source_id; });
  std::map<sys_days, std::pair<Asking, std::vector<std::string>>> days;
  for (const auto* kept : ordered) {
    const auto day = FirstDayOf(kept->record.on);
    if (!day || kept->record.answers.empty()) continue;
    auto& [asking, sources] = days[*day];
    const auto at = around.find(kept->source_id);
    for (const ScreenedAnswer& answer : kept->record.answers) {
      asking.parts.push_back({at == around.end() ? std::string() : at->second, answer});
    }
    sources.push_back(kept->source_id);
  }
  for (auto& [day, made] : days) {
    if (records.birth && *records.birth <= day) made.first.age = AgeOn(*records.birth, day);
    out.askings.push_back({day, std::move(made.second), JudgeAsking(made.first)});
  }
}

// The record with the answer that decided; of a score that is computed, the first of the day.
const std::string& SourceOf(const DomainOutcome& outcome, const AskingView& asking,
                            const PersonRecords& records) {
  const std::string* first = nullptr;  // By name, whatever order they are kept in.
  for (const auto& [id, record] : records.screenings) {
    if (FirstDayOf(record.on) != asking.on || (first != nullptr && *first < id)) continue;
    for (const ScreenedAnswer& answer : record.answers) {
      const bool same = outcome.answer.empty() ||
                        std::ranges::find(answer.answers, outcome.answer) != answer.answers.end();
      if (answer.question == outcome.question && same) first = &id;
    }
  }
  if (first != nullptr) return *first;
  return asking.sources.front();
}

void AddAnswers(const PersonRecords& records, const PersonNeeds& needs, const ZCodeTable& table,
                ChartSteps& out) {
  for (const AskingView& asking : needs.askings) {
    for (const DomainOutcome& outcome : asking.result.domains) {
      if (outcome.outcome != ScreenOutcome::kPositive) continue;
      out.needs.push_back(
          {outcome.domain, NeedEvent::kFound, asking.on, outcome.question, outcome.answer});
      CodeStep step;
      step.code = SuggestedCode(table, outcome.domain, outcome.question, outcome.answer, asking.on);
      if (step.code.empty()) continue;
      step.on = asking.on;
      step.told_at = Instant{asking.on};
      step.actor = SourceOf(outcome, asking, records);
      auto& domains = out.domains[step.code];
      if (std::find(domains.begin(), domains.end(), outcome.domain) == domains.end()) {
        domains.push_back(outcome.domain);
      }
      out.codes.push_back(std::move(step));
    }
  }
}

void AddStaff(const PersonRecords& records, ChartSteps& out) {
  for (const auto& [id, record] : records.needs) {
    for (const NeedStep& step : record.steps) {
      if (!step.code) continue;
      CodeStep code = *step.code;
      code.actor = step.actor;
      code.told_at = step.at;
      auto& domains = out.domains[code.code];
      if (std::find(domains.begin(), domains.end(), record.domain) == domains.end()) {
        domains.push_back(record.domain);
      }
      out.codes.push_back(std::move(code));
    }
  }
}

void Reach(CodeStage stage, sys_days on, std::vector<std::pair<CodeStage, sys_days>>& reached) {
  const auto has = [&](CodeStage wanted) {
    return std::ranges::any_of(reached, [&](const auto& each) { return each.first == wanted; });
  };
  if (stage == CodeStage::kRefuted) {
    std::erase_if(reached, [](const auto& each) { return each.first != CodeStage::kSuggested; });
  }
  const bool unsigned_end = stage == CodeStage::kResolved && !has(CodeStage::kConfirmed);
  if (!has(stage) && !unsigned_end) reached.emplace_back(stage, on);
}

void FoldCodes(ChartSteps& steps, const ZCodeTable& table, PersonNeeds& out) {
  std::sort(steps.codes.begin(), steps.codes.end(), [](const CodeStep& a, const CodeStep& b) {
    return std::tie(a.code, a.told_at, a.on, a.event, a.actor, a.encounter) <
           std::tie(b.code, b.told_at, b.on, b.event, b.actor, b.encounter);
  });
  for (CodeStep& step : steps.codes) {
    const bool same = !out.codes.empty() && out.codes.back().code == step.code;
    const std::optional<CodeStage> was =
        same ? std::optional(out.codes.back().stage) : std::nullopt;
    const auto next = NextStage(was, step, table);
    if (!next.ok()) {
      // A resolution of what never was in use says nothing.
      if (step.event == CodeEvent::kResolve && next.error().reason == "CODE_MOVE_NOT_ALLOWED") {
        continue;
      }
      out.findings.push_back(
          {step.actor, step.code, next.error().reason, next.error().message, {}});
      continue;
    }
    if (!same) {
      CodeView view;
      view.code = step.code;
      view.domains = table.DomainsOf(step.code);
      for (const std::string& domain : steps.domains[step.code]) {
        if (std::find(view.domains.begin(), view.domains.end(), domain) == view.domains.end()) {
          view.domains.push_back(domain);
        }
      }
      out.codes.push_back(std::move(view));
    }
    CodeView& view = out.codes.back();
    view.stage = *next;
    Reach(*next, step.on, view.reached);
    view.steps.push_back(std::move(step));
  }
}

// One need's story in the order of its days; on one day what the chart says comes first, then the
// staff's steps as they were written down.
struct Told {
  sys_days on{};
  Instant at{};
  NeedEvent event = NeedEvent::kFound;
  std::string reason{};
  std::string question{};
  std::string answer{};
};

void FoldNeeds(const PersonRecords& records, const ChartSteps& steps, const ZCodeTable& table,
               sys_days today, PersonNeeds& out) {
  std::map<std::string, std::vector<Told>> stories;
  for (const NeedSign& sign : steps.needs) {
    stories[sign.domain].push_back(
        {sign.on, Instant{sign.on}, sign.event, {}, sign.question, sign.answer});
  }
  std::map<std::string, std::pair<Instant, HelpWanted>> said;  // By the staff; the last stands.
  for (const auto& [id, record] : records.needs) {
    for (const NeedStep& step : record.steps) {
      if (step.need) {
        stories[record.domain].push_back({step.on, step.at, *step.need, step.reason, {}, {}});
      }
      if (!step.help) continue;
      auto& last = said[record.domain];
      if (step.at >= last.first) last = {step.at, *step.help};
    }
  }
  for (auto& [domain, story] : stories) {
    std::stable_sort(story.begin(), story.end(), [](const Told& a, const Told& b) {
      return std::tie(a.on, a.at, a.event, a.question, a.answer) <
             std::tie(b.on, b.at, b.event, b.question, b.answer);
    });
    NeedView view;
    view.domain = domain;
    std::optional<NeedState> state;
    for (const Told& told : story) {
      const auto next = NextNeedState(state, told.event, told.reason);
      if (!next.ok()) continue;
      if (!state) view.found_on = told.on;
      if (!state || *state != *next) view.since = told.on;
      state = *next;
      if (told.event == NeedEvent::kFound && !told.question.empty()) {
        view.question = told.question;
        view.answer = told.answer;
      }
    }
    if (!state) continue;
    view.state = *state;
    for (const AskingView& asking : out.askings) {  // Newest last.
      for (const DomainOutcome& outcome : asking.result.domains) {
        if (outcome.domain == domain && outcome.help != HelpWanted::kNotSaid) {
          view.help = outcome.help;
        }
      }
    }
    const auto told = said.find(domain);
    if (told != said.end()) view.help = told->second.second;
    view.suggested = SuggestedCode(table, domain, view.question, view.answer, today);
    out.needs.push_back(std::move(view));
  }
}

}  // namespace

std::optional<sys_days> FirstDayOf(const PartialDate& date) {
  if (date.empty()) return std::nullopt;
  return sys_days{std::chrono::year{date.year} / (date.month == 0 ? 1 : date.month) /
                  (date.day == 0 ? 1 : date.day)};
}

PersonNeeds NeedsOf(const PersonRecords& records, const ZCodeTable& table, sys_days today) {
  PersonNeeds needs;
  AddAskings(records, needs);
  ChartSteps steps;
  AddChart(records, table, today, steps);
  AddAnswers(records, needs, table, steps);
  AddStaff(records, steps);
  needs.findings = std::move(steps.findings);
  FoldCodes(steps, table, needs);
  FoldNeeds(records, steps, table, today, needs);
  std::sort(
      needs.findings.begin(), needs.findings.end(), [](const CodeFinding& a, const CodeFinding& b) {
        return std::tie(a.source_id, a.code, a.reason) < std::tie(b.source_id, b.code, b.reason);
      });
  return needs;
}

std::optional<CodeStage> StageOf(const PersonNeeds& needs, std::string_view code) {
  for (const CodeView& view : needs.codes) {
    if (view.code == code) return view.stage;
  }
  return std::nullopt;
}

const NeedView* NeedIn(const PersonNeeds& needs, std::string_view domain) {
  for (const NeedView& view : needs.needs) {
    if (view.domain == domain) return &view;
  }
  return nullptr;
}

}  // namespace equinode
