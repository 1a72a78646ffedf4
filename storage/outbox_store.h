// Payloads that wait to be sealed for a peer. Record batches are not here: the record log itself is
// their queue, read by a position for each sharing rule. (A batch that has to go again is.)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "domain/exchange/envelope.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct QueuedPayload {
  std::int64_t row = 0;
  exchange::PayloadKind kind = exchange::PayloadKind::kRecordBatch;
  Bytes payload{};
};

struct LanePayload {
  exchange::Lane lane = exchange::Lane::kControl;
  QueuedPayload queued{};
};

// How far the record log has gone out on one lane to one peer.
struct RecordFeed {
  std::int64_t rule_version = 0;
  std::int64_t position = 0;
  friend bool operator==(const RecordFeed&, const RecordFeed&) = default;
};

class OutboxStore {
 public:
  // Queues `payload` for `to` inside the transaction of the change that it tells. It gets its
  // number, and is sealed, when it is about to be sent.
  static Status Queue(Tx& tx, std::string_view to, exchange::Lane lane, exchange::PayloadKind kind,
                      ByteView payload, Instant now);

  // Takes back a payload that was queued with these bytes. True when it still waited.
  static Result<bool> TakeBack(Tx& tx, std::string_view to, exchange::PayloadKind kind,
                               ByteView payload);

  // The oldest that wait, at most `most`.
  static Result<std::vector<QueuedPayload>> Waiting(ReadTx& tx, std::string_view to,
                                                    exchange::Lane lane, std::size_t most);
  // True when it still waited.
  static Result<bool> Take(Tx& tx, std::int64_t row);
  // Whether a payload of that kind waits.
  static Result<bool> Holds(ReadTx& tx, std::string_view to, exchange::Lane lane,
                            exchange::PayloadKind kind);
  static Result<std::uint64_t> Count(ReadTx& tx, std::string_view to, exchange::Lane lane);
  // Peers for whom anything waits.
  static Result<std::vector<std::string>> Peers(ReadTx& tx);

  // Takes all that waits for `to`, oldest first on each lane.
  static Result<std::vector<LanePayload>> TakeAll(Tx& tx, std::string_view to);

  // Zeros while none was kept.
  static Result<RecordFeed> Feed(ReadTx& tx, std::string_view peer, exchange::Lane lane);
  static Status SetFeed(Tx& tx, std::string_view peer, exchange::Lane lane, const RecordFeed& feed);
  // The log goes out to the peer from the beginning again, as its rule says.
  static Status ForgetFeed(Tx& tx, std::string_view peer);
};

}  // namespace equinode
