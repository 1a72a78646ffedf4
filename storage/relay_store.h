// Envelopes that this node keeps for others until they are collected, or too old.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/exchange/envelope.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct RelayLink {
  std::int64_t link = 0;  // 0 = not stored yet.
  std::string sender{};
  std::string recipient{};
  exchange::Lane lane = exchange::Lane::kControl;
  std::uint64_t through = 0;    // The highest number that came.
  std::uint64_t collected = 0;  // What the next hop has.
  std::uint32_t rounds = 0;     // Rises when a number comes again.
  std::uint64_t bytes = 0;      // Of what waits.
};

struct RelayedEnvelope {
  exchange::Header header{};
  Bytes sealed{};
};

struct RelayTotals {
  std::uint64_t envelopes = 0;
  std::uint64_t bytes = 0;
};

class RelayStore {
 public:
  // A link from nothing when there is none yet.
  static Result<RelayLink> Find(ReadTx& tx, std::string_view sender, std::string_view recipient,
                                exchange::Lane lane);
  // By lane, then by sender.
  static Result<std::vector<RelayLink>> ForRecipient(ReadTx& tx, std::string_view recipient);
  static Result<std::vector<std::string>> Recipients(ReadTx& tx);

  // Keeps an envelope, in place of another of the same number where there is one, and moves `link`.
  static Status Keep(Tx& tx, RelayLink& link, const exchange::Header& header, ByteView sealed);
  // The next hop has all up to `through`: the copies go.
  static Status Collected(Tx& tx, RelayLink& link, std::uint64_t through);
  // Numbers after `after` that wait, until `max_bytes` would be passed; one always goes.
  static Result<std::vector<RelayedEnvelope>> After(ReadTx& tx, const RelayLink& link,
                                                    std::uint64_t after, std::size_t most,
                                                    std::size_t max_bytes);
  // Drops what expired at `now`; says how many.
  static Result<std::uint64_t> DropExpired(Tx& tx, Instant now);

  static Result<RelayTotals> Totals(ReadTx& tx);
  static Result<std::uint64_t> BytesFor(ReadTx& tx, std::string_view recipient);
};

}  // namespace equinode
