#include "client/cli/import_job.h"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/crypto/hash.h"
#include "client/cli/import_stream.h"
#include "client/cli/talk.h"
#include "client/import/file_list.h"
#include "client/import/rejected_csv.h"
#include "domain/zcodes/code_table.h"
#include "equinode/v1/need_service.pb.h"

namespace equinode::cli {
namespace {

// Of the files as they are, the feed and the profile: the same again goes on with the same list.
std::string RunOf(const ImportJob& job) {
  std::string text = job.feed + "\n" + StampOf(job.profile) + "\n";
  const auto files = FindFiles(job.paths);
  if (files.ok()) {  // What is wrong with a path, the import says.
    for (const FoundFile& file : *files) text = ToHex(Sha256(AsBytes(text + file.stamp)));
  }
  return ToHex(Sha256(AsBytes(text)));
}

// The table in use at the node, so that what an import says of a code is what the node will say of
// it. A node that has none to give (an older one) judges as the program does.
Result<std::shared_ptr<const ZCodeTable>> CodesOf(Channel& channel) {
  const auto found = channel.Call<v1::GetCodeTableResponse>(
      "/equinode.v1.NeedService/GetCodeTable", v1::GetCodeTableRequest{}, std::chrono::seconds{30});
  if (!found.ok() && found.error().code == Code::kUnimplemented) return ZCodeTable::BuiltIn();
  if (!found.ok()) return found.error();
  EQN_TRY(ZCodeTable table, ZCodeTable::Parse(found->table()));
  return std::shared_ptr<const ZCodeTable>(std::make_shared<const ZCodeTable>(std::move(table)));
}

}  // namespace

Result<ImportReport> RunImportJob(Channel* channel, const ImportJob& job) {
  ImportOptions options;
  options.paths = job.paths;
  options.profile = job.profile;
  options.feed = job.feed;
  options.dry_run = job.dry_run;
  options.from_start = job.from_start;
  options.restate = job.restate;
  options.today = std::chrono::floor<std::chrono::days>(SystemClock().Now());

  std::optional<ImportStream> stream;
  if (channel != nullptr) {
    EQN_TRY(options.codes, CodesOf(*channel));
    stream.emplace(*channel);
  }
  RejectedCsv rejected(job.rejected, RunOf(job));
  Progress progress("import");
  ImportSink sink;
  if (stream.has_value()) {
    sink.frame = [&](ImportFrame&& frame) { return stream->Send(std::move(frame)); };
    sink.settle = [&]() { return stream->Settle(); };
    sink.cursor_of = [&](const std::string& file) { return stream->CursorOf(file); };
  }
  sink.rejected = [&](const RejectedLine& line) { return rejected.Add(line); };
  if (!job.quiet) {
    sink.progress = [&](const ImportProgress& now) {
      progress.Show(now.bytes_done, now.bytes_all,
                    CountText(now.records) + " records, " + CountText(now.refused) + " refused  " +
                        std::string(now.file));
    };
  }
  sink.stopped = []() { return Interrupted(); };

  EQN_TRY(const ImportReport report, Import(options, sink));
  // Files that were passed by may have rows there.
  if (!report.stopped) EQN_CHECK(rejected.Finish(report.files_done_before > 0));
  if (stream.has_value()) EQN_CHECK(stream->Finish());
  return report;
}

Json ImportReportJson(const ImportReport& report) {
  Json json = Json::object();
  json["files"] = report.files;
  json["files_done_before"] = report.files_done_before;
  json["lines"] = report.lines;
  json["persons"] = report.persons;
  json["coverages"] = report.coverages;
  json["measure_results"] = report.measure_results;
  json["organizations"] = report.organizations;
  json["screenings"] = report.screenings;
  json["conditions"] = report.conditions;
  json["encounters"] = report.encounters;
  json["created"] = report.created;
  json["changed"] = report.changed;
  json["unchanged"] = report.unchanged;
  json["older"] = report.older;
  json["not_restated"] = report.not_restated;
  json["refused"] = report.refused;
  json["conflicts"] = report.conflicts;
  json["stopped"] = report.stopped;
  Json reasons = Json::object();
  for (const auto& [reason, count] : report.refused_by_reason) reasons[reason] = count;
  json["refused_by_reason"] = std::move(reasons);
  Json passed = Json::object();
  for (const auto& [type, count] : report.passed_over) passed[type] = count;
  json["passed_over"] = std::move(passed);
  Json unmapped = Json::array();
  for (const UnmappedPayor& payor : report.unmapped_payors) {
    unmapped.push_back({{"payor", payor.payor}, {"coverages", payor.coverages}});
  }
  Json codes = Json::array();
  for (const CodeRefused& code : report.codes_refused) {
    codes.push_back({{"code", code.code},
                     {"reason", code.reason},
                     {"use", code.successors},
                     {"conditions", code.conditions}});
  }
  json["codes_refused"] = std::move(codes);
  json["unmapped_payors"] = std::move(unmapped);
  json["unmapped_coverages"] = report.unmapped_coverages;
  return json;
}

}  // namespace equinode::cli
