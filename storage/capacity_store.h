// Who can take people on, as it was said; and who asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/referral/capacity.h"
#include "storage/sqlite/tx.h"

namespace equinode {

// A question of this node to another one.
struct CapacityQuestion {
  std::string organisation{};
  std::string domain{};
  Instant asked{};
  std::optional<Instant> answered{};
};

class CapacityStore {
 public:
  static constexpr std::size_t kMostListed = 1000;

  // Keeps the later of this word and the one before (referral::Newer). True when it was this one.
  static Result<bool> Put(Tx& tx, const referral::Capacity& capacity);
  static Result<std::optional<referral::Capacity>> Find(ReadTx& tx, std::string_view organisation,
                                                        std::string_view domain);
  // By domain and organisation, at most kMostListed. Empty = all.
  static Result<std::vector<referral::Capacity>> List(ReadTx& tx, std::string_view organisation,
                                                      std::string_view domain);

  // This node asks, or asks again; an answer from then on settles it.
  static Status Ask(Tx& tx, std::string_view organisation, std::string_view domain, Instant now);
  static Status Answered(Tx& tx, std::string_view organisation, std::string_view domain,
                         Instant now);
  static Result<std::vector<CapacityQuestion>> Questions(ReadTx& tx, std::string_view organisation,
                                                         std::string_view domain);

  // Another node has asked this one.
  static Status AskedBy(Tx& tx, std::string_view peer, std::string_view organisation,
                        std::string_view domain, Instant now);
  // Who asked since then.
  static Result<std::vector<std::string>> Askers(ReadTx& tx, std::string_view organisation,
                                                 std::string_view domain, Instant since);
};

}  // namespace equinode
