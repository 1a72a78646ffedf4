#include "server/referrals/consent_on_file.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "domain/access/identity.h"
#include "domain/referral/order.h"
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

std::vector<std::string> LabelsOf(ByteView order, std::string_view domain) {
  if (!order.empty()) {
    const auto told = referral::TargetOrderFrom(order);
    if (told.ok()) return told->labels();
  }
  const std::string_view label = referral::LabelOfDomain(domain);
  if (label.empty()) return {};
  return {std::string(label)};
}

Result<consent::Decision> ConsentToRefer(ReadTx& tx, std::string_view person,
                                         const referral::Opening& opening,
                                         const std::vector<std::string>& labels, Instant now) {
  const std::string& recipient = opening.owner.empty() ? opening.target_node : opening.owner;
  EQN_TRY(const Identity identity, ParseIdentity(recipient));
  consent::Question question;
  question.recipient = recipient;
  question.recipient_class = RoleName(identity.role);
  question.categories = {opening.domain};
  question.categories.insert(question.categories.end(), labels.begin(), labels.end());
  EQN_TRY(consent::Decision decision, ConsentOnFile(tx, person, question, now));
  const bool for_any = opening.owner.empty() && identity.role == Role::kQhio;
  if (decision.answer == consent::Answer::kGiven && for_any) {
    question.recipient = "";
    question.recipient_class = RoleName(Role::kCbo);
    EQN_TRY(const consent::Decision any, ConsentOnFile(tx, person, question, now));
    if (any.answer != consent::Answer::kGiven) return any;
    decision.because.insert(decision.because.end(), any.because.begin(), any.because.end());
  }
  // One consent may cover several categories: it is named once.
  std::vector<Uuid> once;
  for (const Uuid& each : decision.because) {
    if (std::ranges::find(once, each) == once.end()) once.push_back(each);
  }
  decision.because = std::move(once);
  return decision;
}

Result<bool> MayTellBack(ReadTx& tx, std::string_view person, const referral::Opening& opening,
                         const std::vector<std::string>& labels, Instant now) {
  std::vector<std::string_view> categories = {opening.domain};
  categories.insert(categories.end(), labels.begin(), labels.end());
  const std::string& asked = opening.owner.empty() ? opening.target_node : opening.owner;
  for (const std::string_view party :
       {std::string_view(asked), std::string_view(opening.requester_node)}) {
    EQN_TRY(const Identity identity, ParseIdentity(party));
    consent::Question question;
    question.direction = consent::Direction::kBack;
    question.recipient = party;
    question.recipient_class = RoleName(identity.role);
    for (const std::string_view each : categories) {
      question.categories = {each};
      EQN_TRY(const consent::Decision decision, ConsentOnFile(tx, person, question, now));
      const bool open = decision.answer == consent::Answer::kGiven ||
                        decision.answer == consent::Answer::kNoneOnFile;
      if (!open) return false;
    }
  }
  return true;
}

Error WithoutConsent(const consent::Decision& decision) {
  const auto error = [](std::string_view reason, std::string message) {
    return Error{Code::kFailedPrecondition, std::string(reason), std::move(message)};
  };
  // A label is asked for by what is told beside the domain; one may tell less.
  const std::string what = decision.category.empty() ? "this" : decision.category;
  const std::string or_less =
      consent::NeedsNaming(decision.category)
          ? "; or leave out what falls under it (`equinode referral fields`)"
          : "";
  switch (decision.answer) {
    case consent::Answer::kRefused:
      return error("CONSENT_REFUSED", "the person has refused that " + what +
                                          " is told: see `equinode consent list`" + or_less);
    case consent::Answer::kRevoked:
      return error("CONSENT_REVOKED",
                   "the person has taken the consent to tell " + what + " back" + or_less);
    case consent::Answer::kExpired:
      return error("CONSENT_EXPIRED", "the consent on file to tell " + what +
                                          " is not valid now: ask the person again" + or_less);
    case consent::Answer::kNoneOnFile:
    case consent::Answer::kGiven:
      break;
  }
  return error("NO_CONSENT", "no consent on file covers " + what +
                                 " for this recipient: ask the person, then `equinode consent "
                                 "give`" +
                                 or_less);
}

}  // namespace equinode
