// What an aggregator reads from clients and from its peers. The first byte chooses the circuit, the
// second the message; what decodes is written as the same bytes, and is verified without a crash
// and without success.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "domain/privacy/vdaf/prio3_variants.h"

namespace equinode::vdaf {
namespace {

void Must(bool holds) {
  if (!holds) std::abort();
}

bool Same(const WipedBytes& ours, ByteView read) {
  return std::equal(ours.begin(), ours.end(), read.begin(), read.end());
}

// A circuit with one honest report, the other half of every exchange.
template <typename F>
struct Party {
  Party(Result<Prio3<F>> made, const std::vector<std::uint64_t>& measurement)
      : prio3(std::move(made).value()),
        report(prio3.Shard(context, measurement, nonce, Bytes(prio3.RandSize(), 5)).value()) {
    for (AggregatorId id = 0; id < 2; ++id) {
      auto verifying =
          prio3.VerifyInit(key, context, id, nonce, report.public_share, report.input_shares[id]);
      shares.push_back(std::move(verifying->share));
      states.push_back(std::move(verifying->state));
    }
    message = prio3.VerifierSharesToMessage(context, shares).value();
  }

  // Verifies with some parts replaced. False unless all of both sides agree.
  bool Accepts(const PublicShare& public_share, AggregatorId id,
               const InputShare<F>& input_share) const {
    std::vector<VerifierShare<F>> all = shares;
    auto verifying = prio3.VerifyInit(key, context, id, nonce, public_share, input_share);
    if (!verifying.ok()) return false;
    all[id] = std::move(verifying->share);
    const auto combined = prio3.VerifierSharesToMessage(context, all);
    return combined.ok() && prio3.VerifyNext(std::move(verifying->state), *combined).ok();
  }

  void Read(std::uint8_t what, ByteView bytes) const {
    const auto id = static_cast<AggregatorId>(what & 1);
    switch (what / 2 % 6) {
      case 0: {
        const auto share = prio3.DecodeInputShare(id, bytes);
        if (!share.ok()) return;
        Must(Same(prio3.Encode(*share), bytes));
        const bool honest = Same(prio3.Encode(report.input_shares[id]), bytes);
        Must(Accepts(report.public_share, id, *share) == honest);
        return;
      }
      case 1: {
        const auto share = prio3.DecodePublicShare(bytes);
        if (!share.ok()) return;
        Must(Same(prio3.Encode(*share), bytes));
        (void)Accepts(*share, id, report.input_shares[id]);
        return;
      }
      case 2: {
        const auto share = prio3.DecodeVerifierShare(bytes);
        if (!share.ok()) return;
        Must(Same(prio3.Encode(*share), bytes));
        std::vector<VerifierShare<F>> all = shares;
        all[id] = *share;
        const auto combined = prio3.VerifierSharesToMessage(context, all);
        const bool accepted = combined.ok() && prio3.VerifyNext(states[id], *combined).ok();
        Must(accepted == Same(prio3.Encode(shares[id]), bytes));
        return;
      }
      case 3: {
        const auto read = prio3.DecodeVerifierMessage(bytes);
        if (!read.ok()) return;
        Must(Same(prio3.Encode(*read), bytes));
        Must(prio3.VerifyNext(states[id], *read).ok() == Same(prio3.Encode(message), bytes));
        return;
      }
      case 4: {
        const auto share = prio3.DecodeOutShare(bytes);
        if (!share.ok()) return;
        Must(Same(prio3.Encode(*share), bytes));
        AggShare<F> aggregate = prio3.AggregateInit();
        Must(prio3.AggregateUpdate(aggregate, *share).ok());
        return;
      }
      default: {
        const auto share = prio3.DecodeAggShare(bytes);
        if (!share.ok()) return;
        Must(Same(prio3.Encode(*share), bytes));
        const std::vector<AggShare<F>> both = {*share, *share};
        (void)prio3.Unshard(both, 7);
        (void)prio3.UnshardCentred(both);
        return;
      }
    }
  }

  const Bytes context = {1, 2, 3};
  const Nonce nonce{4};
  const VerifyKey key{Bytes(Seed::kSize, 6)};
  Prio3<F> prio3;
  Report<F> report;
  std::vector<VerifierShare<F>> shares{};
  std::vector<VerifyState<F>> states{};
  VerifierMessage message{};
};

void Read(std::uint8_t circuit, std::uint8_t what, ByteView bytes) {
  static const Party<Field64> count(Prio3Count(2), {1});
  static const Party<Field64> sum(Prio3Sum(2, 100), {99});
  static const Party<Field64> multiproof(Prio3SumVecWithMultiproof(2, 2, 9, 2, 3), {0, 9});
  static const Party<Field128> sum_vec(Prio3SumVec(2, 3, 7, 4), {0, 7, 3});
  static const Party<Field128> histogram(Prio3Histogram(2, 5, 2), {4});
  static const Party<Field128> multihot(Prio3MultihotCountVec(2, 4, 2, 3), {1, 0, 0, 1});
  static const Party<Field128> l1(Prio3L1BoundSum(2, 3, 6, 4), {1, 2, 3});
  static const Party<Field128> panel(Prio3PanelSum(2, 3, 7, 4, {{{0, 1, 2}, {}, 10}}), {0, 7, 3});
  switch (circuit % 8) {
    case 0:
      return count.Read(what, bytes);
    case 1:
      return sum.Read(what, bytes);
    case 2:
      return multiproof.Read(what, bytes);
    case 3:
      return sum_vec.Read(what, bytes);
    case 4:
      return histogram.Read(what, bytes);
    case 5:
      return multihot.Read(what, bytes);
    case 6:
      return l1.Read(what, bytes);
    default:
      return panel.Read(what, bytes);
  }
}

}  // namespace
}  // namespace equinode::vdaf

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  equinode::vdaf::Read(data[0], data[1], {data + 2, size - 2});
  return 0;
}
