// A real encrypted database in a temporary folder.
#pragma once

#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "base/secret.h"
#include "storage/sqlite/database.h"
#include "tests/support/temp_folder.h"

namespace equinode::testing {

// 32 bytes, all `fill`.
Secret TestKey(std::uint8_t fill = 7);

// Opens on construction; a failure to open ends the test program, saying why.
class TestStore {
 public:
  explicit TestStore(OpenOptions options = {});

  Database& db() { return *db_; }
  const std::filesystem::path& folder() const { return folder_.path(); }
  ManualClock& clock() { return clock_; }
  // Closes and opens again.
  void Reopen();
  void Close() { db_.reset(); }

 private:
  TempFolder folder_{};
  ManualClock clock_{Instant{Millis{1'800'000'000'000}}};
  OpenOptions options_;
  std::unique_ptr<Database> db_{};
};

}  // namespace equinode::testing
