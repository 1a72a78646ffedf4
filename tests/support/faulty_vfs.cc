#include "tests/support/faulty_vfs.h"

#include <sqlcipher/sqlite3.h>

#include <cstring>
#include <fstream>
#include <new>
#include <thread>

namespace equinode::testing {

// What SQLite sees as the file; the system's own file lies behind it in memory.
struct FaultyFile {
  sqlite3_file base;
  FaultyVfs* vfs;
  const char* path;  // Owned by SQLite, lives as long as the file is open.
  sqlite3_file* real;

  static FaultyFile* Of(sqlite3_file* file) { return reinterpret_cast<FaultyFile*>(file); }
  static int Close(sqlite3_file* file) {
    FaultyFile* self = Of(file);
    return self->real->pMethods != nullptr ? self->real->pMethods->xClose(self->real) : SQLITE_OK;
  }
  static int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 at) {
    FaultyFile* self = Of(file);
    if (self->vfs->read_fault_.Hits()) return SQLITE_IOERR_READ;
    return self->real->pMethods->xRead(self->real, out, size, at);
  }
  static int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
    FaultyFile* self = Of(file);
    ++self->vfs->writes_;
    if (self->vfs->full_) return SQLITE_FULL;
    if (self->vfs->write_fault_.Hits()) {
      // A short write: half of it is there.
      (void)self->real->pMethods->xWrite(self->real, data, size / 2, at);
      return SQLITE_IOERR_WRITE;
    }
    return self->real->pMethods->xWrite(self->real, data, size, at);
  }
  static int Truncate(sqlite3_file* file, sqlite3_int64 size) {
    FaultyFile* self = Of(file);
    ++self->vfs->writes_;
    if (self->vfs->write_fault_.Hits()) return SQLITE_IOERR_TRUNCATE;
    return self->real->pMethods->xTruncate(self->real, size);
  }
  static int Sync(sqlite3_file* file, int flags) {
    FaultyFile* self = Of(file);
    ++self->vfs->syncs_;
    const std::int64_t delay = self->vfs->sync_delay_ms_.load();
    if (delay > 0) std::this_thread::sleep_for(std::chrono::milliseconds(delay));
    if (self->vfs->sync_fault_.Hits()) return SQLITE_IOERR_FSYNC;
    const int code = self->real->pMethods->xSync(self->real, flags);
    if (code == SQLITE_OK && self->vfs->remember_ && self->path != nullptr) Remember(*self);
    return code;
  }
  static void Remember(FaultyFile& self) {
    sqlite3_int64 size = 0;
    (void)self.real->pMethods->xFileSize(self.real, &size);
    std::vector<char> content(static_cast<std::size_t>(size));
    if (size > 0) {
      (void)self.real->pMethods->xRead(self.real, content.data(), static_cast<int>(size), 0);
    }
    const std::lock_guard lock(self.vfs->mutex_);
    self.vfs->synced_[std::filesystem::path(self.path).filename().string()] = std::move(content);
  }
  static int Delete(sqlite3_vfs* vfs, const char* path, int sync) {
    auto* self = static_cast<FaultyVfs*>(vfs->pAppData);
    sqlite3_vfs* real = sqlite3_vfs_find("unix");
    const int code = real->xDelete(real, path, sync);
    if (code == SQLITE_OK) {
      const std::lock_guard lock(self->mutex_);
      self->synced_.erase(std::filesystem::path(path).filename().string());
    }
    return code;
  }
  static int FileSize(sqlite3_file* file, sqlite3_int64* size) {
    return Of(file)->real->pMethods->xFileSize(Of(file)->real, size);
  }
  static int Lock(sqlite3_file* file, int level) {
    return Of(file)->real->pMethods->xLock(Of(file)->real, level);
  }
  static int Unlock(sqlite3_file* file, int level) {
    return Of(file)->real->pMethods->xUnlock(Of(file)->real, level);
  }
  static int CheckLock(sqlite3_file* file, int* held) {
    return Of(file)->real->pMethods->xCheckReservedLock(Of(file)->real, held);
  }
  static int Control(sqlite3_file* file, int op, void* arg) {
    return Of(file)->real->pMethods->xFileControl(Of(file)->real, op, arg);
  }
  static int SectorSize(sqlite3_file* file) {
    return Of(file)->real->pMethods->xSectorSize(Of(file)->real);
  }
  static int Traits(sqlite3_file* file) {
    return Of(file)->real->pMethods->xDeviceCharacteristics(Of(file)->real);
  }
  static int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    return Of(file)->real->pMethods->xShmMap(Of(file)->real, page, size, extend, out);
  }
  static int ShmLock(sqlite3_file* file, int offset, int n, int flags) {
    return Of(file)->real->pMethods->xShmLock(Of(file)->real, offset, n, flags);
  }
  static void ShmBarrier(sqlite3_file* file) {
    Of(file)->real->pMethods->xShmBarrier(Of(file)->real);
  }
  static int ShmUnmap(sqlite3_file* file, int remove) {
    return Of(file)->real->pMethods->xShmUnmap(Of(file)->real, remove);
  }
};

struct FaultyVfsTable {
  sqlite3_vfs vfs{};
  sqlite3_vfs* real = nullptr;

  static constexpr sqlite3_io_methods kMethods = {
      2,
      FaultyFile::Close,
      FaultyFile::Read,
      FaultyFile::Write,
      FaultyFile::Truncate,
      FaultyFile::Sync,
      FaultyFile::FileSize,
      FaultyFile::Lock,
      FaultyFile::Unlock,
      FaultyFile::CheckLock,
      FaultyFile::Control,
      FaultyFile::SectorSize,
      FaultyFile::Traits,
      FaultyFile::ShmMap,
      FaultyFile::ShmLock,
      FaultyFile::ShmBarrier,
      FaultyFile::ShmUnmap,
      nullptr,
      nullptr,
  };

  static int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    auto* self = FaultyFile::Of(file);
    auto* real = static_cast<sqlite3_vfs*>(sqlite3_vfs_find("unix"));
    self->vfs = static_cast<FaultyVfs*>(vfs->pAppData);
    self->path = name;
    self->real = reinterpret_cast<sqlite3_file*>(self + 1);
    std::memset(self->real, 0, static_cast<std::size_t>(real->szOsFile));
    const int code = real->xOpen(real, name, self->real, flags, out);
    self->base.pMethods = code == SQLITE_OK ? &kMethods : nullptr;
    return code;
  }
};

FaultyVfs::FaultyVfs(std::string name) : name_(std::move(name)), table_(new FaultyVfsTable) {
  (void)sqlite3_initialize();
  sqlite3_vfs* real = sqlite3_vfs_find("unix");
  table_->real = real;
  table_->vfs = *real;
  table_->vfs.szOsFile = static_cast<int>(sizeof(FaultyFile)) + real->szOsFile;
  table_->vfs.zName = name_.c_str();
  table_->vfs.pNext = nullptr;
  table_->vfs.pAppData = this;
  table_->vfs.xOpen = FaultyVfsTable::Open;
  // The other calls get the system's table, whose private data is not ours to hand over.
  table_->vfs.xDelete = FaultyFile::Delete;
  table_->vfs.xAccess = [](sqlite3_vfs*, const char* path, int flags, int* out) {
    sqlite3_vfs* unix = sqlite3_vfs_find("unix");
    return unix->xAccess(unix, path, flags, out);
  };
  table_->vfs.xFullPathname = [](sqlite3_vfs*, const char* path, int size, char* out) {
    sqlite3_vfs* unix = sqlite3_vfs_find("unix");
    return unix->xFullPathname(unix, path, size, out);
  };
  (void)sqlite3_vfs_register(&table_->vfs, 0);
}

FaultyVfs::~FaultyVfs() { (void)sqlite3_vfs_unregister(&table_->vfs); }

void FaultyVfs::FailWrite(std::int64_t n, std::int64_t times) {
  write_fault_.times = n > 0 ? times : 0;
  write_fault_.after = n;
}

void FaultyVfs::FailSync(std::int64_t n, std::int64_t times) {
  sync_fault_.times = n > 0 ? times : 0;
  sync_fault_.after = n;
}

void FaultyVfs::FailRead(std::int64_t n, std::int64_t times) {
  read_fault_.times = n > 0 ? times : 0;
  read_fault_.after = n;
}

bool FaultyVfs::Fault::Hits() {
  if (times <= 0) return false;
  if (after > 1) {
    --after;
    return false;
  }
  --times;
  return true;
}

void FaultyVfs::CutPowerInto(const std::filesystem::path& folder) const {
  const std::lock_guard lock(mutex_);
  std::filesystem::create_directories(folder);
  for (const auto& [name, content] : synced_) {
    std::ofstream out(folder / name, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
  }
}

}  // namespace equinode::testing
