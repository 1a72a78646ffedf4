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

struct Node {
  NodePlan plan{};
  std::filesystem::path folder{};
  std::string address{};
  Child process{};
  std::unique_ptr<cli::Session> session{};

  std::filesystem::path log() const { return folder / "log"; }
};

class Network {
 public:
  // `root` is a private folder.
  explicit Network(std::filesystem::path root) : root_(std::move(root)) {}

  // The authority, certificates of nodes and of one operator each.
  Status MakeCertificates();
  // equinoded init and run for each; returns when all are ready.
  Status Start();
  // Peers and sharing rules.
  Status Enrol();
  // True when every process went in good order. Safe to call twice.
  bool Stop();

  // FAILED_PRECONDITION / NODE_ENDED with the last lines of its log, when a process that was
  // started is gone.
  Status CheckAlive();

  std::vector<Node>& nodes() { return nodes_; }
  Node& node(std::size_t i) { return nodes_[i]; }
  std::filesystem::path context(const Node& node) const {
    return root_ / "contexts" / (node.plan.organisation + ".toml");
  }

 private:
  Status InitNode(Node& node, const std::string& program);
  static Status KeepPort(const Node& node);
  Status WaitReady(Node& node, std::chrono::steady_clock::time_point end);
  Status AddPeer(Node& at, const Node& peer, bool dial, const Node* relay);
  Status Share(Node& at, const Node& peer, bool records, bool counts);

  std::filesystem::path root_;
  std::vector<Node> nodes_{};
  bool started_ = false;  // All processes.
};

}  // namespace equinode::demo
