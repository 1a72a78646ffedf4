// Enrolments: peers and their certificates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/certificate.h"
#include "base/result.h"
#include "storage/sqlite/tx.h"

namespace equinode {

enum class PeerCertificateState : std::uint8_t {
  kCurrent = 1,   // In use. Exactly one.
  kNext = 2,      // Known before it is in use. At most one.
  kHeld = 3,      // Announced by the peer; waits for an operator. Good for nothing until then.
  kPrevious = 4,  // Was current: what it signed may be on its way still.
};

struct StoredPeerCertificate {
  std::string fingerprint{};
  PeerCertificateState state = PeerCertificateState::kCurrent;
  Bytes der{};
};

struct StoredPeer {
  std::string uri{};
  std::string address{};
  std::string relay{};
  bool take_over = false;
  Instant last_seen{};  // 0 = never.
  std::vector<StoredPeerCertificate> certificates{};
};

class PeerStore {
 public:
  // Makes the peer or gives it another way; certificates stay.
  static Status Put(Tx& tx, const StoredPeer& peer, Instant now);
  // NOT_FOUND / NO_SUCH_PEER. Certificates and sharing rule go with it.
  static Status Remove(Tx& tx, std::string_view uri);

  // Adds a certificate in a state, or moves one that is there to it. kCurrent makes the one before
  // kPrevious; kNext and kHeld replace the one before of the same state. The eldest kPrevious goes
  // when there are more than four. ALREADY_EXISTS / CERTIFICATE_OF_ANOTHER_PEER.
  static Status PutCertificate(Tx& tx, std::string_view uri, const Certificate& certificate,
                               PeerCertificateState state, Instant now);

  static Status Seen(Tx& tx, std::string_view uri, Instant now);

  // Nothing when it is not enrolled.
  static Result<std::optional<StoredPeer>> Find(ReadTx& tx, std::string_view uri);
  // At most `most`, by URI, those after `after`. Empty `after` = from the first.
  static Result<std::vector<StoredPeer>> List(ReadTx& tx, std::string_view after, std::size_t most);
};

}  // namespace equinode
