// Consents with their revocations, and what was told to whom.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "domain/consent/consent.h"
#include "domain/consent/disclosures.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct StoredConsent {
  consent::Consent consent{};
  std::optional<Instant> revoked_at{};
};

struct StoredDisclosure {
  consent::Disclosure disclosure{};
  std::optional<Instant> revoked_told{};   // When the recipient was told of a revocation,
  std::optional<Instant> revoked_heard{};  // and when it said that it had heard.
};

class ConsentStore {
 public:
  static constexpr std::size_t kMostListed = 1000;

  // ALREADY_EXISTS / CONSENT_EXISTS.
  static Status Add(Tx& tx, const consent::Consent& consent);
  // NOT_FOUND / NO_SUCH_CONSENT.
  static Result<StoredConsent> Get(ReadTx& tx, const Uuid& id);
  static Status Revoke(Tx& tx, const consent::Revocation& revocation);
  // All of them, newest signed first: a decision needs every one.
  static Result<std::vector<StoredConsent>> Of(ReadTx& tx, std::string_view person);

  // Another node's consent was revoked.
  static Status NoteRevokedElsewhere(Tx& tx, std::string_view peer, const Uuid& consent,
                                     Instant at);
  static Result<bool> IsRevokedElsewhere(ReadTx& tx, std::string_view peer, const Uuid& consent);

  static Status AddDisclosure(Tx& tx, const consent::Disclosure& disclosure);
  // It never left: it is not one.
  static Status DropDisclosure(Tx& tx, const Uuid& referral);
  // Newest first, at most kMostListed.
  static Result<std::vector<StoredDisclosure>> Disclosures(ReadTx& tx, std::string_view person,
                                                           Instant since);
  static Status NoteRevocationTold(Tx& tx, const Uuid& consent, std::string_view recipient,
                                   Instant at);
  static Status NoteRevocationHeard(Tx& tx, const Uuid& consent, std::string_view recipient,
                                    Instant at);
};

}  // namespace equinode
