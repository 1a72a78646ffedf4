// What goes to which peer: one rule a peer; without one, nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/people/record.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct SharingRule {
  std::string peer{};               // URI of an enrolled node.
  std::vector<RecordKind> kinds{};  // Rising, each once. Empty = no records.
  bool counts = false;              // Answer this peer's report requests with released counts.
  // Where the record log stood when the rule was made or a kind was added to it. Rows up to it
  // travel on lane history, those after it on lane record as they come.
  std::int64_t since_row = 0;
  // Rises whenever since_row is set anew: who reads the record log by a position for this rule then
  // goes through the history again (what the peer has already changes nothing there).
  std::int64_t version = 0;

  bool Sends(RecordKind kind) const;
  friend bool operator==(const SharingRule&, const SharingRule&) = default;
};

class SharingStore {
 public:
  // Replaces the peer's rule and returns it as it stands. `since_row` of `rule` counts for a new
  // rule and for one with a kind more than before; otherwise the one before stays. NOT_FOUND /
  // NO_SUCH_PEER.
  static Result<SharingRule> Set(Tx& tx, SharingRule rule, Instant now);
  // Nothing when the peer has no rule.
  static Result<std::optional<SharingRule>> Find(ReadTx& tx, std::string_view peer);
  // At most `most`, by URI, those after `after`. Empty `after` = from the first.
  static Result<std::vector<SharingRule>> List(ReadTx& tx, std::string_view after,
                                               std::size_t most);
};

}  // namespace equinode
