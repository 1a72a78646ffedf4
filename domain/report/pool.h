// The hub's table: the answers of many nodes as one.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "domain/report/answer.h"

namespace equinode {

struct PooledValue {
  ShownValue value{};           // The sum; exact only where every answering node showed its part.
  std::uint64_t shown_sum = 0;  // The sum over the nodes that showed theirs.
  std::uint32_t nodes_hidden = 0;  // Nodes that hid theirs or withheld the table.
  friend bool operator==(const PooledValue&, const PooledValue&) = default;
};

struct PooledCell {
  std::string stratum{};  // "" = the total.
  PooledValue denominator{};
  PooledValue numerator{};
  friend bool operator==(const PooledCell&, const PooledCell&) = default;
};

struct PooledTable {
  std::string table_id{};
  std::string measure{};
  Stratifier stratifier = Stratifier::kRaceOmb1997;
  std::vector<PooledCell> cells{};  // Sorted by stratum, the total last.
  std::uint32_t nodes_withheld = 0;
  friend bool operator==(const PooledTable&, const PooledTable&) = default;
};

// A node that refused to answer, or whose answer was refused.
struct RefusedNode {
  std::string node{};
  std::string reason{};
  std::string message{};
  friend bool operator==(const RefusedNode&, const RefusedNode&) = default;
};

// A numbered, immutable result of one collection.
struct HubRelease {
  std::string definition_name{};
  std::uint32_t definition_version = 1;
  std::string title{};
  std::chrono::sys_days period_start{};
  std::chrono::sys_days period_end{};  // The last day.
  std::uint32_t number = 1;
  Instant released_at{};
  std::vector<PooledTable> tables{};
  std::vector<std::string> answered{};  // URIs, sorted.
  std::vector<std::string> silent{};
  std::vector<RefusedNode> refused{};
  std::vector<std::string> relays{};  // QHIOs without records of their own: nothing is missing.
  std::string note{};
  friend bool operator==(const HubRelease&, const HubRelease&) = default;
};

// Every release says this until records are linked.
inline constexpr std::string_view kPooledNote =
    "a person with records at two practices is counted at both: records are not linked yet";

// Pools answers that passed CheckAnswer, whatever their order. A stratum that an answer does not
// name is zero there. No answers: no tables.
std::vector<PooledTable> Pool(const ReportDefinition& definition,
                              std::span<const NodeAnswer> answers);

}  // namespace equinode
