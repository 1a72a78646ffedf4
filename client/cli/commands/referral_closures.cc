// equinode referral closures export|import, referral words.
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>

#include "client/cli/closure_columns.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/member_ids.h"
#include "client/cli/referral_commands.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "domain/referral/status_words.h"
#include "domain/zcodes/day.h"
#include "equinode/v1/record_service.pb.h"

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

Result<MemberIds> FetchMemberIds(Session& session, const std::string& plan) {
  MemberIds ids(plan);
  v1::ListCoveragesRequest request;
  request.set_page_size(1000);
  Status read = Ok();
  EQN_CHECK(ForEachPage<v1::ListCoveragesResponse>(session, "RecordService/ListCoverages", request,
                                                   [&](const v1::ListCoveragesResponse& page) {
                                                     for (const v1::Record& each : page.records()) {
                                                       if (read.ok()) read = ids.Add(each);
                                                     }
                                                     return read.ok();
                                                   }));
  EQN_CHECK(read);
  return ids;
}

// Nothing for what a plan's file has no row for, and why.
std::string_view LeftOut(const v1::Referral& referral, const std::optional<MemberIds>& ids) {
  if (referral.state() == "entered-in-error" || referral.ended_here() == "void") {
    return "entered in error";
  }
  if (referral.state() == "draft") return "not sent yet";
  if (!ids) return "";
  if (!referral.ours()) return "asked of this node, which knows no member ids of another's people";
  return ids->Covers(referral.person()) ? "" : "of people whom this plan does not cover";
}

Result<int> RunClosuresExport(const Shared& shared, const ExportOptions& options) {
  EQN_TRY(const ClosureColumns columns, ReadColumnsFile(options.columns));
  v1::ListReferralsRequest request;
  request.set_box(options.box);
  EQN_TRY(Session session, Session::Open(shared.node));
  std::optional<MemberIds> ids;
  if (!columns.HeadingOf("member_id").empty()) {
    EQN_TRY(ids, FetchMemberIds(session, columns.plan));
  }
  std::string csv = ClosureHeader(columns) + "\n";
  std::size_t rows = 0, without = 0, nameless = 0;
  std::map<std::string_view, std::size_t> left_out;
  EQN_CHECK(ForEachPage<v1::ListReferralsResponse>(
      session, "ReferralService/ListReferrals", request,
      [&](const v1::ListReferralsResponse& page) {
        for (const v1::Referral& each : page.referrals()) {
          if (const std::string_view why = LeftOut(each, ids); !why.empty()) {
            ++left_out[why];
            continue;
          }
          std::string member_id;
          if (ids) {
            const auto day = ReadDay(StatusDay(columns, each));
            member_id = ids->Of(each.person(), day.value_or(std::chrono::sys_days{}));
            nameless += member_id.empty() ? 1 : 0;
          }
          const auto row = ClosureRow(columns, each, member_id);
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
  Say(CountText(rows) + " referrals written");
  for (const auto& [why, count] : left_out) {
    Say(CountText(count) + " left out: " + std::string(why));
  }
  if (nameless > 0) Say(CountText(nameless) + " without a member id: the coverage has none");
  if (without == 0) return kExitOk;
  Say(CountText(without) +
      " ARE MISSING from the file: this system has no word for where they "
      "stand (above)");
  return kExitData;
}

// What one line did: a word for the table, and whether the line was older than what is here.
struct TakenInLine {
  std::string outcome{};
  std::string why{};
  bool behind = false;
};

Result<TakenInLine> TakeIn(Session& session, const ClosureColumns& columns, const ClosureLine& line,
                           bool dry_run) {
  EQN_TRY(v1::TakeInStatusRequest request, RequestOf(columns, line));
  request.set_check_only(dry_run);
  request.set_request_id(NewRequestId());
  const auto done = session.Call<v1::TakeInStatusResponse>("ReferralService/TakeInStatus", request);
  if (!done.ok()) return AtItsColumn(columns, line, done.error());
  if (done->behind()) {
    return TakenInLine{"behind", "here it is " + done->referral().state() + " since: nothing done",
                       true};
  }
  TakenInLine taken;
  for (const std::string& verb : done->verbs()) {
    taken.outcome += (taken.outcome.empty() ? "" : ", ") + verb;
  }
  if (taken.outcome.empty()) taken.outcome = "as it was";
  return taken;
}

Result<int> RunClosuresImport(const Shared& shared, const ImportOptions& options) {
  EQN_TRY(const ClosureColumns columns, ReadColumnsFile(options.columns));
  EQN_TRY(const std::string csv, ReadText(options.file, kReferralClosuresMostBytes));
  EQN_TRY(const std::vector<ClosureLine> lines, ParseClosures(columns, csv));
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"line", "referral", "outcome", "why"});
  std::size_t refused = 0, behind = 0;
  for (const ClosureLine& line : lines) {
    if (Interrupted()) break;
    const auto done = TakeIn(session, columns, line, options.dry_run);
    // A bad line is refused with its place, and the good ones are kept; a node that is gone is not
    // the line's fault.
    if (!done.ok() && IsTheNodes(done.error())) return done.error();
    if (!done.ok()) ++refused;
    if (done.ok() && done->behind) ++behind;
    sheet.Add({line.line, std::string(line.Cell("referral")),
               done.ok() ? done->outcome : done.error().reason,
               done.ok() ? done->why : done.error().message});
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  Say(CountText(sheet.rows() - refused - behind) + " lines taken in, " + CountText(behind) +
      " older than what is here, " + CountText(refused) + " refused" +
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
