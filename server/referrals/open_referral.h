// A referral with its chain, as one transaction works with it. Private to server/referrals and the
// service that shows referrals.
#pragma once

#include <vector>

#include "base/result.h"
#include "domain/referral/chain.h"
#include "storage/referral_store.h"

namespace equinode {

struct OpenReferral {
  StoredReferral stored{};
  std::vector<referral::Link> links{};
  referral::Chain chain{};

  // The chain as it was accepted: its signatures were checked when they came. DATA_LOSS / BAD_ROW
  // when what is stored is no chain.
  static Result<OpenReferral> Load(ReadTx& tx, StoredReferral stored);
};

// Says yes to every signature: for links that were checked before, or that this node just made.
referral::SignatureCheck TrustedSignatures();

}  // namespace equinode
