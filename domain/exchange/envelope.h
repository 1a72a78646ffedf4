// The words of the exchange (DESIGN section 6): lanes, payload kinds, the header that a relay may
// read and the content that only the recipient opens.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/id.h"
#include "base/result.h"

namespace equinode::exchange {

// In the order of sending. Each (from, to, lane) is a link with numbers of its own.
enum class Lane : std::uint8_t { kControl = 1, kReferral = 2, kRecord = 3, kHistory = 4 };
inline constexpr std::array<Lane, 4> kLanes = {Lane::kControl, Lane::kReferral, Lane::kRecord,
                                               Lane::kHistory};

enum class PayloadKind : std::uint8_t {
  kRecordBatch = 1,
  kReportRequest = 2,
  kReportAnswer = 3,
  kReceipt = 4,
  kCertificateNotice = 5,
  kVoid = 6,
  kReferral = 7,
  kConsentRevocation = 8,
  kCapacity = 9,
};

// INVALID_ARGUMENT / BAD_ENVELOPE for a number that names none.
Result<Lane> LaneFrom(std::int64_t number);
Result<PayloadKind> PayloadKindFrom(std::int64_t number);
std::string_view LaneName(Lane lane);  // "control", "referral", "record", "history".

// The lane on which a kind of payload travels. A record batch may also travel as history.
Lane LaneOf(PayloadKind kind);

// Bounds of one envelope and of what is in it.
inline constexpr std::size_t kMaxEnvelopeBytes = 960 * 1024;
inline constexpr std::size_t kMaxPayloadBytes = 8 * 1024 * 1024;
inline constexpr std::size_t kMaxBatchRecords = 300;
inline constexpr Millis kMaxLife = std::chrono::days{60};
// How far a sender's clock may run ahead of ours before its envelopes have to wait.
inline constexpr Millis kClockTolerance = std::chrono::hours{48};

// How long an envelope of a lane may travel before its number is voided.
Millis DefaultLife(Lane lane);

// What stands outside the seal, and once more inside it.
struct Header {
  Uuid id{};  // UUIDv7 made at `created`.
  std::string from{};
  std::string to{};
  Lane lane = Lane::kControl;
  std::uint64_t number = 0;  // link_seq, from 1.
  Instant created{};
  Instant expires{};
  friend bool operator==(const Header&, const Header&) = default;
};

// OK when the header stands for itself: a number, a UUIDv7 made at `created`, a life of more than
// nothing and at most kMaxLife. INVALID_ARGUMENT / BAD_ENVELOPE otherwise. That an id holds its own
// time is what lets a recipient forget ids older than kMaxLife without accepting one again.
Status CheckHeader(const Header& header);

// Where the sender's audit log stood (THREATS R10).
struct AuditPoint {
  std::uint64_t count = 0;
  Digest hash{};
  friend bool operator==(const AuditPoint&, const AuditPoint&) = default;
};

// The upper half of a number is the link's era: 0, and one more with each beginning anew
// (domain/exchange/anew). Numbers are without gaps within an era.
inline constexpr std::uint32_t kLastEra = (1u << 31) - 1;  // Numbers stay within 63 bits.
constexpr std::uint32_t EraOf(std::uint64_t number) {
  return static_cast<std::uint32_t>(number >> 32);
}
// The number before the era's first.
constexpr std::uint64_t EraStart(std::uint32_t era) { return std::uint64_t{era} << 32; }

// A link up to and with a number, and the chain hash there. The chain before number 1 is zeros.
struct LinkPosition {
  std::uint64_t through = 0;
  Digest chain{};
  friend bool operator==(const LinkPosition&, const LinkPosition&) = default;
};

// The chain after a number: SHA-256(chain before || SHA-256 of the number's first SealedContent).
// A void does not change it: it carries the digest of what it replaces.
Digest NextChain(const Digest& before, const Digest& content);

// The content whose number a void takes.
struct Replaced {
  Uuid id{};
  Digest digest{};
  friend bool operator==(const Replaced&, const Replaced&) = default;
};

// Stable words of refusals, voids and dead letters.
namespace reason {
inline constexpr std::string_view kBadEnvelope = "BAD_ENVELOPE";  // Cannot be read.
inline constexpr std::string_view kBadSeal = "BAD_SEAL";          // Cannot be opened or verified.
inline constexpr std::string_view kOtherKey = "SEALED_TO_OTHER_KEY";  // For a key not held here.
inline constexpr std::string_view kWrongRecipient = "WRONG_RECIPIENT";
inline constexpr std::string_view kWrongSender = "WRONG_SENDER";
inline constexpr std::string_view kHeaderDiffers =
    "HEADER_DIFFERS";  // Outside and inside the seal.
inline constexpr std::string_view kUnknownSigner = "UNKNOWN_SIGNER";  // Certificate not enrolled.
inline constexpr std::string_view kRevoked = "REVOKED";
inline constexpr std::string_view kOutOfSequence = "OUT_OF_SEQUENCE";
inline constexpr std::string_view kIdReused = "ID_REUSED";          // Other bytes under an id.
inline constexpr std::string_view kNumberReused = "NUMBER_REUSED";  // Other bytes under a number.
inline constexpr std::string_view kChainDiffers = "CHAIN_DIFFERS";
inline constexpr std::string_view kNotBegunAnew = "NOT_BEGUN_ANEW";  // Of an era not known yet.
inline constexpr std::string_view kExpired = "EXPIRED";
inline constexpr std::string_view kFromTheFuture = "FROM_THE_FUTURE";
inline constexpr std::string_view kDead = "DEAD";
inline constexpr std::string_view kNoRoute = "NO_ROUTE";
inline constexpr std::string_view kRelayFull = "RELAY_FULL";
inline constexpr std::string_view kTryLater = "TRY_LATER";
}  // namespace reason

// An envelope that did not take effect, as the recipient (or a hop) tells it.
struct Refusal {
  Uuid id{};
  Lane lane = Lane::kControl;
  std::uint64_t number = 0;
  std::string reason{};
  std::uint64_t expected = 0;  // What the recipient waits for; 0 when not said.
  bool permanent = false;      // The same bytes will never do.
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace equinode::exchange
