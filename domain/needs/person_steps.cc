#include "domain/needs/person_steps.h"

#include <algorithm>
#include <set>
#include <utility>

#include "domain/zcodes/domains.h"
#include "domain/zcodes/suggest.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

bool IsZCodeOfOurs(const Coded& coded, const ZCodeTable& table, sys_days day) {
  // A system that is left out, with a code that can only be ICD-10-CM's.
  const bool icd = IsIcd10Cm(coded.system) || (coded.system.empty() && !coded.code.empty() &&
                                               (coded.code[0] == 'Z' || coded.code[0] == 'z'));
  return icd && table.Judge(coded.code, day).state != CodeState::kNotCovered &&
         !NormalCode(coded.code).empty();
}

CodeFinding FindingOf(const std::string& source, const std::string& code, const Error& why,
                      std::vector<std::string> successors = {}) {
  return {source, code, why.reason, why.message, std::move(successors)};
}

bool Refuted(const ConditionRecord& condition) { return condition.verification == "refuted"; }
bool EnteredInError(const ConditionRecord& condition) {
  return condition.verification == "entered-in-error";
}
bool Ended(const ConditionRecord& condition) {
  return condition.abated || condition.clinical == "resolved" || condition.clinical == "inactive" ||
         condition.clinical == "remission";
}

// Of a statement of the chart: the day that it is about, the day on which its code must be good,
// and when it was told. A chart often knows the day alone: then it was told before all else of that
// day.
struct When {
  sys_days on{};
  sys_days use{};
  Instant told{};
};

// Where a condition stands among the diagnoses of an encounter.
struct OnEncounter {
  std::string id{};
  const EncounterRecord* record = nullptr;
  std::uint32_t position = 0;
};

// EncounterDiagnosis::use of an Encounter.reasonCode.
constexpr std::string_view kReason = "reason";

class Chart {
 public:
  Chart(const PersonRecords& records, const ZCodeTable& table, sys_days today, ChartSteps& out)
      : table_(table), today_(today), out_(out) {
    for (const auto& kept : records.encounters) {
      encounters_[kept.source_id] = &kept.record;
      for (const EncounterDiagnosis& diagnosis : kept.record.diagnoses) {
        if (diagnosis.condition.empty()) {
          inline_.push_back({&kept, &diagnosis});
        } else {
          listed_[diagnosis.condition].push_back(
              {kept.source_id, &kept.record, diagnosis.position});
        }
      }
    }
    for (const auto& kept : records.conditions) AddCondition(kept.source_id, kept.record);
    for (const auto& [kept, diagnosis] : inline_) {
      ConditionRecord condition;
      condition.codes = diagnosis->codes;
      condition.category = "encounter-diagnosis";
      // Why somebody came is not yet what was found.
      if (diagnosis->use == kReason) condition.verification = "unconfirmed";
      condition.encounter = kept->source_id;
      AddOne(kept->source_id, condition, {kept->source_id, &kept->record, diagnosis->position});
    }
  }

 private:
  void AddCondition(const std::string& id, const ConditionRecord& condition) {
    if (EnteredInError(condition)) return;
    const auto listed = listed_.find(id);
    if (listed != listed_.end()) {
      for (const OnEncounter& place : listed->second) AddOne(id, condition, place);
      return;
    }
    OnEncounter place;
    if (condition.category == "encounter-diagnosis" && !condition.encounter.empty()) {
      place.id = condition.encounter;
      const auto at = encounters_.find(condition.encounter);
      place.record = at == encounters_.end() ? nullptr : at->second;
    }
    AddOne(id, condition, place);
  }

  void AddOne(const std::string& id, const ConditionRecord& condition, const OnEncounter& place) {
    const bool on_encounter = !place.id.empty();
    std::optional<sys_days> on;
    if (place.record != nullptr) on = FirstDayOf(place.record->on);
    if (!on) on = FirstDayOf(condition.asserted_on);
    if (!on) on = FirstDayOf(condition.recorded_on);
    if (!on) on = FirstDayOf(condition.onset);
    const sys_days day = on.value_or(today_);
    const sys_days use = on_encounter ? day : today_;
    // A problem that is on a later encounter too is told again there.
    const When when{day, use, std::max(condition.recorded_at.value_or(Instant{day}), Instant{day})};
    std::set<std::string> domains;
    for (const std::string& domain : condition.domains) {
      if (FindNeedDomain(domain) != nullptr && domain != kUnspecifiedDomain) domains.insert(domain);
    }
    bool need = !domains.empty() && domains.count("protective-factor") == 0;
    std::vector<std::string> good;
    bool any_icd = false;
    for (const Coded& coded : condition.codes) {
      if (!IsZCodeOfOurs(coded, table_, use)) continue;
      any_icd = true;
      need = true;
      const CodeVerdict verdict = table_.Judge(coded.code, use);
      for (const std::string& domain : table_.DomainsOf(verdict.code)) domains.insert(domain);
      if (verdict.billable()) {
        good.push_back(verdict.code);
      } else {
        out_.findings.push_back(
            FindingOf(id, verdict.code, RefusalOf(verdict, use), verdict.successors));
      }
    }
    for (const Coded& coded : condition.codes) {
      const SocialFinding* finding = FindSocialFinding(coded.system, coded.code);
      if (finding == nullptr) continue;
      domains.insert(finding->domains.begin(), finding->domains.end());
      if (finding->meaning != FindingMeaning::kNeed) continue;
      need = true;
      if (any_icd) continue;
      for (const std::string& code : SuggestedBy(*finding, table_, use)) {
        Step(CodeEvent::kSuggest, code, id, when);
        AddDomains(code, domains);
        if (Refuted(condition)) Step(CodeEvent::kRefute, code, id, when);
        if (Ended(condition)) End(condition, code, id, when);
      }
    }
    for (const std::string& code : good) AddCode(id, condition, place, code, when, domains);
    domains.erase(std::string(kUnspecifiedDomain));
    if (!need || Refuted(condition)) return;
    for (const std::string& domain : domains) {
      out_.needs.push_back({domain, NeedEvent::kFound, day, {}, {}});
      if (!Ended(condition)) continue;
      out_.needs.push_back(
          {domain, NeedEvent::kEnd, FirstDayOf(condition.abated_on).value_or(day), {}, {}});
    }
  }

  void AddCode(const std::string& id, const ConditionRecord& condition, const OnEncounter& place,
               const std::string& code, const When& when, const std::set<std::string>& domains) {
    Step(CodeEvent::kSuggest, code, id, when);
    AddDomains(code, domains);
    if (Refuted(condition)) {
      Step(CodeEvent::kRefute, code, id, when);
      return;
    }
    const bool on_encounter = !place.id.empty();
    std::string clinician = condition.signed_by;
    const bool held = place.record != nullptr && place.record->status == "finished";
    const bool by_others = condition.asserted_by == "device" ||
                           condition.asserted_by == "patient" || condition.asserted_by == "related";
    if (clinician.empty() && held && !by_others) clinician = place.record->clinician;
    const bool confirmed =
        condition.verification == "confirmed" || (condition.verification.empty() && on_encounter);
    if (!confirmed) {
      if (Ended(condition)) End(condition, code, id, when);
      return;
    }
    if (clinician.empty()) {
      out_.findings.push_back(FindingOf(
          id, code,
          {Code::kInvalidArgument, "NO_SIGN_OFF",
           code + " is confirmed by nobody who is named: it stays a suggestion until a clinician "
                  "signs it off"}));
      return;
    }
    Step(CodeEvent::kConfirm, code, id, when).clinician = clinician;
    if (on_encounter && (place.record == nullptr || Held(*place.record))) {
      CodeStep& step = Step(CodeEvent::kCode, code, id, when);
      step.clinician = clinician;
      step.encounter = place.id;
      step.position = place.position;
    }
    if (Ended(condition)) End(condition, code, id, when);
  }

  void End(const ConditionRecord& condition, const std::string& code, const std::string& id,
           const When& when) {
    const sys_days on = std::max(FirstDayOf(condition.abated_on).value_or(when.on), when.on);
    Step(CodeEvent::kResolve, code, id, {on, on, std::max(when.told, Instant{on})});
  }

  CodeStep& Step(CodeEvent event, const std::string& code, const std::string& id,
                 const When& when) {
    CodeStep step;
    step.event = event;
    step.code = code;
    step.on = when.on;
    step.told_at = when.told;
    step.actor = id;
    if (when.use != when.on) step.for_use_on = when.use;
    if (event == CodeEvent::kRefute) step.reason = "refuted in the chart";
    out_.codes.push_back(std::move(step));
    return out_.codes.back();
  }

  void AddDomains(const std::string& code, const std::set<std::string>& domains) {
    auto& list = out_.domains[code];
    for (const std::string& domain : domains) {
      const bool known = std::find(list.begin(), list.end(), domain) != list.end();
      if (!known && domain != kUnspecifiedDomain) list.push_back(domain);
    }
  }

  const ZCodeTable& table_;
  const sys_days today_;
  ChartSteps& out_;
  std::map<std::string, const EncounterRecord*> encounters_{};
  std::map<std::string, std::vector<OnEncounter>> listed_{};  // By condition.
  std::vector<std::pair<const Kept<EncounterRecord>*, const EncounterDiagnosis*>> inline_{};
};

}  // namespace

void AddChart(const PersonRecords& records, const ZCodeTable& table, sys_days today,
              ChartSteps& out) {
  Chart(records, table, today, out);
}

std::vector<CodeFinding> CodeFindingsOf(const std::string& source_id,
                                        const ConditionRecord& condition, const ZCodeTable& table,
                                        sys_days today) {
  PersonRecords alone;
  alone.conditions.push_back({source_id, condition});
  ChartSteps steps;
  AddChart(alone, table, today, steps);
  // Whoever held its encounter may have signed it; from there on the person's record tells.
  const bool by_others = condition.asserted_by == "device" || condition.asserted_by == "patient" ||
                         condition.asserted_by == "related";
  if (!condition.encounter.empty() && !by_others) {
    std::erase_if(steps.findings, [](const auto& each) { return each.reason == "NO_SIGN_OFF"; });
  }
  return std::move(steps.findings);
}

bool Held(const EncounterRecord& encounter) {
  const std::string& status = encounter.status;
  return status != "planned" && status != "cancelled" && status != "entered-in-error";
}

bool IsSocial(const ConditionRecord& condition, const ZCodeTable& table) {
  if (!condition.domains.empty()) return true;
  for (const Coded& coded : condition.codes) {
    if (FindSocialFinding(coded.system, coded.code) != nullptr) return true;
    if (IsZCodeOfOurs(coded, table, table.version())) return true;
  }
  return false;
}

}  // namespace equinode
