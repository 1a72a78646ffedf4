// The recipient's half of links: positions, what took each number, refusals to be told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/exchange/envelope.h"
#include "domain/exchange/incoming_link.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct StoredIncoming {
  std::int64_t link = 0;  // 0 = not stored yet.
  std::string peer{};
  exchange::Lane lane = exchange::Lane::kControl;
  exchange::IncomingLink state{};
};

struct StoredRefusal {
  exchange::Refusal refusal{};
  bool dead = false;  // It took its number and had no effect.
  Instant since{};
};

class IncomingStore {
 public:
  // Refusals kept for one peer at a time; more are dropped, they will come again.
  static constexpr std::size_t kMostRefusals = 100;

  // A link from nothing when there is none yet.
  static Result<StoredIncoming> Find(ReadTx& tx, std::string_view peer, exchange::Lane lane);
  static Result<std::vector<StoredIncoming>> OfPeer(ReadTx& tx, std::string_view peer);
  static Result<std::vector<StoredIncoming>> List(ReadTx& tx);
  static Status Save(Tx& tx, StoredIncoming& stored);

  // What took `number`; nothing when it is forgotten or did not come.
  static Result<std::optional<exchange::Seen>> AtNumber(ReadTx& tx, std::int64_t link,
                                                        std::uint64_t number);
  // What came from `peer` with that id, on any lane.
  static Result<std::optional<exchange::Seen>> WithId(ReadTx& tx, std::string_view peer,
                                                      const Uuid& id);
  static Status Keep(Tx& tx, std::int64_t link, const exchange::Seen& seen, Instant forget_at);
  // Forgets what `now` allows, each link's last number excepted; says how many.
  static Result<std::uint64_t> Forget(Tx& tx, Instant now);

  // One for each number: the newest counts, one that is dead stays.
  static Status Refuse(Tx& tx, std::string_view peer, const StoredRefusal& refusal);
  // In order, at most kMostRefusals.
  static Result<std::vector<StoredRefusal>> Refusals(ReadTx& tx, std::string_view peer);
  static Status ForgetRefusals(Tx& tx, std::string_view peer);
  static Status Told(Tx& tx, std::string_view peer, exchange::Lane lane, std::uint64_t number);
};

}  // namespace equinode
