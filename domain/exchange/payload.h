// The exchange's own payloads, and the words of a hop, as plain values.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "domain/exchange/envelope.h"
#include "domain/exchange/flow.h"

namespace equinode::exchange {

// What stands inside the seal.
struct Content {
  Header header{};
  Digest previous_chain{};
  PayloadKind kind = PayloadKind::kVoid;
  std::optional<AuditPoint> audit{};
  Bytes payload{};  // Not compressed.
};

// The recipient's word (PayloadKind::kReceipt).
struct Receipt {
  static constexpr std::size_t kMaxRefusals = 100;
  std::vector<std::pair<Lane, LinkPosition>> positions{};
  std::vector<Refusal> refusals{};
};

// PayloadKind::kVoid.
struct Void {
  Replaced replaced{};
  std::string reason{};  // EXPIRED, REVOKED or DEAD.
};

// PayloadKind::kCertificateNotice.
struct CertificateNotice {
  Bytes certificate{};  // DER.
  Instant in_use_from{};
};

// At a hop: everything of the link up to `through` is durable here.
struct Ack {
  LinkKey link{};
  std::uint64_t through = 0;
  friend bool operator==(const Ack&, const Ack&) = default;
};

// At a hop: this one is not.
struct HopRefusal {
  std::string from{};
  std::string to{};
  Refusal refusal{};
  friend bool operator==(const HopRefusal&, const HopRefusal&) = default;
};

// What a hop says of what it was handed.
struct Answer {
  std::vector<Ack> acks{};
  std::vector<HopRefusal> refusals{};
  bool empty() const { return acks.empty() && refusals.empty(); }
};

}  // namespace equinode::exchange
