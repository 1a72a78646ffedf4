#include "domain/needs/code_gaps.h"

#include <algorithm>
#include <map>
#include <utility>

#include "domain/zcodes/suggest.h"

namespace equinode {
namespace {

bool SpeaksOf(const CodeView& view, const std::string& domain) {
  return std::find(view.domains.begin(), view.domains.end(), domain) != view.domains.end();
}

}  // namespace

std::string_view GapStepName(GapStep step) {
  switch (step) {
    case GapStep::kConfirm:
      return "confirm";
    case GapStep::kCode:
      return "code";
    case GapStep::kReview:
      return "review";
  }
  return "";
}

std::vector<CodeUse> UsesOf(const PersonNeeds& needs, const DaySpan& span) {
  std::vector<CodeUse> uses;
  for (const CodeView& view : needs.codes) {
    for (const auto& [stage, on] : view.reached) {
      if (span.has(on)) uses.push_back({view.code, stage, on, view.domains});
    }
  }
  return uses;
}

std::vector<CodeGap> GapsOf(const PersonNeeds& needs, const ZCodeTable& table, const DaySpan& span,
                            std::chrono::sys_days today) {
  std::map<std::string, CodeGap> gaps;
  std::map<std::string, std::chrono::sys_days> last_positive;
  for (const AskingView& asking : needs.askings) {
    if (!span.has(asking.on)) continue;
    for (const DomainOutcome& outcome : asking.result.domains) {
      if (outcome.outcome != ScreenOutcome::kPositive) continue;
      CodeGap gap{outcome.domain, asking.on,         outcome.question,
                  outcome.answer, GapStep::kConfirm, {}};
      gaps.emplace(outcome.domain, std::move(gap));  // The first stays.
      last_positive[outcome.domain] = asking.on;
    }
  }
  std::vector<CodeGap> open;
  for (auto& [domain, gap] : gaps) {
    bool closed = false;
    std::string confirmed;
    for (const CodeView& view : needs.codes) {
      if (!SpeaksOf(view, domain)) continue;
      bool coded = false;
      for (const CodeStep& step : view.steps) {
        coded = coded || (step.event == CodeEvent::kCode && span.has(step.on));
        if (step.event != CodeEvent::kRefute) continue;
        coded = false;
        // Refuted answers that question; one that came after asks it anew.
        closed = closed || (step.on >= last_positive[domain] && view.stage == CodeStage::kRefuted);
      }
      closed = closed || coded;
      const bool good = table.Judge(view.code, today).billable();
      if (view.stage == CodeStage::kConfirmed && good) confirmed = view.code;
    }
    const NeedView* need = NeedIn(needs, domain);
    if (closed || (need != nullptr && need->state == NeedState::kVoid)) continue;
    gap.code = confirmed;
    gap.next = GapStep::kCode;
    if (confirmed.empty()) {
      gap.code = SuggestedCode(table, domain, gap.question, gap.answer, today);
      gap.next = gap.code.empty() ? GapStep::kReview : GapStep::kConfirm;
    }
    open.push_back(std::move(gap));
  }
  return open;
}

}  // namespace equinode
