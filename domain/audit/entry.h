// The audit log's entries and the hash chain over them (DESIGN section 5; THREATS TL01).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/result.h"

namespace equinode {

// The ids of the records that a call or a transaction was about, in order, as one byte string:
// each id with its length before it. Kept in a table keyed by the entry; the entry holds the
// digest of it, so that the ids can be proven but a list of entries names nobody.
class TouchedIds {
 public:
  void Add(std::string_view id);
  std::uint32_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  ByteView bytes() const { return bytes_; }
  Digest digest() const;  // SHA-256 over bytes(); zeros when empty.

 private:
  Bytes bytes_{};
  std::uint32_t count_ = 0;
};

// What TouchedIds::bytes() was made of. DATA_LOSS / AUDIT_TOUCHED for anything else.
Result<std::vector<std::string>> TouchedFrom(ByteView bytes);

// What a call or an event of the node was about, as far as the log may know: never a person.
struct AuditNote {
  std::string subject{};  // Kind of thing, or a peer's URI.
  std::string purpose{};
  bool disclosure = false;  // Something about people left the node or was shown.
  TouchedIds touched{};     // The records, in order.
  // The entry is already in the handler's own transaction; the gate writes none.
  bool recorded = false;
};

struct AuditEntry {
  std::uint64_t number = 0;  // From 1, gapless.
  Instant at{};
  std::string actor{};   // URI, or "node" for what the node does of itself.
  std::string from{};    // Remote address, or empty.
  std::string action{};  // Method path or an event word, e.g. NODE_STARTED.
  std::string subject{};
  std::string purpose{};
  std::string outcome{};  // OK or an error reason.
  bool disclosure = false;
  std::uint32_t touched = 0;  // How many record ids.
  Digest touched_digest{};    // TouchedIds::digest() of them.
  friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

// How far the log has come.
struct AuditHead {
  std::uint64_t count = 0;
  Digest hash{};  // Zeros when empty.
  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

// The bytes that are hashed: length-prefixed fields in order, so that no two entries share them.
Bytes CanonicalBytes(const AuditEntry& entry);
// SHA-256(before || CanonicalBytes(entry)).
Digest NextAuditHash(const Digest& before, const AuditEntry& entry);

// Text from outside as it may stand in an entry: printable ASCII, any other byte as \xNN, cut with
// "..." at 256 bytes. Text that is so already stays as it is.
std::string AuditText(std::string_view text);

}  // namespace equinode
