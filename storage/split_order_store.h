// Orders of this node that were split over several organisations. Their parts are referrals that
// name them (ReferralStore::PartsOf).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct StoredSplitOrder {
  std::int64_t row = 0;
  Uuid id{};
  Uuid need{};
  std::string person{};  // source_id.
  std::string domain{};
  Instant created{};
};

class SplitOrderStore {
 public:
  // `row` is given here.
  static Result<StoredSplitOrder> Add(Tx& tx, StoredSplitOrder order);
  // NOT_FOUND / NO_SUCH_ORDER.
  static Result<StoredSplitOrder> Get(ReadTx& tx, const Uuid& id);
  // Newest first, at most `most`, those before row `before` (0 = from the newest). Empty `person` =
  // everybody's.
  static Result<std::vector<StoredSplitOrder>> List(ReadTx& tx, std::string_view person,
                                                    std::int64_t before, std::size_t most);
};

}  // namespace equinode
