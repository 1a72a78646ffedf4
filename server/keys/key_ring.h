// The node's own certificate and key, those before it, and whom it trusts: one immutable value at a
// time, swapped whole when the files change and the new ones are good.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/crypto/certificate.h"
#include "domain/access/identity.h"

namespace equinode {

struct KeyPair {
  Certificate certificate;
  PrivateKey key;
};

struct KeyRing {
  Identity self{};               // Of the current certificate.
  KeyPair current;               // Shown in TLS, signs.
  std::vector<KeyPair> older{};  // Still open what was sealed to them (node.1.pem, ...).
  TrustStore trust;
};

// Thread-safe.
class CurrentKeyRing {
 public:
  explicit CurrentKeyRing(std::shared_ptr<const KeyRing> ring) : ring_(std::move(ring)) {}
  std::shared_ptr<const KeyRing> Get() const {
    const std::lock_guard lock(mutex_);
    return ring_;
  }
  void Swap(std::shared_ptr<const KeyRing> ring) {
    const std::lock_guard lock(mutex_);
    ring_ = std::move(ring);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const KeyRing> ring_;  // Guarded by mutex_.
};

}  // namespace equinode
