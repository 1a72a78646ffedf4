#include "client/cli/demo/network.h"

#include <thread>
#include <utility>

#include "client/cli/files.h"
#include "client/cli/talk.h"
#include "equinode/v1/admin_service.pb.h"
#include "grpc/health/v1/health.pb.h"

namespace equinode::demo {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kOperator = "demo";
constexpr Millis kReadyWithin = std::chrono::seconds{60};
constexpr Millis kStopWithin = std::chrono::seconds{15};

Status MakeFolder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  if (!error) return Ok();
  return Error{Code::kInternal, "CANNOT_WRITE",
               "cannot make " + path.string() + ": " + error.message()};
}

Status Copy(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, to, error);
  if (!error) return Ok();
  return Error{Code::kInternal, "CANNOT_WRITE",
               "cannot write " + to.string() + ": " + error.message()};
}

}  // namespace

const std::vector<NodePlan>& Plans() {
  static const std::vector<NodePlan> plans = {
      {"practice", "elm-street", false},   {"practice", "harbor-clinic", true},
      {"practice", "valley-family", true}, {"qhio", "bay-exchange", false},
      {"payer", "sunrise", false},         {"cbo", "open-pantry", true}};
  return plans;
}

std::string HostedUri() { return NodePlan{"cbo", std::string(kHostedOrganisation)}.uri(); }

Status Network::MakeCertificates() {
  EQN_TRY(const fs::path certs, FindProgram("equinode-certs"));
  const fs::path ca = root_ / "ca";
  const fs::path log = root_ / "certs.log";
  const Millis wait = std::chrono::seconds{30};
  EQN_CHECK(RunProgram({certs, "ca", std::string(kNetwork), ca}, log, wait));
  for (const NodePlan& plan : Plans()) {
    Node node;
    node.plan = plan;
    node.folder = root_ / "nodes" / plan.organisation;
    EQN_CHECK(RunProgram({certs, "node", ca, plan.role, plan.organisation}, log, wait));
    EQN_CHECK(RunProgram(
        {certs, "operator", ca, plan.role, plan.organisation, std::string(kOperator)}, log, wait));
    const fs::path made = ca / plan.role / plan.organisation;
    const fs::path own = node.folder / "certificates";
    EQN_CHECK(MakeFolder(own));
    EQN_CHECK(Copy(made / "node.pem", own / "node.pem"));
    EQN_CHECK(Copy(made / "node.key", own / "node.key"));
    EQN_CHECK(Copy(ca / "ca.pem", own / "ca.pem"));
    nodes_.push_back(std::move(node));
  }
  return RunProgram(
      {certs, "operator", ca, "cbo", std::string(kHostedOrganisation), std::string(kOperator)}, log,
      wait);
}

Status Network::WriteContext(const std::string& name, const cli::NodeOptions& options,
                             const std::string& node_uri) {
  cli::Context context;
  context.node = options.node;
  context.node_uri = node_uri;
  EQN_CHECK(cli::FindIdentity(options.identity, &context));
  return cli::WriteText(root_ / "contexts" / (name + ".toml"), cli::ContextText(context), 0600);
}

Status Network::InitNode(Node& node, const std::string& program) {
  return RunProgram({program, "init", "--config", node.folder / "node.toml", "--data",
                     node.folder / "data", "--certificates", node.folder / "certificates",
                     "--listen", "127.0.0.1:0", "--address-file", node.folder / "address"},
                    node.log(), kReadyWithin);
}

// Peers and contexts hold the port that the system chose: the node comes back at the same.
Status Network::KeepPort(const Node& node) {
  const fs::path file = node.folder / "node.toml";
  EQN_TRY(std::string text, cli::ReadText(file, 1024 * 1024));
  constexpr std::string_view kAny = "listen = \"127.0.0.1:0\"";
  const std::size_t at = text.find(kAny);
  if (at == std::string::npos) return Ok();
  text.replace(at, kAny.size(), "listen = \"" + node.address + "\"");
  return cli::WriteText(file, text, 0600);
}

Status Network::WaitReady(Node& node, std::chrono::steady_clock::time_point end) {
  Error last{Code::kUnavailable, "NOT_READY", "it has not said where it listens"};
  while (std::chrono::steady_clock::now() < end && !cli::Interrupted()) {
    EQN_CHECK(CheckAlive());
    auto address = cli::ReadText(node.folder / "address", 256);
    if (address.ok() && !address->empty() && address->back() == '\n') {
      address->pop_back();
      node.address = *address;
      if (node.session == nullptr) EQN_CHECK(KeepPort(node));
      if (node.session == nullptr) {
        cli::NodeOptions options;
        options.node = node.address;
        options.identity = root_ / "ca" / node.plan.role / node.plan.organisation / "operator";
        EQN_TRY(cli::Session session, cli::Session::Open(options));
        node.session = std::make_unique<cli::Session>(std::move(session));
        EQN_CHECK(WriteContext(node.plan.organisation, options, node.plan.uri()));
      }
      using grpc::health::v1::HealthCheckResponse;
      const auto health = node.session->channel().Call<HealthCheckResponse>(
          "/grpc.health.v1.Health/Check", grpc::health::v1::HealthCheckRequest{},
          std::chrono::seconds{5});
      if (health.ok() && health->status() == HealthCheckResponse::SERVING) return Ok();
      if (!health.ok()) last = health.error();
    }
    std::this_thread::sleep_for(Millis{20});
  }
  return Error{last.code, last.reason,
               node.plan.organisation + " does not become ready: " + last.message + "\n" +
                   LastLines(node.log(), 5)};
}

Status Network::CheckAlive() {
  if (!started_) return Ok();
  for (Node& node : nodes_) {
    if (node.paused || node.process.running()) continue;
    return Error{
        Code::kFailedPrecondition, "NODE_ENDED",
        "the node of " + node.plan.organisation + " has ended:\n" + LastLines(node.log(), 5)};
  }
  return Ok();
}

Status Network::Start() {
  EQN_TRY(const fs::path program, FindProgram("equinoded"));
  EQN_CHECK(MakeFolder(root_ / "contexts"));
  for (Node& node : nodes_) EQN_CHECK(InitNode(node, program));
  for (Node& node : nodes_) EQN_CHECK(Run(node, program));
  started_ = true;
  const auto end = std::chrono::steady_clock::now() + kReadyWithin;
  for (Node& node : nodes_) EQN_CHECK(WaitReady(node, end));
  return OpenHosted();
}

Status Network::Run(Node& node, const std::string& program) {
  EQN_TRY(node.process,
          Child::Start({program, "run", "--config", node.folder / "node.toml"}, node.log()));
  return Ok();
}

Status Network::OpenHosted() {
  const Node& qhio = nodes_[kQhio];
  cli::NodeOptions options;
  options.node = qhio.address;
  options.node_uri = qhio.plan.uri();
  options.identity = root_ / "ca" / "cbo" / kHostedOrganisation / "operator";
  EQN_TRY(cli::Session session, cli::Session::Open(options));
  hosted_ = std::make_unique<cli::Session>(std::move(session));
  return WriteContext(std::string(kHostedOrganisation), options, options.node_uri);
}

Status Network::Pause(std::size_t i) {
  Node& node = nodes_[i];
  node.paused = true;
  if (node.process.Stop(kStopWithin)) return Ok();
  return Error{Code::kFailedPrecondition, "NODE_ENDED",
               "the node of " + node.plan.organisation + " did not stop in good order:\n" +
                   LastLines(node.log(), 5)};
}

Status Network::Resume(std::size_t i) {
  Node& node = nodes_[i];
  EQN_TRY(const fs::path program, FindProgram("equinoded"));
  std::error_code none;
  fs::remove(node.folder / "address", none);  // Ready is who has written it anew.
  node.session.reset();                       // Its connection is gone.
  EQN_CHECK(Run(node, program));
  node.paused = false;
  return WaitReady(node, std::chrono::steady_clock::now() + kReadyWithin);
}

Status Network::AddPeer(Node& at, const Node& peer, bool dial, const Node* relay) {
  v1::AddPeerRequest request;
  EQN_TRY(*request.mutable_certificate_pem(),
          cli::ReadText(peer.folder / "certificates" / "node.pem", 64 * 1024));
  if (dial) request.set_address(peer.address);
  if (relay != nullptr) request.set_relay(relay->plan.uri());
  request.set_take_over_renewals(true);
  request.set_request_id(cli::NewRequestId());
  EQN_CHECK(at.session->Call<v1::AddPeerResponse>("AdminService/AddPeer", request));
  return Ok();
}

Status Network::Share(Node& at, const Node& peer, bool records, bool counts) {
  v1::SetSharingRequest request;
  request.mutable_rule()->set_peer(peer.plan.uri());
  if (records) {
    for (const auto kind :
         {v1::RECORD_KIND_PERSON, v1::RECORD_KIND_COVERAGE, v1::RECORD_KIND_MEASURE_RESULT,
          v1::RECORD_KIND_ORGANIZATION, v1::RECORD_KIND_SCREENING, v1::RECORD_KIND_CONDITION,
          v1::RECORD_KIND_ENCOUNTER, v1::RECORD_KIND_NEED}) {
      request.mutable_rule()->add_kinds(kind);
    }
  }
  request.mutable_rule()->set_counts(counts);
  request.set_request_id(cli::NewRequestId());
  EQN_CHECK(at.session->Call<v1::SetSharingResponse>("AdminService/SetSharing", request));
  return Ok();
}

// Everybody deals with the QHIO. Who is behind the relay cannot be dialled: it dials the QHIO, and
// the others reach it by the QHIO. The payer and the practice with a port deal with each other
// directly.
Status Network::Enrol() {
  Node& qhio = nodes_[kQhio];
  Node& payer = nodes_[kPayer];
  for (Node& node : nodes_) {
    if (&node == &qhio) continue;
    EQN_CHECK(AddPeer(node, qhio, true, nullptr));
    EQN_CHECK(AddPeer(qhio, node, !node.plan.behind_relay, nullptr));
  }
  // A relay is enrolled before those whom it reaches.
  for (Node& node : nodes_) {
    if (node.plan.role != "practice") continue;
    const bool relayed = node.plan.behind_relay;
    EQN_CHECK(AddPeer(node, payer, !relayed, relayed ? &qhio : nullptr));
    EQN_CHECK(AddPeer(payer, node, !relayed, relayed ? &qhio : nullptr));
    EQN_CHECK(Share(node, qhio, true, false));
    EQN_CHECK(Share(node, payer, false, true));
  }
  return Ok();
}

bool Network::Stop() {
  started_ = false;
  hosted_.reset();
  for (Node& node : nodes_) {
    node.session.reset();
    node.process.AskToStop();
  }
  bool clean = true;
  for (Node& node : nodes_) clean = node.process.Stop(kStopWithin) && clean;
  return clean;
}

}  // namespace equinode::demo
