// The suppression cases of the reference folder, found by pattern when the test runs.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace equinode::privacy {

inline std::filesystem::path PrivacyReference() {
  const char* from = std::getenv("EQUINODE_REFERENCE_DIR");
  return std::filesystem::path(from != nullptr ? from : "../shared/reference") / "privacy";
}

inline std::vector<std::filesystem::path> CaseFiles() {
  const std::filesystem::path folder = PrivacyReference();
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::is_directory(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("suppression") && name.ends_with(".json")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

inline std::string TextOf(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace equinode::privacy
