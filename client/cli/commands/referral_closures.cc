// equinode referral closures export|import, referral words.
#include <filesystem>

#include "client/cli/closure_columns.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/referral_commands.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "domain/referral/catch_up.h"
#include "domain/referral/status_words.h"

namespace equinode::cli {
namespace {

constexpr std::size_t kReferralClosuresMostBytes = 64 * 1024 * 1024;

struct ExportOptions {
  std::filesystem::path columns{};
  std::filesystem::path out{};
  std::string box{};
};
struct ImportOptions {
  std::filesystem::path file{};
  std::filesystem::path columns{};
  bool dry_run = false;
};
struct WordOptions {
  std::string system{};
};

Result<ClosureColumns> ReadColumnsFile(const std::filesystem::path& file) {
  EQN_TRY(const std::string text, ReadText(file, 1024 * 1024));
  return ParseClosureColumns(text);
}

Result<int> RunClosuresExport(const Shared& shared, const ExportOptions& options) {
  EQN_TRY(const ClosureColumns columns, ReadColumnsFile(options.columns));
  v1::ListReferralsRequest request;
  request.set_box(options.box);
  EQN_TRY(Session session, Session::Open(shared.node));
  std::string csv = ClosureHeader(columns) + "\n";
  std::size_t rows = 0, without = 0;
  EQN_CHECK(ForEachPage<v1::ListReferralsResponse>(
      session, "ReferralService/ListReferrals", request,
      [&](const v1::ListReferralsResponse& page) {
        for (const v1::Referral& each : page.referrals()) {
          const bool here = each.has_ended_here_at();
          const auto row = ClosureRow(columns, each,
                                      TimeText(here ? each.ended_here_at() : each.last_event(),
                                               here || each.has_last_event())
                                          .substr(0, 10));
          if (!row.ok()) {
            ++without;
            Say(each.id() + ": " + row.error().message);
            continue;
          }
          csv += *row + "\n";
          ++rows;
        }
        return true;
      }));
  if (options.out.empty()) {
    EQN_CHECK(Print(csv));
  } else {
    EQN_CHECK(WriteText(options.out, csv, 0600));
  }
  Say(CountText(rows) + " referrals written, " + CountText(without) +
      " have no word in this system");
  return kExitOk;
}

// What one line did: a word for the table.
Result<std::string> TakeIn(Session& session, const ClosureColumns& columns, const ClosureLine& line,
                           bool dry_run) {
  const auto cell = [&](std::string_view what) {
    const auto found = line.cells.find(what);
    return found == line.cells.end() ? std::string() : found->second;
  };
  EQN_TRY(const referral::StatusWord word, referral::StatusFrom(columns.system, cell("status")));
  v1::GetReferralRequest get;
  get.set_referral_id(cell("referral"));
  EQN_TRY(const auto got,
          session.Call<v1::GetReferralResponse>("ReferralService/GetReferral", get));
  const auto state = referral::StateNamed(got.referral().state());
  if (!state) return Error{Code::kInternal, "BAD_ANSWER", "a state that is not known here"};
  if (got.referral().ours()) {
    return Error{Code::kFailedPrecondition, "NOT_YOUR_MOVE",
                 "this node asked; what came of it is the other organisation's to say"};
  }
  EQN_TRY(const std::vector<referral::CatchUpStep> steps, referral::CatchUp(*state, word));
  std::string done;
  for (const referral::CatchUpStep& step : steps) {
    const std::string verb(referral::Name(step.verb));
    if (!dry_run) {
      v1::ActOnReferralRequest act;
      act.set_referral_id(got.referral().id());
      act.set_verb(verb);
      act.set_reason(step.reason);
      act.set_note("as " + columns.system + " says: " + std::string(word.word));
      if (step.verb == referral::EventKind::kComplete) {
        const std::string by = cell("reported_by");
        act.set_reported_by(by.empty() ? columns.system : by);
      }
      act.set_request_id(NewRequestId());
      EQN_CHECK(session.Call<v1::ActOnReferralResponse>("ReferralService/ActOnReferral", act));
    }
    done += (done.empty() ? "" : ", ") + verb;
  }
  return done.empty() ? "as it was" : done;
}

Result<int> RunClosuresImport(const Shared& shared, const ImportOptions& options) {
  EQN_TRY(const ClosureColumns columns, ReadColumnsFile(options.columns));
  EQN_TRY(const std::string csv, ReadText(options.file, kReferralClosuresMostBytes));
  EQN_TRY(const std::vector<ClosureLine> lines, ParseClosures(columns, csv));
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"line", "referral", "outcome", "why"});
  std::size_t refused = 0;
  for (const ClosureLine& line : lines) {
    if (Interrupted()) break;
    const auto referral = line.cells.find("referral");
    const auto done = TakeIn(session, columns, line, options.dry_run);
    // A bad line is refused with its place, and the good ones are kept; a node that is gone is not
    // the line's fault.
    if (!done.ok() && done.error().code == Code::kUnavailable) return done.error();
    if (!done.ok()) ++refused;
    sheet.Add({line.line, referral->second, done.ok() ? *done : done.error().reason,
               done.ok() ? "" : done.error().message});
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  Say(CountText(sheet.rows() - refused) + " lines taken in, " + CountText(refused) + " refused" +
      (options.dry_run ? "; nothing was done" : ""));
  return refused == 0 ? kExitOk : kExitData;
}

Result<int> RunWords(const Shared& shared, const WordOptions& options) {
  Sheet sheet({"system", "word", "state", "final", "closure"});
  for (const referral::StatusWord& each : referral::StatusWords()) {
    if (!options.system.empty() && each.system != options.system) continue;
    sheet.Add({std::string(each.system), std::string(each.word),
               std::string(referral::Name(each.state)), each.is_final, std::string(each.closure)});
  }
  if (sheet.rows() == 0) return Usage("no such system: `equinode referral words` lists them");
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

void DeclareColumns(Command command, std::filesystem::path& columns) {
  command.AddOption("--columns", columns, "which column says what (docs/referrals.md)")
      .Required()
      .TypeName("FILE");
}

}  // namespace

void AddReferralClosures(Program program, Command referral) {
  Command group = referral.AddGroup("closures", "the plan's file of closed loops");
  AddCommand<ExportOptions>(
      program, group, "export", "how every referral stands, in another system's words",
      [](Command command, ExportOptions& options) {
        DeclareColumns(command, options.columns);
        command.AddOption("--out", options.out, "without: stdout").TypeName("FILE");
        command.AddOption("--box", options.box, "inbox or outbox; without: both");
      },
      RunClosuresExport);
  AddCommand<ImportOptions>(
      program, group, "import", "bring what was asked of us to where another system says it is",
      [](Command command, ImportOptions& options) {
        command.AddOption("file", options.file, "CSV").Required().TypeName("FILE");
        DeclareColumns(command, options.columns);
        command.AddFlag("--dry-run", options.dry_run, "say what would be done");
      },
      RunClosuresImport);
  AddCommand<WordOptions>(
      program, referral, "words", "status words of other systems, and what they mean here",
      [](Command command, WordOptions& options) {
        command.AddOption("system", options.system, "this one alone").TypeName("SYSTEM");
      },
      RunWords);
}

}  // namespace equinode::cli
