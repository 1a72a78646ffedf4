// Where everything of one demo is kept: 0700, gone at the end unless the user named it.
#pragma once

#include <stdlib.h>  // NOLINT: mkdtemp lives here

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace equinode::demo {

class PrivateFolder {
 public:
  ~PrivateFolder() {
    std::error_code error;
    if (temporary_ && !path_.empty()) std::filesystem::remove_all(path_, error);
  }
  Status Make(const std::filesystem::path& keep) {
    std::error_code error;
    if (!keep.empty()) {
      if (std::filesystem::exists(keep, error) && !std::filesystem::is_empty(keep, error)) {
        return Error{Code::kAlreadyExists, "OUT_NOT_EMPTY",
                     keep.string() + " is not empty; name a new folder"};
      }
      std::filesystem::create_directories(keep, error);
      if (!error) std::filesystem::permissions(keep, std::filesystem::perms::owner_all, error);
      if (!error) path_ = std::filesystem::canonical(keep, error);
      if (!error) return Ok();
      return Error{Code::kInternal, "CANNOT_WRITE",
                   "cannot make " + keep.string() + ": " + error.message()};
    }
    std::string name =
        (std::filesystem::temp_directory_path(error) / "equinode-demo-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      return Error{Code::kInternal, "CANNOT_WRITE",
                   "cannot make " + name + ": " + std::strerror(errno)};
    }
    path_ = name;
    temporary_ = true;
    return Ok();
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_{};
  bool temporary_ = false;
};

}  // namespace equinode::demo
