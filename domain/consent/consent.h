// Consent to tell somebody something about a person, and the one decision that every referral and
// every leaving envelope asks for. A refusal on file is not the same as nothing on file, and
// silence is never a yes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/id.h"
#include "base/result.h"

namespace equinode::consent {

// Gravity SDOH-CC 3.0 (checking_task_status): consent to ask is not consent to tell back.
enum class Direction : std::uint8_t {
  kToRecipient = 1,  // From the requester to who is asked.
  // From who is asked back to the requester. Its recipient names either of the two. The yes to a
  // referral is a yes to hear what became of it, so silence leaves this open; a refusal, or a yes
  // that has ended, leaves the state alone to be told (domain/referral/words_told.h).
  kBack = 2,
};

enum class Purpose : std::uint8_t {
  kReferral = 1,  // To get the person a service.
  kTreatment = 2,
  kPayment = 3,
  kOperations = 4,
  kResearch = 5,
};

// Words in tables and on the screen: "to", "back"; "referral", "treatment", ...
std::string_view Name(Direction direction);
std::string_view Name(Purpose purpose);
std::optional<Direction> DirectionNamed(std::string_view name);
std::optional<Purpose> PurposeNamed(std::string_view name);

// Labels that a general yes does not cover: they must be named (42 CFR 2.31; DESIGN section 8).
bool NeedsNaming(std::string_view category);  // PART2, SOGI, TRIBAL.
// A need domain or a label: what can be asked about. ("*" can only be said.)
bool IsCategory(std::string_view category);

// One decision of one person, as signed. Immutable; a revocation is apart.
struct Consent {
  Uuid id{};
  std::string person{};  // source_id at the node that keeps it.
  bool given = false;    // False: a refusal, known and on file.
  Direction direction = Direction::kToRecipient;
  // URI of an organisation; "class:cbo", "class:qhio", "class:payer", "class:practice"; or "*".
  std::string recipient{};
  std::vector<Purpose> purposes{};  // Empty: none; a refusal without purposes is for all.
  // Gravity need domains ("food-insecurity"), labels (PART2, SOGI, TRIBAL), or "*" for every
  // domain.
  std::vector<std::string> categories{};
  Instant from{};
  std::optional<Instant> until{};  // The first moment at which it no longer holds.
  Instant signed_at{};
  Digest document{};  // SHA-256 of the form or of the record of the spoken yes.
  friend bool operator==(const Consent&, const Consent&) = default;
};

// The person takes a yes back. Final; what was told before stays told.
struct Revocation {
  Uuid consent{};
  Instant at{};
  Digest document{};
  friend bool operator==(const Revocation&, const Revocation&) = default;
};

// INVALID_ARGUMENT / BAD_CONSENT.
Status CheckConsent(const Consent& consent);

// What somebody wants to tell.
struct Question {
  Direction direction = Direction::kToRecipient;
  std::string_view recipient{};        // URI.
  std::string_view recipient_class{};  // "cbo", "qhio", "payer", "practice".
  Purpose purpose = Purpose::kReferral;
  std::vector<std::string_view> categories{};  // All of them have to be covered.
};

enum class Answer : std::uint8_t {
  kGiven = 1,
  kRefused,     // A refusal is on file.
  kRevoked,     // There was a yes and it was taken back.
  kExpired,     // There was a yes and its time is over, or has not begun.
  kNoneOnFile,  // Nobody asked the person this.
};
std::string_view Name(Answer answer);  // "given", "refused", "revoked", "expired", "none-on-file".

struct Decision {
  Answer answer = Answer::kNoneOnFile;
  std::vector<Uuid> because{};  // kGiven: one consent a category, in the question's order.
                                // Otherwise what stands against it, or nothing.
  std::string category{};       // The first category that is not covered; empty when given.
  std::vector<std::string_view> notices{};  // kGiven: what has to go along (notices.csv).
};

// `consents` and `revocations` of one person in any order: the order decides nothing.
// For each category:
//   - a consent speaks when its direction is the question's and it names the recipient (itself, its
//     class or "*"), the purpose and the category ("*" names domains, never PART2, SOGI, TRIBAL);
//   - a refusal speaks in the same way, and "*" in it names everything;
//   - a yes holds against an older refusal only if it was signed later and names recipient and
//     category at least as closely; otherwise the refusal stands;
//   - of no yes left: refused, else revoked, else expired, else none on file.
Decision Decide(std::span<const Consent> consents, std::span<const Revocation> revocations,
                const Question& question, Instant now);

// The text that must go along with something labelled so (42 CFR 2.32 for PART2); empty for none.
std::string_view NoticeFor(std::string_view label);
// Of all of them, a line each.
std::string NoticesFor(std::span<const std::string> labels);

}  // namespace equinode::consent
