// The node's configuration file (TOML), parsed into one struct: docs/operations.md lists the keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "server/custody/custody.h"

namespace equinode {

// [limits]. What arrives is bounded before it is read (THREATS R7).
struct LimitsConfig {
  std::uint32_t connections = 2048;
  std::uint32_t connections_per_address = 128;
  std::uint32_t streams_per_connection = 100;
  std::uint32_t calls_per_second = 1000;  // Of one caller, by its URI.
  std::uint32_t calls_burst = 2000;
  std::uint32_t calls_at_once = 128;
  std::uint32_t streams_at_once = 16;
  std::uint32_t workers = 32;
  std::uint32_t waiting_calls = 256;  // That wait for a worker.
  Millis drain = std::chrono::seconds{10};
  friend bool operator==(const LimitsConfig&, const LimitsConfig&) = default;
};

// [store]
struct StoreConfig {
  std::uint32_t cache_mib = 64;  // Of the writer; each reader has an eighth of it.
  std::uint32_t readers = 8;
  friend bool operator==(const StoreConfig&, const StoreConfig&) = default;
};

// [relay], for a QHIO's node: what it keeps for others.
struct RelayConfig {
  std::uint32_t store_mib = 4096;
  std::uint32_t store_mib_per_link = 512;
  friend bool operator==(const RelayConfig&, const RelayConfig&) = default;
};

struct NodeConfig {
  std::filesystem::path data{};
  std::string listen = "127.0.0.1:8440";  // host:port; port 0 lets the system choose.
  std::filesystem::path
      address_file{};  // Where the node writes host:port when it listens, or empty.
  std::filesystem::path certificates{};  // Folder with node.pem, node.key and older pairs.
  std::filesystem::path trust{};         // ca.pem; by default the one in `certificates`.
  std::filesystem::path revocations{};   // A CRL to watch, or empty.
  std::filesystem::path audit_anchor{};  // Never inside `data`.
  KeyCustody key{};
  LimitsConfig limits{};
  StoreConfig store{};
  RelayConfig relay{};
  LogLevel log_level = LogLevel::kInfo;
};

// Relative paths are taken from `folder`, where the file lies. Looks at no file. INVALID_ARGUMENT /
// BAD_CONFIG with "line N: ..." for anything that is not TOML, unknown, missing, of another type,
// out of range or in contradiction; unknown keys are refused, since a misspelt limit is no limit.
Result<NodeConfig> ParseNodeConfig(std::string_view text, const std::filesystem::path& folder);

// Reads the file, at most 1 MiB. FAILED_PRECONDITION / NO_CONFIG when it cannot be read.
Result<NodeConfig> LoadNodeConfig(const std::filesystem::path& file);

// What ParseNodeConfig reads as `config`, with a comment for each key: what `equinoded init`
// writes.
std::string ConfigText(const NodeConfig& config);

}  // namespace equinode
