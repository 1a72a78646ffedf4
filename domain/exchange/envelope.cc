#include "domain/exchange/envelope.h"

#include <algorithm>
#include <utility>

namespace equinode::exchange {
namespace {

constexpr std::array<std::pair<PayloadKind, Lane>, 9> kHomes = {{
    {PayloadKind::kRecordBatch, Lane::kRecord},
    {PayloadKind::kReportRequest, Lane::kReferral},
    {PayloadKind::kReportAnswer, Lane::kReferral},
    {PayloadKind::kReceipt, Lane::kControl},
    {PayloadKind::kCertificateNotice, Lane::kControl},
    // A void travels on the lane of the number that it replaces.
    {PayloadKind::kVoid, Lane::kControl},
    {PayloadKind::kReferral, Lane::kReferral},
    // Before everything else: what it takes back may still be on its way.
    {PayloadKind::kConsentRevocation, Lane::kControl},
    {PayloadKind::kCapacity, Lane::kReferral},
}};

Error BadEnvelope(std::string message) {
  return Error{Code::kInvalidArgument, std::string(reason::kBadEnvelope), std::move(message)};
}

std::uint64_t MillisOf(const Uuid& id) {
  std::uint64_t at = 0;
  for (int i = 0; i < 6; ++i) at = (at << 8) | id.bytes()[static_cast<std::size_t>(i)];
  return at;
}

}  // namespace

Result<Lane> LaneFrom(std::int64_t number) {
  for (const Lane lane : kLanes) {
    if (static_cast<std::int64_t>(lane) == number) return lane;
  }
  return BadEnvelope("the lane is not known: update this node");
}

Result<PayloadKind> PayloadKindFrom(std::int64_t number) {
  for (const auto& [kind, lane] : kHomes) {
    if (static_cast<std::int64_t>(kind) == number) return kind;
  }
  return BadEnvelope("the kind of payload is not known: update this node");
}

std::string_view LaneName(Lane lane) {
  switch (lane) {
    case Lane::kControl:
      return "control";
    case Lane::kReferral:
      return "referral";
    case Lane::kRecord:
      return "record";
    case Lane::kHistory:
      return "history";
  }
  return "control";
}

Lane LaneOf(PayloadKind kind) {
  for (const auto& [each, lane] : kHomes) {
    if (each == kind) return lane;
  }
  return Lane::kControl;
}

Millis DefaultLife(Lane lane) {
  switch (lane) {
    case Lane::kControl:
      return std::chrono::days{45};
    case Lane::kReferral:
    case Lane::kRecord:
    case Lane::kHistory:
      return std::chrono::days{30};
  }
  return std::chrono::days{30};
}

Status CheckHeader(const Header& header) {
  if (header.number == 0) return BadEnvelope("an envelope has a number from 1");
  if ((header.id.bytes()[6] >> 4) != 7) return BadEnvelope("an envelope's id is a UUID version 7");
  const auto created = header.created.time_since_epoch().count();
  if (created < 0 || MillisOf(header.id) != static_cast<std::uint64_t>(created)) {
    return BadEnvelope("an envelope's id holds the time of its making");
  }
  if (header.expires <= header.created || header.expires - header.created > kMaxLife) {
    return BadEnvelope("an envelope lives between a moment and 60 days");
  }
  return Ok();
}

Digest NextChain(const Digest& before, const Digest& content) {
  std::array<std::uint8_t, 64> both{};
  std::copy(before.begin(), before.end(), both.begin());
  std::copy(content.begin(), content.end(), both.begin() + 32);
  return Sha256(both);
}

}  // namespace equinode::exchange
