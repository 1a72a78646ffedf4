// The audit log's head outside the database (THREATS R10): a small file that an older copy of the
// database cannot bring back with it. Put it on another disk, or where a backup does not go.
#pragma once

#include <filesystem>
#include <optional>

#include "base/result.h"
#include "domain/audit/entry.h"

namespace equinode {

// Two lines of 512 bytes, written in turn and in place, each with a checksum: a line torn by a
// power cut leaves the other, and no rename or folder entry has to be synced. A write is not
// synced; Sync is, and AuditLog calls it once a second and at the end. So after a power cut the
// anchor may be a second behind the log, which is fine, and it is never ahead of what was
// acknowledged.
//
// One thread at a time.
class AnchorFile {
 public:
  // The newest head in the file; nothing when there is no file. DATA_LOSS / AUDIT_ANCHOR_DAMAGED
  // when the file holds no good line. Changes nothing.
  static Result<std::optional<AuditHead>> Read(const std::filesystem::path& file);

  // Opens the file, or makes it (0600) with `head` in it, synced. FAILED_PRECONDITION /
  // CANNOT_OPEN_ANCHOR.
  static Result<AnchorFile> Open(const std::filesystem::path& file, const AuditHead& head);
  AnchorFile(AnchorFile&& other) noexcept;
  AnchorFile& operator=(AnchorFile&&) = delete;
  ~AnchorFile();

  // UNAVAILABLE / AUDIT_ANCHOR_FAILED when the disk refuses.
  Status Write(const AuditHead& head);
  Status Sync();

 private:
  AnchorFile(int fd, int slot) : fd_(fd), slot_(slot) {}
  int fd_;
  int slot_;  // Where the next head goes.
};

}  // namespace equinode
