// The vector files of the reference folder, whichever there are.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace equinode::vdaf::vectors {

using Json = nlohmann::json;

struct File {
  std::string name{};  // As "official/Prio3Count_0.json".
  std::string stem{};  // As "Prio3Count_0".
  Json json{};
};

// Every file, of any name and type, in `folder` of the privacy reference, sorted by name. Empty
// when the reference folder is absent; a file that is no JSON throws and fails the test.
inline std::vector<File> Read(const std::string& folder) {
  const char* from = std::getenv("EQUINODE_REFERENCE_DIR");
  const std::filesystem::path root =
      std::filesystem::path(from != nullptr ? from : "../shared/reference") / "privacy";
  std::vector<File> files;
  if (!std::filesystem::is_directory(root / folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path());
    files.push_back({std::filesystem::relative(entry.path(), root / folder).string(),
                     entry.path().stem().string(), Json::parse(in)});
  }
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.name < b.name; });
  return files;
}

inline Bytes Hex(const Json& json) { return FromHex(json.get<std::string>()).value(); }

}  // namespace equinode::vdaf::vectors
