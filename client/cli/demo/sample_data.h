// Data of somebody else's for the demo's three practices: people go by a hash of their id, and who
// has no Coverage at all is attributed to the demo's payer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "client/channel/channel.h"
#include "client/import/importer.h"

namespace equinode::demo {

// What is in the files, found by reading them once.
struct SampleData {
  std::vector<std::filesystem::path> paths{};
  SourceProfile profile{};
  ImportReport report{};                                   // Of the reading.
  std::vector<std::string> uncovered{};                    // source ids of people without Coverage.
  std::unordered_map<std::string, std::string> aliases{};  // "mrn:..." -> source id.
  std::uint64_t people = 0;
};

// Refused lines go to `rejected`.
Result<SampleData> ReadSampleData(const std::filesystem::path& path, const SourceProfile& profile,
                                  const std::filesystem::path& rejected);

// The practice, from 0, of a person by source id.
std::size_t PracticeOf(std::string_view person, std::size_t practices);

struct ShareReport {
  std::uint64_t people = 0;
  std::uint64_t attributed = 0;
  std::uint64_t refused = 0;  // By the node.
};
// Imports the share of one practice through its node.
Result<ShareReport> ImportShare(Channel& channel, const SampleData& data, std::size_t practice,
                                std::size_t practices, const std::string& payer_uri);

}  // namespace equinode::demo
