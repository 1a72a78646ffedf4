// On which node an organisation acts that has none of its own (a light organisation): this node, or
// an enrolled peer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct HostedOrganisation {
  std::string organisation{};  // URI.
  std::string node{};          // URI.
};

class HostStore {
 public:
  // Makes the entry or gives it another node.
  static Status Put(Tx& tx, const HostedOrganisation& hosted, Instant now);
  // NOT_FOUND / NOT_HOSTED.
  static Status Remove(Tx& tx, std::string_view organisation);
  // At most `most`, by organisation, those after `after`. Empty `after` = from the first.
  static Result<std::vector<HostedOrganisation>> List(ReadTx& tx, std::string_view after,
                                                      std::size_t most);
};

}  // namespace equinode
