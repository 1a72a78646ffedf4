// The exact laws and conversions of the reference folder (privacy/dp_*.json), every file of them.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace equinode::noise {

inline std::vector<nlohmann::json> ReferenceFiles() {
  const char* from = std::getenv("EQUINODE_REFERENCE_DIR");
  const std::filesystem::path folder =
      std::filesystem::path(from != nullptr ? from : "../shared/reference") / "privacy";
  std::vector<std::filesystem::path> paths;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("dp_") && name.ends_with(".json")) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<nlohmann::json> files;
  for (const auto& path : paths) {
    std::ifstream file(path);
    files.push_back(nlohmann::json::parse(file));
    files.back()["file"] = path.filename().string();
  }
  return files;
}

// Parts of a file by name over all files; the keys that no test reads make a test fail.
inline std::vector<nlohmann::json> ReferenceCases(const std::string& kind) {
  std::vector<nlohmann::json> cases;
  for (const auto& file : ReferenceFiles()) {
    if (!file.contains(kind)) continue;
    for (const auto& one : file[kind]) cases.push_back(one);
  }
  return cases;
}

inline bool LongForm() { return std::getenv("EQUINODE_LONG") != nullptr; }

}  // namespace equinode::noise
