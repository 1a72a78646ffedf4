#include "client/import/file_list.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace equinode {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMaxFiles = 1'000'000;

bool IsTable(const fs::path& path) {
  const fs::path plain = path.extension() == ".gz" ? path.stem() : path;
  return plain.extension() == ".csv" || plain.extension() == ".tsv";
}

Error NoSuchPath(const fs::path& path, const std::string& why) {
  return Error{Code::kNotFound, "NO_SUCH_PATH",
               "cannot read " + path.string() + " (" + why + "); name a file or a folder"};
}

Status AddFile(const fs::path& path, std::vector<FoundFile>& out) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return NoSuchPath(path, std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) return NoSuchPath(path, "not a plain file");
  if (out.size() == kMaxFiles) {
    return Error{Code::kFailedPrecondition, "TOO_MANY_FILES",
                 "there are over 1,000,000 files; import them folder by folder, or as NDJSON"};
  }
  std::error_code error;
  FoundFile file;
  file.path = path;
  file.size = static_cast<std::uint64_t>(facts.st_size);
  file.stamp = fs::weakly_canonical(path, error).string() + "\n" + std::to_string(file.size) +
               "\n" + std::to_string(facts.st_mtim.tv_sec) + "." +
               std::to_string(facts.st_mtim.tv_nsec);
  out.push_back(std::move(file));
  return Ok();
}

Status AddFolder(const fs::path& folder, std::vector<FoundFile>& out) {
  std::error_code error;
  std::vector<fs::path> found;
  fs::recursive_directory_iterator at(folder, error);
  while (!error && at != fs::recursive_directory_iterator()) {
    const std::string name = at->path().filename().string();
    const bool hidden = !name.empty() && name[0] == '.';
    const bool link = at->is_symlink(error);
    if (hidden || link) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file(error)) {
      found.push_back(at->path());
    }
    at.increment(error);
  }
  if (error) return NoSuchPath(folder, error.message());
  std::sort(found.begin(), found.end());
  for (const fs::path& path : found) EQN_CHECK(AddFile(path, out));
  return Ok();
}

}  // namespace

Result<std::vector<FoundFile>> FindFiles(const std::vector<fs::path>& paths) {
  std::vector<FoundFile> files;
  for (const fs::path& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      EQN_CHECK(AddFolder(path, files));
    } else {
      EQN_CHECK(AddFile(path, files));
    }
  }
  std::stable_partition(files.begin(), files.end(),
                        [](const FoundFile& file) { return !IsTable(file.path); });
  return files;
}

}  // namespace equinode
