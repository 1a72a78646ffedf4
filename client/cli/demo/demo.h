// equinode demo: a whole network on this machine, from certificates to a released report.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "client/cli/sheet.h"

namespace equinode::demo {

struct DemoOptions {
  std::filesystem::path data{};     // Empty = generate.
  std::filesystem::path profile{};  // For `data`.
  std::filesystem::path keep{};     // Empty = a temporary folder, taken away at the end.
  bool once = false;                // With `keep`: do not go on running afterwards.
  std::uint64_t people = 6000;
  std::uint64_t seed = 1;
  cli::Format format = cli::Format::kTable;
};

// The exit code. Leaves no process behind, whatever it returns.
Result<int> RunDemo(const DemoOptions& options);

}  // namespace equinode::demo
