// Consents with their revocations, and what was told to whom.
#pragma once

#include <cstdint>
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

// Where a list of disclosures goes on: the last one's.
struct DisclosurePlace {
  Instant told_at{};
  std::int64_t row = 0;
};

struct StoredDisclosure {
  std::int64_t row = 0;
  consent::Disclosure disclosure{};
  std::optional<Instant> revoked_told{};   // When the recipient was told of a revocation,
  std::optional<Instant> revoked_heard{};  // and when it said that it had heard.
  // It could not be told: it was not enrolled any more.
  std::optional<Instant> revoked_lost{};
};

// What a referral told under a consent that was taken back.
struct RevokedDisclosure {
  Uuid referral{};
  Uuid consent{};
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

  // Another node's consent was revoked; or, by a later refusal, one referral of that node:
  // `consent` is the referral's id then.
  static Status NoteRevokedElsewhere(Tx& tx, std::string_view peer, const Uuid& consent,
                                     Instant at);
  static Result<bool> IsRevokedElsewhere(ReadTx& tx, std::string_view peer, const Uuid& consent);

  static Status AddDisclosure(Tx& tx, const consent::Disclosure& disclosure);
  // It never left: it is not one.
  static Status DropDisclosure(Tx& tx, const Uuid& referral);
  // Newest first, at most `most`; `after`: those that come after that one.
  static Result<std::vector<StoredDisclosure>> Disclosures(
      ReadTx& tx, std::string_view person, Instant since,
      const std::optional<DisclosurePlace>& after = std::nullopt, std::size_t most = kMostListed);
  // The person's referrals that told somebody, or are about to, oldest first, each once.
  static Result<std::vector<Uuid>> ReferralsTold(ReadTx& tx, std::string_view person);
  // Of the disclosures that a referral made under that consent: the recipient is told of its
  // revocation, has heard of it, cannot be told.
  static Status NoteRevocationTold(Tx& tx, const Uuid& consent, const Uuid& referral, Instant at);
  static Status NoteRevocationHeard(Tx& tx, const Uuid& consent, const Uuid& referral, Instant at);
  // All that was told under consents whose recipients were told of the revocation (and have not
  // heard of it). Not every consent named there is revoked.
  static Result<std::vector<RevokedDisclosure>> RevocationsTold(ReadTx& tx, bool unheard_only);
  static Status NoteRevocationLost(Tx& tx, const Uuid& consent, const Uuid& referral, Instant at);
};

}  // namespace equinode
