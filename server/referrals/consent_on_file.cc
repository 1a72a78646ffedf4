#include "server/referrals/consent_on_file.h"

#include <vector>

#include "storage/consent_store.h"

namespace equinode {

Result<consent::Decision> ConsentOnFile(ReadTx& tx, std::string_view person,
                                        const consent::Question& question, Instant now) {
  EQN_TRY(const std::vector<StoredConsent> stored, ConsentStore::Of(tx, person));
  std::vector<consent::Consent> consents;
  std::vector<consent::Revocation> revocations;
  for (const StoredConsent& each : stored) {
    consents.push_back(each.consent);
    if (each.revoked_at) revocations.push_back({each.consent.id, *each.revoked_at, {}});
  }
  return consent::Decide(consents, revocations, question, now);
}

}  // namespace equinode
