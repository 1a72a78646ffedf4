// equinode hub collect|releases|show.
#include "client/cli/collect.h"
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/release_text.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "client/report/data_dictionary.h"
#include "client/report/labels.h"
#include "client/report/release_page.h"
#include "equinode/v1/hub_service.pb.h"

namespace equinode::cli {
namespace {

struct Outputs {
  std::filesystem::path csv{};
  std::filesystem::path html{};
};

Status WriteOutput(const std::filesystem::path& path, std::string_view text) {
  EQN_CHECK(WriteText(path, text));
  Say("wrote " + path.string());
  return Ok();
}

Status WriteOutputs(const v1::Release& release, const Outputs& outputs) {
  if (!outputs.csv.empty()) {
    EQN_CHECK(WriteOutput(outputs.csv, ReleaseText(release, Format::kCsv)));
    EQN_CHECK(WriteOutput(DictionaryPath(outputs.csv), DataDictionary(release)));
  }
  if (!outputs.html.empty()) {
    EQN_CHECK(WriteOutput(outputs.html, ReleasePage(release, TimeText(release.released_at(),
                                                                      release.has_released_at()))));
  }
  return Ok();
}

void DeclareOutputs(Command command, Outputs& outputs) {
  command
      .AddOption("--csv", outputs.csv,
                 "write the cells to this file as well, and their dictionary beside it")
      .TypeName("FILE");
  command.AddOption("--html", outputs.html, "write a page for readers to this file as well")
      .TypeName("FILE");
}

struct HubCollect {
  CollectOptions collect{};
  std::string wait = "2m";
  Outputs outputs{};
};

Result<int> RunCollect(const Shared& shared, const HubCollect& options) {
  CollectOptions collect = options.collect;
  if (!ParseDuration(options.wait, &collect.wait)) {
    return Usage("--wait is a span such as 30s, 5m or 2h");
  }
  EQN_TRY(Session session, Session::Open(shared.node));
  Progress progress("collect");
  EQN_TRY(const Collected collected, Collect(session, collect, [&](const CollectProgress& come) {
            progress.Show(come.answered + come.refused, come.asked, come.Text());
          }));
  progress.Clear();
  EQN_CHECK(Print(ReleaseText(collected.release, shared.format)));
  if (collected.stored) {
    Say("this is the stored release; --again makes a new one");
  }
  for (const std::string& node : collected.release.silent()) Say("silent: " + Harmless(node));
  EQN_CHECK(WriteOutputs(collected.release, options.outputs));
  return kExitOk;
}

struct HubListOptions {
  std::string report{};
};

Result<int> RunReleases(const Shared& shared, const HubListOptions& options) {
  EQN_TRY(Session session, Session::Open(shared.node));
  v1::ListReleasesRequest request;
  request.set_report(options.report);
  Sheet sheet({"report", "version", "number", "released_at", "period_start", "period_end",
               "answered", "silent", "refused"});
  EQN_CHECK(ForEachPage<v1::ListReleasesResponse>(
      session, "HubService/ListReleases", request, [&](const v1::ListReleasesResponse& page) {
        for (const v1::Release& one : page.releases()) {
          sheet.Add({one.definition_name(), one.definition_version(), one.number(),
                     TimeText(one.released_at(), one.has_released_at()),
                     DayText(one.period_start()), DayText(one.period_end()), one.answered_size(),
                     one.silent_size(), one.refused_size()});
        }
        return true;
      }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

struct HubShowOptions {
  std::string report{};
  std::uint32_t version = 0;
  std::uint32_t number = 0;
  Outputs outputs{};
};

Result<int> RunHubShow(const Shared& shared, const HubShowOptions& options) {
  EQN_TRY(Session session, Session::Open(shared.node));
  v1::GetReleaseRequest request;
  request.set_report(options.report);
  request.set_version(options.version);
  request.set_number(options.number);
  EQN_TRY(const auto found, session.Call<v1::GetReleaseResponse>("HubService/GetRelease", request));
  EQN_CHECK(Print(ReleaseText(found.release(), shared.format)));
  EQN_CHECK(WriteOutputs(found.release(), options.outputs));
  return kExitOk;
}

}  // namespace

void AddHub(Program program) {
  Command hub = AddGroup(program, "hub", "the payer's reports over all nodes");
  AddCommand<HubCollect>(
      program, hub, "collect", "ask every node, wait, pool what comes, keep the release",
      [](Command command, HubCollect& options) {
        command.AddOption("report", options.collect.report, "its name")
            .Required()
            .TypeName("REPORT");
        command.AddOption("--version", options.collect.version, "of the definition; the newest");
        command.AddFlag("--again", options.collect.again, "a new numbered release");
        command.AddOption("--wait", options.wait, "how long for silent nodes (2m)")
            .TypeName("DURATION");
        DeclareOutputs(command, options.outputs);
      },
      RunCollect);
  AddCommand<HubListOptions>(
      program, hub, "releases", "what was released",
      [](Command command, HubListOptions& options) {
        command.AddOption("report", options.report, "only of this one").TypeName("REPORT");
      },
      RunReleases);
  AddCommand<HubShowOptions>(
      program, hub, "show", "one release",
      [](Command command, HubShowOptions& options) {
        command.AddOption("report", options.report, "its name").Required().TypeName("REPORT");
        command.AddOption("--version", options.version, "of the definition; the newest");
        command.AddOption("--number", options.number, "of the release; the newest");
        DeclareOutputs(command, options.outputs);
      },
      RunHubShow);
}

}  // namespace equinode::cli
