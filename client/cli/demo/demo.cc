#include "client/cli/demo/demo.h"

#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "client/cli/collect.h"
#include "client/cli/command.h"
#include "client/cli/definition_file.h"
#include "client/cli/demo/care.h"
#include "client/cli/demo/network.h"
#include "client/cli/demo/private_folder.h"
#include "client/cli/demo/report_text.h"
#include "client/cli/demo/sample_data.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/import_job.h"
#include "client/cli/release_text.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "client/generate/generate.h"
#include "client/report/data_dictionary.h"
#include "client/report/labels.h"
#include "client/report/release_page.h"
#include "equinode/v1/admin_service.pb.h"
#include "equinode/v1/count_service.pb.h"

namespace equinode::demo {
namespace {

namespace fs = std::filesystem;
using cli::CountText;
using cli::Json;

class Demo {
 public:
  explicit Demo(const DemoOptions& options) : options_(options) {}

  Result<int> Run() {
    EQN_CHECK(folder_.Make(options_.keep));
    network_.emplace(folder_.path());
    const Status ran = Steps();
    const bool kept = ran.ok() && !options_.keep.empty() && !options_.once && !cli::Interrupted();
    if (kept) StayUp();
    const auto stopping = std::chrono::steady_clock::now();
    const bool clean = network_->Stop();
    Tell("stopped every node" + std::string(clean ? "" : ", not all in good order"), stopping);
    EQN_CHECK(ran);
    if (options_.format == cli::Format::kJson) {
      json_["steps"] = std::move(steps_);
      json_["clean_stop"] = clean;
      EQN_CHECK(cli::Print(cli::PropertiesText(json_, options_.format)));
    }
    return clean ? cli::kExitOk : cli::kExitFailed;
  }

 private:
  using Clock = std::chrono::steady_clock;

  void Tell(const std::string& what, Clock::time_point since) {
    const auto spent = std::chrono::duration_cast<Millis>(Clock::now() - since);
    steps_.push_back({{"step", what}, {"ms", spent.count()}});
    char time[32];
    std::snprintf(time, sizeof time, "%7.2f s  ", static_cast<double>(spent.count()) / 1000);
    cli::Say(time + what);
  }

  // One step: what it returns is what it has to say.
  Status Step(const std::string& name, const std::function<Result<std::string>()>& body) {
    const auto since = Clock::now();
    auto said = body();
    if (cli::Interrupted()) {
      return Error{Code::kCancelled, "INTERRUPTED", "interrupted; the nodes are stopped"};
    }
    if (!said.ok()) {
      Error error = std::move(said).error();
      const Status alive = network_->CheckAlive();
      error.message.insert(0, name + ": ");
      if (!alive.ok() && error.reason != "NODE_ENDED") {
        error.message.append("\n").append(alive.error().message);
      }
      return error;
    }
    Tell(*said, since);
    return Ok();
  }

  Status Steps() {
    EQN_CHECK(Step("data", [&] { return MakeData(); }));
    EQN_CHECK(Step("certificates", [&]() -> Result<std::string> {
      EQN_CHECK(network_->MakeCertificates());
      return "made an authority and the certificates of " + std::to_string(Plans().size()) +
             " nodes and their operators";
    }));
    EQN_CHECK(Step("start", [&]() -> Result<std::string> {
      EQN_CHECK(network_->Start());
      return std::string(
          "started three practices, a QHIO, a payer's hub and a CBO, each with its "
          "encrypted store");
    }));
    EQN_CHECK(Step("enrol", [&]() -> Result<std::string> {
      EQN_CHECK(network_->Enrol());
      care_.emplace(*network_, options_.seed);
      EQN_CHECK(care_->Enrol());
      return std::string(
          "enrolled them with one another: two practices and the CBO dial out only, "
          "by the QHIO; records go to the QHIO, counts to the payer, to the CBO nothing "
          "but referrals; a pantry without a node is taken in at the QHIO's");
    }));
    EQN_CHECK(Step("import", [&] { return ImportAll(); }));
    EQN_CHECK(Step("exchange", [&] { return AwaitExchange(); }));
    if (options_.data.empty()) {
      EQN_CHECK(Step("services", [&] { return care_->Serve(data_ / "services.csv"); }));
      EQN_CHECK(Step("referrals", [&] { return care_->Refer(data_ / "referrals.csv"); }));
      EQN_CHECK(Step("funnel", [&] { return care_->Funnel(); }));
      json_["care"] = care_->account();
    }
    EQN_CHECK(Step("report", [&] { return CreateReport(); }));
    EQN_CHECK(Step("collect", [&] { return CollectReport(); }));
    return Show();
  }

  Result<std::string> MakeData() {
    data_ = folder_.path() / "data";
    EQN_CHECK(MakeFolder(folder_.path() / "rejected"));
    if (options_.data.empty()) {
      GenerateOptions generate;
      generate.out = data_;
      generate.people = options_.people;
      generate.seed = options_.seed;
      generate.practices.clear();
      for (std::size_t i = 0; i < kPractices; ++i) {
        generate.practices.push_back(Plans()[i].organisation);
      }
      generate.payer_uri = Plans()[kPayer].uri();
      EQN_TRY(made_, Generate(generate));
      json_["data"] = data_.string();
      return "made " + CountText(options_.people) + " people who do not exist (seed " +
             std::to_string(options_.seed) + ")";
    }
    SourceProfile profile;
    if (!options_.profile.empty()) {
      EQN_TRY(profile, ReadSourceProfile(options_.profile));
    }
    const fs::path rejected = folder_.path() / "rejected" / "data.csv";
    EQN_TRY(sample_, ReadSampleData(options_.data, profile, rejected));
    const ImportReport& report = sample_.report;
    json_["data"] = options_.data.string();
    json_["read"] = cli::ImportReportJson(report);
    json_["attributed_to_the_payer"] = sample_.uncovered.size();
    std::string text = "read " + options_.data.string() + ": " + CountText(sample_.people) +
                       " people, " + CountText(report.refused) + " lines refused, " +
                       CountText(report.conflicts) + " conflicts";
    for (const auto& [reason, count] : report.refused_by_reason) {
      text += "\n             refused " + CountText(count) + ": " + reason;
    }
    for (const auto& [type, count] : report.passed_over) {
      text += "\n             passed over " + CountText(count) + ": " + type;
    }
    if (!sample_.uncovered.empty()) {
      text += "\n             " + CountText(sample_.uncovered.size()) +
              " people have no Coverage: the demo attributes them to its payer, " +
              Plans()[kPayer].uri();
    }
    return text +
           "\n             each person goes to one of the three practices by a hash of the id";
  }

  // Each practice by a thread of its own.
  Result<std::string> ImportAll() {
    std::vector<Status> ended(kPractices, Ok());
    std::vector<Json> accounts(kPractices);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kPractices; ++i) {
      threads.emplace_back([this, i, &ended, &accounts] { ended[i] = ImportOne(i, accounts[i]); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const Status& status : ended) EQN_CHECK(Status(status));
    std::uint64_t people = 0;
    std::uint64_t refused = 0;
    Json imports = Json::object();
    for (std::size_t i = 0; i < kPractices; ++i) {
      people += accounts[i]["persons"].get<std::uint64_t>();
      refused += accounts[i]["refused"].get<std::uint64_t>();
      imports[Plans()[i].organisation] = std::move(accounts[i]);
    }
    json_["imports"] = std::move(imports);
    return "imported at three practices: " + CountText(people) + " records of people, " +
           CountText(refused) + " lines refused with the reason";
  }

  Status ImportOne(std::size_t i, Json& account) {
    Channel& channel = network_->node(i).session->channel();
    if (!options_.data.empty()) {
      EQN_TRY(const ShareReport share,
              ImportShare(channel, sample_, i, kPractices, Plans()[kPayer].uri()));
      account = Json::object();
      account["persons"] = share.people;
      account["attributed"] = share.attributed;
      account["refused"] = share.refused;
      return Ok();
    }
    cli::ImportJob job;
    job.paths = {made_.practices[i].folder};
    job.rejected = folder_.path() / "rejected" / (made_.practices[i].name + ".csv");
    job.quiet = true;
    EQN_TRY(job.profile, ReadSourceProfile(made_.practices[i].profile));
    EQN_TRY(const ImportReport report, cli::RunImportJob(&channel, job));
    account = cli::ImportReportJson(report);
    return Ok();
  }

  Result<v1::GetStatusResponse> StatusOf(std::size_t i) {
    return network_->node(i).session->Call<v1::GetStatusResponse>("AdminService/GetStatus",
                                                                  v1::GetStatusRequest{});
  }

  // Until the QHIO has every record of every practice.
  Result<std::string> AwaitExchange() {
    const auto end = Clock::now() + std::chrono::seconds{120};
    std::uint64_t wanted = 0;
    for (std::size_t i = 0; i < kPractices; ++i) {
      EQN_TRY(const v1::GetStatusResponse status, StatusOf(i));
      wanted += status.records();
    }
    cli::Progress progress("exchange");
    for (;;) {
      EQN_TRY(const v1::GetStatusResponse status, StatusOf(kQhio));
      if (status.records() >= wanted) {
        json_["exchanged_records"] = status.records();
        return "exchanged: " + CountText(status.records()) +
               " records sealed, sent, opened and "
               "counted at the QHIO";
      }
      progress.Show(status.records(), wanted, CountText(status.records()) + " records");
      if (Clock::now() > end) {
        return Error{Code::kDeadlineExceeded, "EXCHANGE_SLOW",
                     "only " + CountText(status.records()) + " of " + CountText(wanted) +
                         " records have arrived at the QHIO in two minutes"};
      }
      if (cli::Interrupted()) return std::string();
      EQN_CHECK(network_->CheckAlive());
      std::this_thread::sleep_for(Millis{50});
    }
  }

  Result<std::string> CreateReport() {
    const std::string text = DemoReport(Plans()[kPayer].uri());
    EQN_CHECK(cli::WriteText(folder_.path() / "report.json", text));
    v1::CreateReportDefinitionRequest request;
    EQN_TRY(*request.mutable_definition(), cli::ParseDefinition(text));
    request.set_request_id(cli::NewRequestId());
    EQN_CHECK(network_->node(kPayer).session->Call<v1::CreateReportDefinitionResponse>(
        "CountService/CreateReportDefinition", request));
    return "the payer has signed a report of " +
           std::to_string(request.definition().tables_size()) + " tables";
  }

  Result<std::string> CollectReport() {
    cli::CollectOptions collect;
    collect.report = std::string(kDemoReport);
    collect.wait = std::chrono::seconds{60};
    cli::Progress progress("collect");
    EQN_TRY(cli::Collected collected, cli::Collect(*network_->node(kPayer).session, collect,
                                                   [&](const cli::CollectProgress& come) {
                                                     progress.Show(come.answered + come.refused,
                                                                   come.asked, "answers");
                                                   }));
    release_ = std::move(collected.release);
    std::string text =
        "collected at the hub: " + AnsweredText(release_) + ", small cells hidden by each node";
    for (const std::string& node : release_.silent()) text += "\n             silent: " + node;
    for (const v1::RefusedNode& node : release_.refused()) {
      text += "\n             refused: " + node.node() + " (" + node.reason() + ")";
    }
    return text;
  }

  Status Show() {
    EQN_CHECK(cli::WriteText(folder_.path() / "release.csv",
                             cli::ReleaseText(release_, cli::Format::kCsv)));
    EQN_CHECK(cli::WriteText(cli::DictionaryPath(folder_.path() / "release.csv"),
                             DataDictionary(release_)));
    EQN_CHECK(cli::WriteText(
        folder_.path() / "release.html",
        ReleasePage(release_, cli::TimeText(release_.released_at(), release_.has_released_at()))));
    EQN_CHECK(cli::WriteText(folder_.path() / "release.json",
                             cli::ReleaseText(release_, cli::Format::kJson)));
    if (options_.format == cli::Format::kJson) {
      json_["release"] = cli::ReleaseJson(release_);
      return Ok();
    }
    EQN_CHECK(cli::Print(cli::ReleaseText(release_, options_.format)));
    return Ok();
  }

  void StayUp() {
    cli::Say("\nThe network runs on until Ctrl-C. Try, in another terminal:");
    cli::Say("  equinode --context " + network_->context(network_->node(kPayer)).string() +
             " hub show " + std::string(kDemoReport));
    cli::Say("  equinode --context " + network_->context(network_->node(0)).string() + " status");
    while (!cli::Interrupted() && network_->CheckAlive().ok()) {
      std::this_thread::sleep_for(Millis{100});
    }
  }

  // A private folder.
  static Status MakeFolder(const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (!error) return Ok();
    return Error{Code::kInternal, "CANNOT_WRITE",
                 "cannot make " + path.string() + ": " + error.message()};
  }

  const DemoOptions& options_;
  PrivateFolder folder_{};
  std::optional<Network> network_{};  // After folder_: its processes end before the folder goes.
  std::optional<Care> care_{};
  fs::path data_{};
  GenerateReport made_{};
  SampleData sample_{};
  v1::Release release_{};
  Json json_ = Json::object();
  Json steps_ = Json::array();
};

}  // namespace

Result<int> RunDemo(const DemoOptions& options) { return Demo(options).Run(); }

}  // namespace equinode::demo
