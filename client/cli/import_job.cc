#include "client/cli/import_job.h"

#include <chrono>
#include <optional>

#include "base/clock.h"
#include "client/cli/import_stream.h"
#include "client/cli/talk.h"
#include "client/import/rejected_csv.h"

namespace equinode::cli {

Result<ImportReport> RunImportJob(Channel* channel, const ImportJob& job) {
  ImportOptions options;
  options.paths = job.paths;
  options.profile = job.profile;
  options.feed = job.feed;
  options.dry_run = job.dry_run;
  options.from_start = job.from_start;
  options.today = std::chrono::floor<std::chrono::days>(SystemClock().Now());

  std::optional<ImportStream> stream;
  if (channel != nullptr) stream.emplace(*channel);
  std::optional<RejectedCsv> rejected;
  bool resumed = false;  // Some of this was taken in before.
  const auto rejections = [&]() -> RejectedCsv& {
    if (!rejected.has_value()) {
      rejected.emplace(job.rejected,
                       resumed ? RejectedCsv::Mode::kContinue : RejectedCsv::Mode::kReplace);
    }
    return *rejected;
  };
  Progress progress("import");
  ImportSink sink;
  if (stream.has_value()) {
    sink.frame = [&](ImportFrame&& frame) { return stream->Send(std::move(frame)); };
    sink.settle = [&]() { return stream->Settle(); };
    sink.cursor_of = [&](const std::string& file) -> Result<std::optional<ImportCursor>> {
      EQN_TRY(std::optional<ImportCursor> cursor, stream->CursorOf(file));
      resumed = resumed || cursor.has_value();
      return cursor;
    };
  }
  sink.rejected = [&](const RejectedLine& line) { return rejections().Add(line); };
  if (!job.quiet) {
    sink.progress = [&](const ImportProgress& now) {
      progress.Show(now.bytes_done, now.bytes_all,
                    CountText(now.records) + " records, " + CountText(now.refused) + " refused  " +
                        std::string(now.file));
    };
  }
  sink.stopped = []() { return Interrupted(); };

  auto report = Import(options, sink);
  const Status closed = rejections().Close();
  if (!report.ok()) return report;
  EQN_CHECK(closed);
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
