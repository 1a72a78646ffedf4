// The folder that holds a node's data: whose it is, who has it open, what kind of file lies there.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace equinode {

// Holds the folder for this process until dropped; a killed process lets go by itself.
class FolderLock {
 public:
  // FAILED_PRECONDITION / FOLDER_IN_USE when another process (or another Database) has it.
  static Result<FolderLock> Take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

// Makes the folder if need be; nobody but the owner may enter (0700).
Status PrepareFolder(const std::filesystem::path& folder);

// Refuses a database in clear (DATABASE_IN_CLEAR) and a file that cannot be one of ours
// (NOT_A_DATABASE), by its length and first page, without changing anything. An absent or empty
// file is fine: it is about to be made.
Status CheckDatabaseFile(const std::filesystem::path& file);

// FAILED_PRECONDITION / NO_DATABASE when there is none, or an empty file: what was kept is gone,
// and a new database in its place would pass for it.
Status RequireDatabaseFile(const std::filesystem::path& file);

// Makes an empty file of mode 0600, or gives an existing one that mode.
Status PrepareFile(const std::filesystem::path& file);

}  // namespace equinode
