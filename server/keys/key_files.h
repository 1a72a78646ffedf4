// The node's key ring on disk: read whole, checked whole, swapped whole.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "client/channel/channel.h"
#include "server/keys/key_ring.h"

namespace equinode {

// PEM files. Older pairs lie beside the current one: node.1.pem and node.1.key, node.2.pem, ...
struct KeyPaths {
  std::filesystem::path trust{};        // The network's authorities.
  std::filesystem::path certificate{};  // Ours; a chain may follow.
  std::filesystem::path key{};          // Readable by its owner only.

  static KeyPaths InFolder(const std::filesystem::path& folder) {
    return {folder / "ca.pem", folder / "node.pem", folder / "node.key"};
  }
};

// Good as a whole or not at all: files can be read, the key is the certificate's and nobody else's
// to read, the certificate's one URI name is an identity, an authority here issued it for all three
// uses, and it is valid at `now`. An older pair needs no valid date. FAILED_PRECONDITION /
// KEYS_MISSING, KEYS_WIDE (permissions), KEYS_UNREADABLE, KEYS_MISMATCH, KEYS_IDENTITY or the
// reason of TrustStore::Verify; the message names the file.
Result<std::shared_ptr<const KeyRing>> LoadKeyRing(const KeyPaths& paths, Instant now);

// Looks at the files and takes a new ring over when it is good. For one thread (a job); other
// threads read the ring meanwhile.
class KeyWatcher {
 public:
  // Whether a good new ring may be used already, asked at every step until it says yes: those who
  // know only the old certificate have to hear of the new one by the old.
  using MayTakeOver = std::function<bool(const KeyRing& next)>;

  // All must outlive the watcher. `ring` holds what LoadKeyRing gave for `paths`.
  KeyWatcher(KeyPaths paths, CurrentKeyRing& ring, const Clock& clock, Log& log,
             MayTakeOver may_take_over = {});

  // True when another ring is in use now. A bad set of files is an error, said once in the log for
  // each change of the files; the ring in use stays. The node's own URI may not change while it
  // runs: FAILED_PRECONDITION / KEYS_IDENTITY.
  Result<bool> Step();

 private:
  // Of the three current files: inode, size, times of change.
  using Signature = std::array<std::array<std::int64_t, 4>, 3>;
  Signature Look() const;
  bool TakeOver();

  const KeyPaths paths_;
  CurrentKeyRing& ring_;
  const Clock& clock_;
  Log& log_;
  const MayTakeOver may_take_over_;
  Signature seen_;
  std::shared_ptr<const KeyRing> waiting_{};  // Good, and not to be used yet.
};

// What the node shows when it dials.
ChannelCredentials DialWith(const KeyRing& ring);
// The authorities as one PEM text.
std::string TrustPem(const TrustStore& trust);

}  // namespace equinode
