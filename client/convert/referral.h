// Referral payloads and revocations of consent: bytes <> domain, deterministic.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
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
  friend bool operator==(const ReferralNews&, const ReferralNews&) = default;
};
Bytes BytesFromReferralNews(const ReferralNews& news);
// INVALID_ARGUMENT / BAD_REFERRAL for anything that cannot have been made by the function above.
Result<ReferralNews> ReferralNewsFromBytes(ByteView bytes);

struct RevocationNews {
  Uuid consent{};
  Instant at{};
  bool acknowledged = false;
  friend bool operator==(const RevocationNews&, const RevocationNews&) = default;
};
Bytes BytesFromRevocationNews(const RevocationNews& news);
Result<RevocationNews> RevocationNewsFromBytes(ByteView bytes);  // BAD_REVOCATION

}  // namespace equinode
