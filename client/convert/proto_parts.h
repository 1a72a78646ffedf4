// Small pieces that several conversions of the exchange share: times, ids, digests, URIs.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/id.h"
#include "base/result.h"

namespace equinode::wire {

// A node's URI: 1..256 printable ASCII characters. Whose it is, is decided elsewhere.
inline Status CheckUriBounds(std::string_view uri, std::string_view reason) {
  bool good = !uri.empty() && uri.size() <= 256;
  for (const char c : uri) good = good && c > ' ' && c < '\x7f';
  if (good) return Ok();
  return Error{Code::kInvalidArgument, std::string(reason), "a node is named by its URI"};
}

inline void SetTimestamp(Instant at, google::protobuf::Timestamp* out) {
  const auto millis = at.time_since_epoch().count();
  auto seconds = millis / 1000;
  auto rest = millis % 1000;
  if (rest < 0) {
    seconds -= 1;
    rest += 1000;
  }
  out->set_seconds(seconds);
  out->set_nanos(static_cast<std::int32_t>(rest) * 1'000'000);
}

// Whole milliseconds between the years 1 and 9999; what is finer or further is refused, since it
// would not come back as the same bytes.
inline Result<Instant> InstantFrom(const google::protobuf::Timestamp& at, std::string_view reason) {
  constexpr std::int64_t kFirst = -62'135'596'800;
  constexpr std::int64_t kLast = 253'402'300'799;
  if (at.seconds() < kFirst || at.seconds() > kLast || at.nanos() < 0 || at.nanos() > 999'999'999 ||
      at.nanos() % 1'000'000 != 0) {
    return Error{Code::kInvalidArgument, std::string(reason), "a time is in whole milliseconds"};
  }
  return Instant{Millis{at.seconds() * 1000 + at.nanos() / 1'000'000}};
}

inline std::string StringFrom(ByteView bytes) { return std::string(AsText(bytes)); }

inline Result<Digest> DigestFrom(std::string_view bytes, std::string_view reason) {
  Digest digest{};
  if (bytes.size() != digest.size()) {
    return Error{Code::kInvalidArgument, std::string(reason), "a digest has 32 bytes"};
  }
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace equinode::wire
