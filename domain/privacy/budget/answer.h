// The only way to noise that may leave: a permit from a ledger that was charged, one draw, bytes
// that are kept for good.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "domain/privacy/budget/ledger.h"
#include "domain/privacy/noise/noised.h"

namespace equinode::budget {

// That noise may be drawn once for a request. Moved, never copied.
class Permit {
 public:
  // Where one party holds counts and ledger. FAILED_PRECONDITION: NOT_CHARGED, ALREADY_ANSWERED,
  // CHARGED_OTHERWISE (another amount).
  static Result<Permit> Alone(const Ledger& own, const CanonicalRequest& request);
  // Where two hold shares: also when the other party's ledger, as followed (peer_ledger.h), has the
  // same charge. FAILED_PRECONDITION: as above, PEER_NOT_CHARGED, PEER_CHARGED_OTHERWISE.
  static Result<Permit> WithPeer(const Ledger& own, const Ledger& peer,
                                 const CanonicalRequest& request);

  Permit(Permit&&) = default;
  Permit& operator=(Permit&&) = default;
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;

 private:
  friend class NoisyAnswer;
  explicit Permit(const CanonicalRequest& request) : request_(request) {}
  CanonicalRequest request_;
};

class NoisyAnswer {
 public:
  // Draws. Between here and the answer on the disk nothing of it may leave. As noise::AddNoise.
  static Result<NoisyAnswer> Draw(Permit permit, std::span<const std::int64_t> counts,
                                  noise::Coins& coins);
  // Stored bytes. DATA_LOSS / BAD_NOISY_ANSWER.
  static Result<NoisyAnswer> FromBytes(ByteView bytes);

  Bytes bytes() const;
  const Digest& request() const { return request_; }
  const std::vector<noise::Noised>& values() const { return values_; }

 private:
  NoisyAnswer() = default;
  Digest request_{};
  std::vector<noise::Noised> values_{};
};

}  // namespace equinode::budget
