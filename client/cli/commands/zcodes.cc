// equinode zcodes usage|gaps|check, codes update|list|export.
#include <array>
#include <chrono>
#include <map>

#include "base/bytes.h"
#include "base/clock.h"
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/need_words.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "domain/zcodes/code_table.h"
#include "domain/zcodes/day.h"

namespace equinode::cli {
namespace {

struct SpanOptions {
  std::string from{};
  std::string until{};
};
void AddSpan(Command command, SpanOptions& span) {
  command.AddOption("--from", span.from, "from this day on").TypeName("YYYY-MM-DD");
  command.AddOption("--until", span.until, "up to and with this day").TypeName("YYYY-MM-DD");
}
template <typename Request>
Status SetSpan(const SpanOptions& span, Request& request) {
  if (!span.from.empty()) {
    EQN_TRY(*request.mutable_from(), DateOf(span.from));
  }
  if (!span.until.empty()) {
    EQN_TRY(*request.mutable_until(), DateOf(span.until));
  }
  return Ok();
}

struct UsageOptions {
  SpanOptions span{};
  std::vector<std::string> by{"code", "stage"};
};

Result<int> RunUsage(const Shared& shared, const UsageOptions& options) {
  v1::GetZCodeUsageRequest request;
  EQN_CHECK(SetSpan(options.span, request));
  std::vector<std::string> columns;
  for (const std::string& word : options.by) {
    v1::UsageDimension found = v1::USAGE_DIMENSION_UNSPECIFIED;
    for (int each = 1; each <= 5; ++each) {
      const auto dimension = static_cast<v1::UsageDimension>(each);
      if (EnumWord(v1::UsageDimension_Name(dimension), "USAGE_DIMENSION_") == word) {
        found = dimension;
      }
    }
    if (found == 0) return Usage("--by is code, domain, stage, month or practice");
    request.add_by(found);
    columns.push_back(word);
  }
  columns.push_back("people");
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto usage, session.Call<v1::GetZCodeUsageResponse>(
                                "NeedService/GetZCodeUsage", request, std::chrono::minutes{10}));
  Sheet sheet(columns);
  for (const v1::UsageRow& row : usage.rows()) {
    std::vector<Json> cells;
    for (const std::string& word : options.by) {
      cells.emplace_back(word == "code"     ? row.code()
                         : word == "domain" ? row.domain()
                         : word == "stage"  ? StageWord(row.stage())
                         : word == "month"  ? row.month()
                                            : row.practice());
    }
    cells.emplace_back(row.people());
    sheet.Add(std::move(cells));
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  Say(CountText(usage.people()) + " people; " + CountText(usage.unsigned_codes()) +
      " diagnoses that nobody signed off count as suggested only; " +
      CountText(usage.refused_codes()) + " codes or steps were refused (need show says why)");
  Say("raw counts of this node: not for others");
  return kExitOk;
}

struct GapOptions {
  SpanOptions span{};
  std::string domain{};
  bool worklist = false;
};

Result<int> RunGaps(const Shared& shared, const GapOptions& options) {
  v1::ListZCodeGapsRequest request;
  EQN_CHECK(SetSpan(options.span, request));
  request.set_domain(options.domain);
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet worklist({"person", "domain", "found on", "next", "code", "question", "answer"});
  std::map<std::pair<std::string, std::string>, std::array<std::uint64_t, 4>> counts;
  std::uint64_t without_record = 0;
  EQN_CHECK(ForEachPage<v1::ListZCodeGapsResponse>(
      session, "NeedService/ListZCodeGaps", request, [&](const v1::ListZCodeGapsResponse& page) {
        without_record += page.people_without_record();
        for (const v1::ZCodeGap& gap : page.gaps()) {
          auto& count = counts[{gap.practice(), gap.domain()}];
          ++count[0];
          if (gap.next() >= 1 && gap.next() <= 3) ++count[static_cast<std::size_t>(gap.next())];
          if (!options.worklist || gap.person().empty()) continue;
          worklist.Add({gap.person(), gap.domain(), DayWord(gap.found_on()),
                        EnumWord(v1::GapStep_Name(gap.next()), "GAP_STEP_"), gap.code(),
                        gap.question(), gap.answer()});
        }
        return true;
      }));
  const auto say_without = [&] {
    if (without_record == 0) return;
    Say(CountText(without_record) +
        (without_record == 1 ? " person is left out who has" : " people are left out who have") +
        " such an answer and no record here: the Patient's line was refused at the import "
        "(its --rejected file says why) or has not come");
  };
  if (options.worklist) {
    EQN_CHECK(Print(worklist.Text(shared.format)));
    say_without();
    return kExitOk;
  }
  Sheet sheet(
      {"practice", "domain", "positive and not coded", "to confirm", "to code", "to review"});
  for (const auto& [key, count] : counts) {
    sheet.Add({key.first, key.second, count[0], count[1], count[2], count[3]});
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  Say("--worklist names the people, for this practice's own staff");
  say_without();
  return kExitOk;
}

struct ZcodesCheckOptions {
  std::vector<std::string> codes{};
  std::string on{};
  std::string table{};
};

struct NamedTable {
  ZCodeTable table;
  std::string whose{};
};

// The file's; else the table in use at the node, where one is given or kept; else the program's.
Result<NamedTable> TableOf(const Shared& shared, const std::string& file) {
  if (!file.empty()) {
    EQN_TRY(const std::string text, ReadText(file, ZCodeTable::kMostBytes));
    EQN_TRY(ZCodeTable table, ZCodeTable::Parse(text));
    return NamedTable{std::move(table), file};
  }
  auto session = Session::Open(shared.node);
  if (!session.ok() && session.error().reason == "NO_CONTEXT" && shared.node.node.empty()) {
    EQN_TRY(ZCodeTable table, ZCodeTable::Parse(ZCodeTable::BuiltInText()));
    return NamedTable{std::move(table), "this program (no node is given)"};
  }
  if (!session.ok()) return session.error();
  EQN_TRY(const auto found, session->Call<v1::GetCodeTableResponse>("NeedService/GetCodeTable",
                                                                    v1::GetCodeTableRequest{}));
  EQN_TRY(ZCodeTable table, ZCodeTable::Parse(found.table()));
  return NamedTable{std::move(table), session->node_uri()};
}

Result<int> RunZcodesCheck(const Shared& shared, const ZcodesCheckOptions& options) {
  EQN_TRY(const NamedTable named, TableOf(shared, options.table));
  const ZCodeTable& table = named.table;
  auto day = std::chrono::floor<std::chrono::days>(SystemClock().Now());
  if (!options.on.empty()) {
    const auto read = ReadDay(options.on);
    if (!read) return Usage("--on is a day: YYYY-MM-DD");
    day = *read;
  }
  Sheet sheet({"code", "on", "is", "title", "to be used instead"});
  bool all_good = true;
  for (const std::string& code : options.codes) {
    const CodeVerdict verdict = table.Judge(code, day);
    std::string instead;
    for (const std::string& next : verdict.successors) {
      instead += (instead.empty() ? "" : ", ") + next;
    }
    sheet.Add({verdict.code, DayText(day), std::string(CodeStateName(verdict.state)), verdict.title,
               instead});
    all_good = all_good && verdict.billable();
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  Say("by the code table of " + DayText(table.version()) + " of " + named.whose);
  return all_good ? kExitOk : kExitFailed;
}

struct UpdateOptions {
  std::string file{};
  bool allow_past = false;
  bool check = false;
};

Sheet ChangesSheet(const google::protobuf::RepeatedPtrField<v1::CodeTableChange>& changes) {
  Sheet sheet({"change", "code", "to"});
  for (const v1::CodeTableChange& change : changes) {
    sheet.Add({change.kind(), change.code(), change.detail()});
  }
  return sheet;
}

Result<int> RunUpdate(const Shared& shared, const UpdateOptions& options) {
  EQN_TRY(const std::string text, ReadText(options.file, 512 * 1024));
  v1::UpdateCodeTableRequest request;
  request.set_table(text);
  request.set_allow_past(options.allow_past);
  request.set_check_only(options.check);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto done,
          session.Call<v1::UpdateCodeTableResponse>("NeedService/UpdateCodeTable", request));
  EQN_CHECK(Print(ChangesSheet(done.changes()).Text(shared.format)));
  Say(options.check ? "the table is right and may be put in place"
                    : "in use: the code table of " + DayWord(done.version()));
  return kExitOk;
}

struct RestoreOptions {
  std::string version{};
};

Result<int> RunRestore(const Shared& shared, const RestoreOptions& options) {
  v1::RestoreCodeTableRequest request;
  EQN_TRY(*request.mutable_version(), DateOf(options.version));
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto done,
          session.Call<v1::RestoreCodeTableResponse>("NeedService/RestoreCodeTable", request));
  EQN_CHECK(Print(ChangesSheet(done.changes()).Text(shared.format)));
  Say("in use again: the code table of " + options.version);
  return kExitOk;
}

Result<int> RunTables(const Shared& shared, const NoOptions&) {
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto found, session.Call<v1::ListCodeTablesResponse>("NeedService/ListCodeTables",
                                                                     v1::ListCodeTablesRequest{}));
  Sheet sheet({"version", "codes", "in use", "put in place by", "on", "sha256"});
  for (const v1::CodeTableInfo& table : found.tables()) {
    sheet.Add({DayWord(table.version()), table.codes(), table.in_use(),
               table.installed_by().empty() ? "(the program)" : table.installed_by(),
               TimeText(table.installed_at(), table.has_installed_at()).substr(0, 10),
               ToHex(AsBytes(table.sha256()))});
  }
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

Result<int> RunZcodesExport(const Shared& shared, const NoOptions&) {
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto found, session.Call<v1::GetCodeTableResponse>("NeedService/GetCodeTable",
                                                                   v1::GetCodeTableRequest{}));
  EQN_CHECK(Print(found.table()));
  return kExitOk;
}

}  // namespace

void AddZCodes(Program program) {
  Command zcodes = AddGroup(program, "zcodes", "ICD-10-CM Z codes: in use, missing, by date");
  AddCommand<UsageOptions>(
      program, zcodes, "usage", "people by code, domain, stage, month and practice",
      [](Command command, UsageOptions& options) {
        AddSpan(command, options.span);
        command.AddOption("--by", options.by, "code,domain,stage,month,practice (code,stage)")
            .Delimiter(',')
            .TypeName("WHAT,...");
      },
      RunUsage);
  AddCommand<GapOptions>(
      program, zcodes, "gaps", "needs that were found and are on no encounter",
      [](Command command, GapOptions& options) {
        AddSpan(command, options.span);
        command.AddOption("--domain", options.domain, "of one kind only").TypeName("DOMAIN");
        command.AddFlag("--worklist", options.worklist,
                        "person by person, with the next step, for the practice's own staff");
      },
      RunGaps);
  AddCommand<ZcodesCheckOptions>(
      program, zcodes, "check", "whether codes can be reported on a day, and what instead",
      [](Command command, ZcodesCheckOptions& options) {
        command.AddOption("code", options.codes, "as Z59.41").Required().TypeName("CODE");
        command.AddOption("--on", options.on, "the day of service (today)").TypeName("YYYY-MM-DD");
        command
            .AddOption(
                "--table", options.table,
                "a code table; without: the node's, or the program's own where no node is given")
            .TypeName("FILE");
      },
      RunZcodesCheck);
  Command codes = AddGroup(program, "codes", "the code table of the node");
  AddCommand<UpdateOptions>(
      program, codes, "update", "put a new code table in place, when it is right (docs/needs.md)",
      [](Command command, UpdateOptions& options) {
        command.AddOption("file", options.file, "code table (CSV)").Required().TypeName("FILE");
        command.AddFlag("--check", options.check, "only say what it would change");
        command.AddFlag("--allow-past", options.allow_past,
                        "also when days before the new version are judged otherwise");
      },
      RunUpdate);
  AddCommand<RestoreOptions>(
      program, codes, "restore", "back to a table that this node has had, or the program's own",
      [](Command command, RestoreOptions& options) {
        command.AddOption("version", options.version, "of `equinode codes list`")
            .Required()
            .TypeName("YYYY-MM-DD");
      },
      RunRestore);
  AddCommand<NoOptions>(program, codes, "list", "the tables that were put in place", Nothing,
                        RunTables);
  AddCommand<NoOptions>(program, codes, "export", "the table in use, as a file to be edited",
                        Nothing, RunZcodesExport);
}

}  // namespace equinode::cli
