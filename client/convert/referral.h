// Referral payloads, revocations of consent and words about capacity: bytes <> domain,
// deterministic.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "domain/referral/capacity.h"
#include "domain/referral/chain.h"

namespace equinode {

inline constexpr std::size_t kMaxPayloadLinks = 64;

// What one end of a referral tells the other.
struct ReferralNews {
  struct Proposal {
    Bytes event{};
    Bytes actor_signature{};
    friend bool operator==(const Proposal&, const Proposal&) = default;
  };
  struct Refusal {
    Uuid event{};
    std::string reason{};
    friend bool operator==(const Refusal&, const Refusal&) = default;
  };
  Uuid referral{};
  Bytes order{};  // With link 1 only.
  std::vector<Uuid> consents{};
  std::string notice{};
  std::vector<referral::Link> links{};
  std::optional<Proposal> proposal{};
  std::optional<Refusal> refusal{};
  bool status_only = false;  // To the target: it tells back its state and nothing else.
  friend bool operator==(const ReferralNews&, const ReferralNews&) = default;
};
Bytes BytesFromReferralNews(const ReferralNews& news);
// INVALID_ARGUMENT / BAD_REFERRAL for anything that cannot have been made by the function above.
Result<ReferralNews> ReferralNewsFromBytes(ByteView bytes);

struct RevocationNews {
  Uuid consent{};
  Instant at{};
  bool acknowledged = false;
  std::optional<Uuid> referral{};  // A refusal: of what was told under the consent this one alone.
  friend bool operator==(const RevocationNews&, const RevocationNews&) = default;
};
Bytes BytesFromRevocationNews(const RevocationNews& news);
Result<RevocationNews> RevocationNewsFromBytes(ByteView bytes);  // BAD_REVOCATION

// A question about capacity, or its answer.
struct CapacityNews {
  std::string organisation{};
  std::string domain{};
  bool asked = false;
  std::optional<referral::Capacity> said{};  // Of an answer: nothing when nobody has said.
};
Bytes BytesFromCapacityNews(const CapacityNews& news);
// INVALID_ARGUMENT / BAD_CAPACITY, also for words that CheckCapacity refuses.
Result<CapacityNews> CapacityNewsFromBytes(ByteView bytes);

}  // namespace equinode
