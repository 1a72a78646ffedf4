// Envelopes without effect, in both directions, and those in quarantine, for an operator.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "domain/exchange/envelope.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct DeadLetter {
  std::int64_t row = 0;
  Uuid id{};
  std::string peer{};
  bool outgoing = false;
  exchange::Lane lane = exchange::Lane::kControl;
  std::uint64_t number = 0;
  std::optional<exchange::PayloadKind> kind{};
  std::string reason{};
  Instant at{};
  std::string resolved{};      // "", RETRIED or DISCARDED.
  bool quarantined = false;    // Bytes that lie: kept as evidence, never applied.
  Bytes digest{};              // Of the content; empty when it was never opened.
  std::int64_t first_row = 0;  // Rows of the record log that it was made of, or 0.
  std::int64_t last_row = 0;
  Bytes payload{};
  Bytes sealed{};
};

class DeadLetterStore {
 public:
  // Letters of one peer that may wait for an operator. Of quarantined ones only so many are kept:
  // they tell the same, and whoever makes them must not fill the disk.
  static constexpr std::size_t kMostQuarantined = 100;
  // Incoming letters of one peer that are kept with their payload; the others are only told.
  static constexpr std::size_t kMostWhole = 200;

  // False when it is there already, or too many are.
  static Result<bool> Add(Tx& tx, const DeadLetter& letter);
  // Newest first, those before row `before` (0 = from the newest), without payload and bytes.
  static Result<std::vector<DeadLetter>> List(ReadTx& tx, std::int64_t before, std::size_t most);
  // The whole letter with that envelope's id, an unresolved one where there are several.
  static Result<std::optional<DeadLetter>> Find(ReadTx& tx, const Uuid& id);
  // Says what became of it and drops its bytes.
  static Status Resolve(Tx& tx, std::int64_t row, std::string_view how);
  static Result<std::uint64_t> CountOpen(ReadTx& tx);
};

}  // namespace equinode
