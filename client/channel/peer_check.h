// Whether the node at the other end is the one that was dialled.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/crypto/certificate.h"
#include "base/result.h"

namespace equinode {

// Immutable; thread-safe.
class PeerCheck {
 public:
  PeerCheck(TrustStore trust, std::string expected_uri)
      : trust_(std::move(trust)), expected_uri_(std::move(expected_uri)) {}

  // OK when `pem`, the leaf that was shown in the handshake, is trusted and valid at `now`, may be
  // a server, and has exactly one URI name whose bytes are those expected. The names are read from
  // the certificate itself: gRPC hands them over as C strings that end at the first NUL.
  // UNAUTHENTICATED / WRONG_PEER else; the message says which of these failed, not what was shown.
  Status Check(std::string_view pem, Instant now) const;

 private:
  TrustStore trust_;
  std::string expected_uri_;
};

}  // namespace equinode
