// equinode need list|show|... : the needs of people and what was done about them.
#include <array>

#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/need_words.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"

namespace equinode::cli {
namespace {

Sheet NeedSheet() {
  return Sheet({"person", "domain", "state", "since", "found on", "help wanted", "code that fits",
                "contact with care"});
}
void AddNeedRow(const v1::NeedView& need, Sheet& sheet) {
  sheet.Add({need.person(), need.domain(), StateWord(need.state()), DayWord(need.since()),
             DayWord(need.found_on()), HelpWord(need.help()), need.suggested(),
             need.sensitive() ? Json("yes") : Json("")});
}

struct NeedListOptions {
  std::string domain{};
  std::string state{};
  std::uint64_t most = 1000;
};

Result<v1::NeedState> StateOf(const std::string& word) {
  if (word.empty()) return v1::NEED_STATE_UNSPECIFIED;
  for (int state = 1; state <= 7; ++state) {
    if (StateWord(static_cast<v1::NeedState>(state)) == word) {
      return static_cast<v1::NeedState>(state);
    }
  }
  return Usage("a need is open, in-service, met, unmet, not-wanted, over or void");
}

Result<int> RunNeedList(const Shared& shared, const NeedListOptions& options) {
  v1::ListNeedsRequest request;
  request.set_domain(options.domain);
  EQN_TRY(const v1::NeedState state, StateOf(options.state));
  request.set_state(state);
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet = NeedSheet();
  EQN_CHECK(ForEachPage<v1::ListNeedsResponse>(session, "NeedService/ListNeeds", request,
                                               [&](const v1::ListNeedsResponse& page) {
                                                 for (const v1::NeedView& need : page.needs()) {
                                                   if (sheet.rows() < options.most)
                                                     AddNeedRow(need, sheet);
                                                 }
                                                 return sheet.rows() < options.most;
                                               }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

struct NeedPersonOptions {
  std::string person{};
};

void AddCodeRows(const v1::CodeView& code, Sheet& sheet) {
  for (const v1::CodeStepView& step : code.steps()) {
    sheet.Add({code.code(), StageWord(code.stage()),
               EnumWord(v1::CodeEvent_Name(step.event()), "CODE_EVENT_"), DayWord(step.on()),
               step.clinician(), step.encounter(), step.actor(), step.reason()});
  }
}
Sheet CodeSheet() {
  return Sheet({"code", "now", "step", "on", "clinician", "encounter", "by", "reason"});
}

Result<int> RunNeedShow(const Shared& shared, const NeedPersonOptions& options) {
  v1::GetNeedsRequest request;
  request.set_person(options.person);
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto found, session.Call<v1::GetNeedsResponse>("NeedService/GetNeeds", request));
  if (shared.format == Format::kJson) {
    EQN_TRY(Json json, JsonOf(found));
    EQN_CHECK(Print(PropertiesText(json, shared.format)));
    return kExitOk;
  }
  Sheet needs = NeedSheet();
  for (const v1::NeedView& need : found.needs()) AddNeedRow(need, needs);
  EQN_CHECK(Print(needs.Text(shared.format)));
  if (shared.format == Format::kCsv) return kExitOk;
  Sheet codes = CodeSheet();
  for (const v1::CodeView& code : found.codes()) AddCodeRows(code, codes);
  if (codes.rows() > 0) EQN_CHECK(Print("\n" + codes.Text(shared.format)));
  Sheet findings({"code", "refused because", "what to do", "record"});
  for (const v1::CodeFinding& finding : found.findings()) {
    findings.Add({finding.code(), finding.reason(), finding.message(), finding.source_id()});
  }
  if (findings.rows() > 0) EQN_CHECK(Print("\n" + findings.Text(shared.format)));
  return kExitOk;
}

struct StepOptions {
  std::string person{};
  std::string domain{};
  std::string code{};
  std::string on{};
  std::string clinician{};
  std::string encounter{};
  std::uint32_t position = 0;
  std::string reason{};
  std::string help{};
};

Result<int> Send(const Shared& shared, const StepOptions& options, v1::NeedStep step) {
  v1::RecordNeedStepRequest request;
  request.set_person(options.person);
  request.set_domain(options.domain);
  if (!options.on.empty()) {
    EQN_TRY(*step.mutable_on(), DateOf(options.on));
  }
  step.set_reason(options.reason);
  *request.mutable_step() = std::move(step);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto done,
          session.Call<v1::RecordNeedStepResponse>("NeedService/RecordNeedStep", request));
  if (shared.format == Format::kJson) {
    EQN_TRY(Json json, JsonOf(done));
    EQN_CHECK(Print(PropertiesText(json, shared.format)));
    return kExitOk;
  }
  if (done.has_code()) {
    Sheet codes = CodeSheet();
    AddCodeRows(done.code(), codes);
    EQN_CHECK(Print(codes.Text(shared.format)));
    return kExitOk;
  }
  Sheet sheet = NeedSheet();
  AddNeedRow(done.need(), sheet);
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

void Whose(Command command, StepOptions& options) {
  command.AddOption("person", options.person, "FEED/Patient/ID").Required().TypeName("SOURCE-ID");
  command.AddOption("domain", options.domain, "food-insecurity, homelessness, ...")
      .Required()
      .TypeName("DOMAIN");
  command.AddOption("--on", options.on, "the day on which it was so (today)")
      .TypeName("YYYY-MM-DD");
  command.AddOption("--reason", options.reason, "why").TypeName("TEXT");
}

// A verb about the need as a whole.
struct Verb {
  const char* word;
  v1::NeedEvent event;
  const char* says;
};
constexpr std::array<Verb, 7> kVerbs = {{
    {"found", v1::NEED_EVENT_FOUND, "a need that no screening or chart has shown"},
    {"start", v1::NEED_EVENT_START, "service began"},
    {"met", v1::NEED_EVENT_MEET, "the need is met"},
    {"unmet", v1::NEED_EVENT_UNMET,
     "it stays unmet; --reason client-declined, unreachable, not-eligible, no-capacity, no-funds "
     "or "
     "other"},
    {"not-wanted", v1::NEED_EVENT_DECLINE, "the person wants no help with it"},
    {"reopen", v1::NEED_EVENT_REOPEN, "it is open again; --reason why"},
    {"void", v1::NEED_EVENT_VOID, "it was entered in error; --reason why"},
}};

// A verb about a code of the need.
struct CodeVerb {
  const char* word;
  v1::CodeEvent event;
  const char* says;
};
constexpr std::array<CodeVerb, 4> kCodeVerbs = {{
    {"confirm", v1::CODE_EVENT_CONFIRM, "a clinician signs a code off"},
    {"code", v1::CODE_EVENT_CODE, "the code is reported on an encounter, as a secondary diagnosis"},
    {"resolve", v1::CODE_EVENT_RESOLVE, "the code holds no more"},
    {"refute", v1::CODE_EVENT_REFUTE, "the code never held; --reason why"},
}};

void AddVerbs(Program program, Command need) {
  for (const Verb& verb : kVerbs) {
    AddCommand<StepOptions>(program, need, verb.word, verb.says, Whose,
                            [event = verb.event](const Shared& shared, const StepOptions& options) {
                              v1::NeedStep step;
                              step.set_need(event);
                              return Send(shared, options, std::move(step));
                            });
  }
  for (const CodeVerb& verb : kCodeVerbs) {
    AddCommand<StepOptions>(
        program, need, verb.word, verb.says,
        [event = verb.event](Command command, StepOptions& options) {
          Whose(command, options);
          command.AddOption("code", options.code, "ICD-10-CM, as Z59.41")
              .Required()
              .TypeName("CODE");
          if (event == v1::CODE_EVENT_CONFIRM) {
            command.AddOption("--clinician", options.clinician, "who signs it off, by name")
                .TypeName("NAME");
          }
          if (event == v1::CODE_EVENT_CODE) {
            command.AddOption("--encounter", options.encounter, "on which it is reported")
                .TypeName("ID");
            command
                .AddOption("--position", options.position,
                           "its place among the diagnoses: 2 or later")
                .TypeName("N");
          }
        },
        [event = verb.event](const Shared& shared, const StepOptions& options) {
          v1::NeedStep step;
          v1::CodeAction* action = step.mutable_code();
          action->set_event(event);
          action->set_code(options.code);
          action->set_clinician(options.clinician);
          action->set_encounter(options.encounter);
          action->set_position(options.position);
          return Send(shared, options, std::move(step));
        });
  }
  AddCommand<StepOptions>(
      program, need, "help", "whether the person wants help with it: a fact of its own",
      [](Command command, StepOptions& options) {
        Whose(command, options);
        command.AddOption("wanted", options.help, "yes or no").Required().TypeName("YES|NO");
      },
      [](const Shared& shared, const StepOptions& options) -> Result<int> {
        if (options.help != "yes" && options.help != "no") return Usage("say yes or no");
        v1::NeedStep step;
        step.set_help(options.help == "yes" ? v1::HELP_WANTED_YES : v1::HELP_WANTED_NO);
        return Send(shared, options, std::move(step));
      });
}

}  // namespace

void AddNeed(Program program) {
  Command need = AddGroup(program, "need", "people's needs, and what was done about them");
  AddCommand<NeedListOptions>(
      program, need, "list", "needs of this node's own people",
      [](Command command, NeedListOptions& options) {
        command.AddOption("--domain", options.domain, "of one kind only").TypeName("DOMAIN");
        command
            .AddOption("--state", options.state,
                       "open, in-service, met, unmet, not-wanted, over or void")
            .TypeName("STATE");
        command.AddOption("--most", options.most, "at most so many (1000)")
            .Between(1, 100'000'000)
            .TypeName("N");
      },
      RunNeedList);
  AddCommand<NeedPersonOptions>(
      program, need, "show", "one person's needs and codes: each step, who and when",
      [](Command command, NeedPersonOptions& options) {
        command.AddOption("person", options.person, "FEED/Patient/ID")
            .Required()
            .TypeName("SOURCE-ID");
      },
      RunNeedShow);
  AddVerbs(program, need);
}

}  // namespace equinode::cli
