// equinode screen add|show|questions.
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/need_words.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "domain/needs/instruments.h"

namespace equinode::cli {
namespace {

struct ScreenShowOptions {
  std::string person{};
};

void AddAsking(const v1::AskingView& asking, Sheet& sheet) {
  const std::string on = DayWord(asking.on());
  for (const v1::DomainOutcome& outcome : asking.outcomes()) {
    sheet.Add({on, outcome.domain(), OutcomeWord(outcome.outcome()), HelpWord(outcome.help()),
               outcome.instrument(), outcome.question(), outcome.answer()});
  }
}

void SayFindings(const v1::AskingView& asking) {
  for (const v1::ScreeningFinding& finding : asking.findings()) {
    Say("not judged as it stands: " + finding.reason() + " " + finding.question() + " " +
        finding.answer());
  }
}

Sheet OutcomeSheet() {
  return Sheet({"on", "domain", "outcome", "help wanted", "instrument", "question", "answer"});
}

Result<int> RunScreenShow(const Shared& shared, const ScreenShowOptions& options) {
  v1::ListScreeningsRequest request;
  request.set_person(options.person);
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto found,
          session.Call<v1::ListScreeningsResponse>("NeedService/ListScreenings", request));
  Sheet sheet = OutcomeSheet();
  for (const v1::AskingView& asking : found.askings()) AddAsking(asking, sheet);
  EQN_CHECK(Print(sheet.Text(shared.format)));
  for (const v1::AskingView& asking : found.askings()) SayFindings(asking);
  return kExitOk;
}

struct ScreenAddOptions {
  std::string person{};
  std::string instrument{};
  std::string on{};
  std::string by{};
  std::string encounter{};
  std::vector<std::string> answers{};
};

// "88122-7=LA28397-0", several with '+', or declined, unable, not-asked, none in place of a code.
Result<v1::ScreeningAnswer> AnswerOf(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return Usage("an answer is QUESTION=ANSWER, as 88122-7=LA28397-0");
  }
  v1::ScreeningAnswer answer;
  answer.set_question(text.substr(0, equals));
  const std::string said = text.substr(equals + 1);
  answer.set_given(v1::ANSWER_GIVEN_ANSWERED);
  if (said == "declined") {
    answer.set_given(v1::ANSWER_GIVEN_DECLINED);
  } else if (said == "unable") {
    answer.set_given(v1::ANSWER_GIVEN_UNABLE);
  } else if (said == "not-asked") {
    answer.set_given(v1::ANSWER_GIVEN_NOT_ASKED);
  } else if (said == "none") {
    answer.set_given(v1::ANSWER_GIVEN_NOTHING);
  } else {
    for (std::size_t at = 0; at <= said.size();) {
      const std::size_t plus = std::min(said.find('+', at), said.size());
      answer.add_answers(said.substr(at, plus - at));
      at = plus + 1;
    }
  }
  return answer;
}

Result<int> RunScreenAdd(const Shared& shared, const ScreenAddOptions& options) {
  v1::RecordScreeningRequest request;
  request.set_person(options.person);
  request.set_instrument(options.instrument);
  EQN_TRY(*request.mutable_on(), DateOf(options.on));
  request.set_by(options.by);
  request.set_encounter(options.encounter);
  for (const std::string& text : options.answers) {
    EQN_TRY(*request.add_answers(), AnswerOf(text));
  }
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto kept,
          session.Call<v1::RecordScreeningResponse>("NeedService/RecordScreening", request));
  Sheet sheet = OutcomeSheet();
  AddAsking(kept.asking(), sheet);
  EQN_CHECK(Print(sheet.Text(shared.format)));
  SayFindings(kept.asking());
  Say("kept as " + kept.source_id() + "; shown is all that was asked on that day");
  return kExitOk;
}

struct QuestionOptions {
  std::string instrument{};
};

Result<int> RunQuestions(const Shared& shared, const QuestionOptions& options) {
  const std::string_view wanted = InstrumentNamed(options.instrument);
  if (!options.instrument.empty() && wanted.empty()) {
    std::string known;
    for (const std::string& each : Instruments()) known += (known.empty() ? "" : ", ") + each;
    return Usage("there is no such instrument; there are: " + known);
  }
  Sheet sheet({"instrument", "question", "asks", "answer", "says", "domain"});
  EachAnswerRule([&](const AnswerRule& rule) {
    if (!wanted.empty() && rule.instrument != wanted) return;
    sheet.Add({rule.instrument, rule.question, std::string(QuestionText(rule.question)),
               rule.answer, rule.text, rule.domain});
  });
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

}  // namespace

void AddScreen(Program program) {
  Command screen = AddGroup(program, "screen", "what was asked of people about social needs");
  AddCommand<ScreenShowOptions>(
      program, screen, "show", "one person's screenings: the outcome of each need",
      [](Command command, ScreenShowOptions& options) {
        command.AddOption("person", options.person, "FEED/Patient/ID")
            .Required()
            .TypeName("SOURCE-ID");
      },
      RunScreenShow);
  AddCommand<ScreenAddOptions>(
      program, screen, "add", "keep a screening that no import brings",
      [](Command command, ScreenAddOptions& options) {
        command.AddOption("person", options.person, "FEED/Patient/ID")
            .Required()
            .TypeName("SOURCE-ID");
        command.AddOption("--instrument", options.instrument, "as screen questions lists them")
            .Required()
            .TypeName("NAME");
        command.AddOption("--on", options.on, "the day on which it was asked")
            .Required()
            .TypeName("YYYY-MM-DD");
        command
            .AddOption("--answer", options.answers,
                       "QUESTION=ANSWER in LOINC; several with '+'; declined, unable, not-asked or "
                       "none in place of a code")
            .Required()
            .TypeName("Q=A");
        command.AddOption("--by", options.by, "who answered: self, proxy or staff (self)")
            .TypeName("WHO");
        command.AddOption("--encounter", options.encounter, "source id of the encounter")
            .TypeName("SOURCE-ID");
      },
      RunScreenAdd);
  AddCommand<QuestionOptions>(
      program, screen, "questions", "the instruments' questions and answers with their codes",
      [](Command command, QuestionOptions& options) {
        command.AddOption("instrument", options.instrument, "of one instrument only")
            .TypeName("NAME");
      },
      RunQuestions);
}

}  // namespace equinode::cli
