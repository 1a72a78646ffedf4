// The nodes of the demo: their folders, certificates, processes, and how to speak to each.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "client/cli/demo/child.h"
#include "client/cli/session.h"

namespace equinode::demo {

inline constexpr std::string_view kNetwork = "demo.test";

struct NodePlan {
  std::string role{};  // practice, qhio, payer, cbo
  std::string organisation{};
  bool behind_relay = false;  // Dials out only.
  std::string uri() const {
    return "spiffe://" + std::string(kNetwork) + "/" + role + "/" + organisation;
  }
};

// Three practices, the QHIO, the payer and the CBO, in this order.
const std::vector<NodePlan>& Plans();
inline constexpr std::size_t kPractices = 3;
inline constexpr std::size_t kQhio = 3;
inline constexpr std::size_t kPayer = 4;
inline constexpr std::size_t kCbo = 5;

// A community organisation without a node: its staff work on the QHIO's under operator certificates
// of their own organisation.
inline constexpr std::string_view kHostedOrganisation = "table-of-plenty";
std::string HostedUri();

struct Node {
  NodePlan plan{};
  std::filesystem::path folder{};
  std::string address{};
  Child process{};
  bool paused = false;
  std::unique_ptr<cli::Session> session{};

  std::filesystem::path log() const { return folder / "log"; }
};

class Network {
 public:
  // `root` is a private folder.
  explicit Network(std::filesystem::path root) : root_(std::move(root)) {}

  // The authority, certificates of nodes and of one operator each, and of one operator of the
  // hosted organisation.
  Status MakeCertificates();
  // equinoded init and run for each; returns when all are ready.
  Status Start();
  // Peers and sharing rules.
  Status Enrol();
  // One node is down for a while; Resume returns when it is ready again.
  Status Pause(std::size_t i);
  Status Resume(std::size_t i);
  // True when every process went in good order. Safe to call twice.
  bool Stop();

  // FAILED_PRECONDITION / NODE_ENDED with the last lines of its log, when a process that was
  // started is gone.
  Status CheckAlive();

  std::vector<Node>& nodes() { return nodes_; }
  Node& node(std::size_t i) { return nodes_[i]; }
  // Somebody of the hosted organisation, at the QHIO's node. Once started.
  cli::Session& hosted() { return *hosted_; }
  std::filesystem::path context(const Node& node) const {
    return root_ / "contexts" / (node.plan.organisation + ".toml");
  }

 private:
  Status InitNode(Node& node, const std::string& program);
  Status Run(Node& node, const std::string& program);
  Status OpenHosted();
  Status WriteContext(const std::string& name, const cli::NodeOptions& options,
                      const std::string& node_uri);
  static Status KeepPort(const Node& node);
  Status WaitReady(Node& node, std::chrono::steady_clock::time_point end);
  Status AddPeer(Node& at, const Node& peer, bool dial, const Node* relay);
  Status Share(Node& at, const Node& peer, bool records, bool counts);

  std::filesystem::path root_;
  std::vector<Node> nodes_{};
  std::unique_ptr<cli::Session> hosted_{};
  bool started_ = false;  // All processes.
};

}  // namespace equinode::demo
