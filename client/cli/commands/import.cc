// equinode import.
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/import_job.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"

namespace equinode::cli {
namespace {

struct ImportOptions {
  ImportJob job{};
  std::filesystem::path profile{};
};

// Objects of counts as lists of two columns.
Status PrintTable(const ImportReport& report, const Shared& shared) {
  Json json = ImportReportJson(report);
  if (shared.format == Format::kJson) return Print(PropertiesText(json, shared.format));
  Json flat = Json::object();
  for (const auto& [name, value] : json.items()) {
    if (!value.is_structured()) flat[name] = value;
  }
  EQN_CHECK(Print(PropertiesText(flat, shared.format)));
  if (shared.format == Format::kCsv) return Ok();
  Sheet refused({"refused because", "lines"});
  for (const auto& [reason, count] : report.refused_by_reason) refused.Add({reason, count});
  Sheet passed({"passed over", "resources"});
  for (const auto& [type, count] : report.passed_over) passed.Add({type, count});
  Sheet unmapped({"payor that no rule maps", "coverages"});
  for (const UnmappedPayor& one : report.unmapped_payors) unmapped.Add({one.payor, one.coverages});
  Sheet codes({"code that is not counted", "because", "to be used instead", "conditions"});
  for (const CodeRefused& one : report.codes_refused) {
    std::string instead;
    for (const std::string& next : one.successors) instead += (instead.empty() ? "" : ", ") + next;
    codes.Add({one.code, one.reason, instead, one.conditions});
  }
  for (const Sheet* sheet : {&refused, &passed, &unmapped, &codes}) {
    if (sheet->rows() > 0) EQN_CHECK(Print("\n" + sheet->Text(shared.format)));
  }
  return Ok();
}

Result<int> RunImport(const Shared& shared, const ImportOptions& options) {
  ImportJob job = options.job;
  if (!options.profile.empty()) {
    EQN_TRY(job.profile, ReadSourceProfile(options.profile));
  }
  std::optional<Session> session;
  if (!job.dry_run) {
    EQN_TRY(session, Session::Open(shared.node));
  }
  EQN_TRY(const ImportReport report,
          RunImportJob(session.has_value() ? &session->channel() : nullptr, job));
  EQN_CHECK(PrintTable(report, shared));
  if (report.refused > 0) {
    Say(CountText(report.refused) + " refused, each with what to do in " + job.rejected.string());
  }
  const auto passed = [&](const char* type) { return report.passed_over.contains(type); };
  if (passed("Task"))
    Say("orders (Task, ServiceRequest) are taken in by: equinode referral import");
  if (passed("Consent")) Say("consents are taken in by: equinode consent import");
  if (report.not_restated > 0) {
    Say(CountText(report.not_restated) +
        " records were left as they are: the files say of them what the node held before it was "
        "changed, and no meta.lastUpdated says which is newer. If the files are, or if a profile "
        "was put back, import them with --from-start --restate");
  }
  if (report.stopped) {
    Say("stopped; run the same command again: it goes on where it stopped");
    return kExitTryLater;
  }
  if (job.dry_run) {
    Say("nothing was sent: this was a dry run. The files were checked; what only the node can tell "
        "was not: rows of people who are not there (NO_SUCH_PERSON) or of two people with one "
        "record "
        "number (AMBIGUOUS_PERSON) are refused when it is sent");
  }
  // As all commands that take in a file (docs/cli.md): what is good is kept, and a script learns
  // that something was not.
  return report.refused > 0 ? kExitData : kExitOk;
}

}  // namespace

void AddImport(Program program) {
  AddCommand<ImportOptions>(
      program, program.app, "import",
      "take in FHIR (NDJSON, JSON, Bundles) and measure results (CSV); files or folders",
      [](Command command, ImportOptions& options) {
        command.AddOption("path", options.job.paths, "files and folders")
            .Required()
            .TypeName("PATH");
        command
            .AddOption("--profile", options.profile,
                       "source profile of the feed (docs/source-profile.md)")
            .TypeName("FILE");
        command.AddOption("--feed", options.job.feed, "name of the feed, over the profile's")
            .TypeName("NAME");
        command
            .AddOption("--rejected", options.job.rejected,
                       "where refused lines are listed (rejected.csv)")
            .TypeName("FILE");
        command.AddFlag("--dry-run", options.job.dry_run,
                        "read and check the files, send nothing; whether a person that a row names "
                        "is here (NO_SUCH_PERSON, AMBIGUOUS_PERSON) only the node knows");
        command.AddFlag("--from-start", options.job.from_start,
                        "read files again that were taken in before");
        command.AddFlag("--restate", options.job.restate,
                        "what the files say last holds, also where the node had it before and has "
                        "another content now (sources without meta.lastUpdated)");
      },
      RunImport);
}

}  // namespace equinode::cli
