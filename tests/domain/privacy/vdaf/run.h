// One report through all parties of Prio3, over the wire's bytes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "domain/privacy/vdaf/prio3.h"

namespace equinode::vdaf::run {

// What goes over a wire, by name ("input_share 1"); a test may change it on the way.
using OnWire = std::function<void(const std::string& what, Bytes& bytes)>;

inline Bytes Sent(const OnWire& wire, const std::string& what, const WipedBytes& bytes) {
  Bytes sent(bytes.begin(), bytes.end());
  if (wire) wire(what, sent);
  return sent;
}

inline Bytes RandomBytes(Random& random, std::size_t size) {
  Bytes bytes(size);
  random.Fill(bytes);
  return bytes;
}
inline Nonce RandomNonce(Random& random) {
  Nonce nonce{};
  random.Fill(nonce);
  return nonce;
}

// The output shares of all aggregators, or the first error of any party.
template <typename F>
Result<std::vector<OutShare<F>>> Verify(const Prio3<F>& prio3, const VerifyKey& key,
                                        ByteView context, const Nonce& nonce,
                                        const Report<F>& report, const OnWire& wire = {}) {
  const auto number = [](std::size_t id) { return " " + std::to_string(id); };
  std::vector<VerifyState<F>> states;
  std::vector<VerifierShare<F>> shares;
  // One public share goes to all: changed alike for all.
  EQN_TRY(const PublicShare public_share,
          prio3.DecodePublicShare(Sent(wire, "public_share", prio3.Encode(report.public_share))));
  Bytes sent_nonce(nonce.begin(), nonce.end());
  if (wire) wire("nonce", sent_nonce);
  Nonce arrived{};
  std::copy(sent_nonce.begin(), sent_nonce.end(), arrived.begin());
  for (std::size_t id = 0; id < report.input_shares.size(); ++id) {
    EQN_TRY(const InputShare<F> input,
            prio3.DecodeInputShare(
                static_cast<AggregatorId>(id),
                Sent(wire, "input_share" + number(id), prio3.Encode(report.input_shares[id]))));
    EQN_TRY(auto verifying, prio3.VerifyInit(key, context, static_cast<AggregatorId>(id), arrived,
                                             public_share, input));
    states.push_back(std::move(verifying.state));
    EQN_TRY(auto share, prio3.DecodeVerifierShare(Sent(wire, "verifier_share" + number(id),
                                                       prio3.Encode(verifying.share))));
    shares.push_back(std::move(share));
  }
  EQN_TRY(const VerifierMessage message, prio3.VerifierSharesToMessage(context, shares));
  EQN_TRY(const VerifierMessage arrived_message,
          prio3.DecodeVerifierMessage(Sent(wire, "verifier_message", prio3.Encode(message))));
  std::vector<OutShare<F>> out_shares;
  for (VerifyState<F>& state : states) {
    EQN_TRY(auto out_share, prio3.VerifyNext(std::move(state), arrived_message));
    out_shares.push_back(std::move(out_share));
  }
  return out_shares;
}

}  // namespace equinode::vdaf::run
