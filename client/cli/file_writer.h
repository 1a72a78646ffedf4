// A file that is written piece by piece.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace equinode::cli {

// Mode 0600; it is there under its name when Commit() is OK, and not
// at all otherwise. One thread.
class FileWriter {
 public:
  // INTERNAL / CANNOT_WRITE, also of the calls below.
  static Result<FileWriter> Open(const std::filesystem::path& path);
  ~FileWriter();
  FileWriter(FileWriter&& other) noexcept;
  FileWriter& operator=(FileWriter&&) = delete;

  Status Append(std::string_view text);
  Status Commit();

 private:
  FileWriter() = default;
  std::filesystem::path path_{};
  std::filesystem::path next_{};  // Empty: nothing is to be taken away.
  int fd_ = -1;
};

}  // namespace equinode::cli
