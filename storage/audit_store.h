// The audit log's tables: entries, the ids they are about, and where peers' logs stood.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/audit/chain.h"
#include "domain/audit/entry.h"
#include "domain/exchange/envelope.h"
#include "storage/sqlite/tx.h"

namespace equinode {

// What a peer's word about its log says beside what it said before.
enum class PeerHeadNews : std::uint8_t {
  kFirst,
  kSame,
  kForward,
  kBack,     // Fewer entries than before on the same lane: cut short, or an older copy put back.
  kDiffers,  // As many entries, another hash: another history.
};

struct PeerHead {
  std::string peer{};
  AuditHead head{};
  Instant at{};
  std::uint64_t faults = 0;  // How often it went back or differed.
};

class AuditStore {
 public:
  // `entry.number` must be one more than the last; `hash` is the chain's after it.
  static Status Append(Tx& tx, const AuditEntry& entry, const Digest& hash,
                       const TouchedIds& touched);
  // Of the last entry; zeros when there is none.
  static Result<AuditHead> Head(ReadTx& tx);
  // The chain's hash after entry `number`; nothing when there is no such entry.
  static Result<std::optional<Digest>> HashAt(ReadTx& tx, std::uint64_t number);
  // At most `most` entries after number `after`, rising. `touched` is left empty unless
  // `with_touched`.
  static Result<std::vector<StoredAuditEntry>> List(ReadTx& tx, std::uint64_t after,
                                                    std::size_t most, bool disclosures_only,
                                                    bool with_touched = false);

  // Remembers where the audit log of `peer` stood, as an envelope of `lane` said. kBack and
  // kDiffers are counted and kept as what the peer now says; the caller reports them.
  static Result<PeerHeadNews> NotePeerHead(Tx& tx, std::string_view peer, exchange::Lane lane,
                                           const exchange::AuditPoint& point, Instant now);
  // The furthest of a peer's lanes; nothing when it has told none.
  static Result<std::optional<PeerHead>> FindPeerHead(ReadTx& tx, std::string_view peer);
};

}  // namespace equinode
