#include "server/referrals/open_referral.h"

#include <utility>

namespace equinode {

referral::SignatureCheck TrustedSignatures() {
  return [](ByteView, ByteView, std::string_view) { return Ok(); };
}

Result<OpenReferral> OpenReferral::Load(ReadTx& tx, StoredReferral stored) {
  OpenReferral open;
  open.stored = std::move(stored);
  EQN_TRY(open.links, ReferralStore::Links(tx, open.stored.row));
  Result<referral::Chain> chain = referral::Verify(open.links, TrustedSignatures());
  if (!chain.ok()) {
    return Error{Code::kDataLoss, "BAD_ROW",
                 "a stored referral is broken: " + chain.error().message};
  }
  open.chain = *std::move(chain);
  open.chain.view.here = HereOf(open.stored);
  return open;
}

}  // namespace equinode
