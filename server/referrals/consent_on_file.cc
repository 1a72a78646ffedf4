#include "server/referrals/consent_on_file.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "domain/access/identity.h"
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

Result<consent::Decision> ConsentToRefer(ReadTx& tx, std::string_view person,
                                         const referral::Opening& opening, Instant now) {
  const std::string& recipient = opening.owner.empty() ? opening.target_node : opening.owner;
  EQN_TRY(const Identity identity, ParseIdentity(recipient));
  consent::Question question;
  question.recipient = recipient;
  question.recipient_class = RoleName(identity.role);
  question.categories = {opening.domain};
  EQN_TRY(consent::Decision decision, ConsentOnFile(tx, person, question, now));
  const bool for_any = opening.owner.empty() && identity.role == Role::kQhio;
  if (decision.answer != consent::Answer::kGiven || !for_any) return decision;
  question.recipient = "";
  question.recipient_class = RoleName(Role::kCbo);
  EQN_TRY(const consent::Decision any, ConsentOnFile(tx, person, question, now));
  if (any.answer != consent::Answer::kGiven) return any;
  for (const Uuid& each : any.because) {
    if (std::ranges::find(decision.because, each) == decision.because.end()) {
      decision.because.push_back(each);
    }
  }
  return decision;
}

Error WithoutConsent(const consent::Decision& decision) {
  const auto error = [](std::string_view reason, std::string message) {
    return Error{Code::kFailedPrecondition, std::string(reason), std::move(message)};
  };
  switch (decision.answer) {
    case consent::Answer::kRefused:
      return error("CONSENT_REFUSED", "the person has refused this: see `equinode consent list`");
    case consent::Answer::kRevoked:
      return error("CONSENT_REVOKED", "the person has taken the consent back");
    case consent::Answer::kExpired:
      return error("CONSENT_EXPIRED", "the consent on file is not valid now: ask the person again");
    case consent::Answer::kNoneOnFile:
    case consent::Answer::kGiven:
      break;
  }
  return error("NO_CONSENT", "no consent on file covers " + decision.category +
                                 " for this recipient: ask the person, then `equinode consent "
                                 "give`");
}

}  // namespace equinode
