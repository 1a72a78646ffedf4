// The records of this node and the counts over them, in step: what is in the store is in the index
// and, once its transaction is durable, in the population.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "client/convert/record_batch.h"
#include "domain/counts/population.h"
#include "domain/people/record.h"
#include "storage/sqlite/database.h"

namespace equinode {

enum class PutOutcome : std::uint8_t { kCreated, kChanged, kUnchanged, kOlder };

// A record that was read and judged, ready for its transaction.
class PreparedRecord;

// Thread-safe, Put excepted: that runs inside a Database::Write body.
class RecordKeeper {
 public:
  // `self` is this node's URI. Does not load anything yet.
  RecordKeeper(Database& database, const Clock& clock, Log& log, std::string self);
  ~RecordKeeper();

  // Brings index and population to where the store is: the newest snapshot, then the rows after
  // it. Puts fail with UNAVAILABLE / NOT_READY before that. `progress` may be null.
  Status Load(const std::function<void(std::uint64_t done, std::uint64_t all)>& progress);
  bool ready() const;

  // Reads the body outside of any transaction. INVALID_ARGUMENT with BAD_RECORD and its like. For a
  // record of our own: origin is `self`, version 0 and no time, which Put then gives.
  Result<std::shared_ptr<const PreparedRecord>> Prepare(const RecordView& record) const;
  // The version takes effect when it is newer than what is there. Equal content is kUnchanged and
  // writes nothing. The body must not be undone partly: one error undoes the whole transaction.
  Result<PutOutcome> Put(Tx& tx, const std::shared_ptr<const PreparedRecord>& record);

  // UNAVAILABLE / NOT_READY while loading.
  Result<const Population*> population() const;

  // Writes a snapshot of index and population, for a quick start. At intervals and at shutdown.
  Status Snapshot();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace equinode
