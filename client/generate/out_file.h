// One file that is written in large pieces.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"

namespace equinode::made {

class OutFile {
 public:
  static Result<OutFile> Create(const std::filesystem::path& path) {
    OutFile file;
    file.path_ = path;
    file.file_.reset(std::fopen(path.c_str(), "wbx"));
    if (file.file_ == nullptr) return file.Failed();
    return file;
  }

  std::string& text() { return text_; }  // What waits to be written; append to it.
  // After each line.
  Status MayFlush() { return text_.size() < kPiece ? Ok() : Flush(); }
  Status Flush() {
    if (std::fwrite(text_.data(), 1, text_.size(), file_.get()) != text_.size()) return Failed();
    bytes_ += text_.size();
    text_.clear();
    return Ok();
  }
  Status Close() {
    EQN_CHECK(Flush());
    if (std::fclose(file_.release()) != 0) return Failed();
    return Ok();
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kPiece = 1 << 20;
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  Error Failed() const {
    return Error{Code::kInternal, "CANNOT_WRITE",
                 "cannot write " + path_.string() + ": " + std::strerror(errno)};
  }
  std::filesystem::path path_{};
  std::unique_ptr<std::FILE, CloseFile> file_{};
  std::string text_{};
  std::uint64_t bytes_ = 0;
};

}  // namespace equinode::made
