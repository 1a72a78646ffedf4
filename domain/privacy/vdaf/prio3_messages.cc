// The wire form of every message: draft section 7.2.7. Plain concatenations, whose lengths all
// follow from the circuit.
#include "domain/privacy/vdaf/prio3_messages.h"

#include <string>
#include <utility>

#include "domain/privacy/vdaf/prio3.h"

namespace equinode::vdaf {
namespace {

Status CheckLength(const char* what, ByteView bytes, std::size_t wanted) {
  if (bytes.size() == wanted) return Ok();
  return Error{Code::kInvalidArgument, "VDAF_LENGTH",
               std::string(what) + " has " + std::to_string(bytes.size()) + " bytes, not " +
                   std::to_string(wanted)};
}

void Append(WipedBytes& to, const Seed& seed) {
  to.insert(to.end(), seed.view().begin(), seed.view().end());
}
void Append(WipedBytes& to, const std::optional<Seed>& seed) {
  if (seed) Append(to, *seed);
}

Seed TakeSeed(ByteView& bytes) {
  const Seed seed(bytes.first(Seed::kSize));
  bytes = bytes.subspan(Seed::kSize);
  return seed;
}
std::optional<Seed> TakeSeedIf(bool present, ByteView& bytes) {
  if (!present) return std::nullopt;
  return TakeSeed(bytes);
}

template <typename F>
Status TakeVec(ByteView& bytes, FieldVec<F>& elements, std::size_t count) {
  elements.resize(count);
  EQN_CHECK(DecodeVec<F>(bytes.first(count * F::kEncodedSize), elements));
  bytes = bytes.subspan(count * F::kEncodedSize);
  return Ok();
}

template <typename F>
Result<FieldVec<F>> OnlyVec(const char* what, ByteView bytes, std::size_t count) {
  EQN_CHECK(CheckLength(what, bytes, count * F::kEncodedSize));
  FieldVec<F> elements;
  EQN_CHECK(TakeVec<F>(bytes, elements, count));
  return elements;
}

}  // namespace

template <typename F>
WipedBytes Prio3<F>::Encode(const PublicShare& share) const {
  WipedBytes bytes;
  for (const Seed& part : share.joint_rand_parts) Append(bytes, part);
  return bytes;
}

template <typename F>
Result<PublicShare> Prio3<F>::DecodePublicShare(ByteView bytes) const {
  const std::size_t parts = has_joint_rand() ? shares_ : std::size_t{0};
  EQN_CHECK(CheckLength("the public share", bytes, parts * Seed::kSize));
  PublicShare share;
  for (std::size_t i = 0; i < parts; ++i) share.joint_rand_parts.push_back(TakeSeed(bytes));
  return share;
}

template <typename F>
WipedBytes Prio3<F>::Encode(const InputShare<F>& share) const {
  WipedBytes bytes;
  if (const auto* helper = std::get_if<HelperShare>(&share)) {
    Append(bytes, helper->share);
    Append(bytes, helper->joint_rand_blind);
    return bytes;
  }
  const auto& leader = std::get<LeaderShare<F>>(share);
  EncodeVec<F>(leader.meas, bytes);
  EncodeVec<F>(leader.proofs, bytes);
  Append(bytes, leader.joint_rand_blind);
  return bytes;
}

template <typename F>
Result<InputShare<F>> Prio3<F>::DecodeInputShare(AggregatorId id, ByteView bytes) const {
  if (id >= shares_) {
    return Error{Code::kInvalidArgument, "VDAF_LENGTH",
                 "there is no aggregator " + std::to_string(id)};
  }
  const std::size_t blind = has_joint_rand() ? Seed::kSize : 0;
  if (id != 0) {
    EQN_CHECK(CheckLength("a helper's input share", bytes, Seed::kSize + blind));
    HelperShare helper;
    helper.share = TakeSeed(bytes);
    helper.joint_rand_blind = TakeSeedIf(has_joint_rand(), bytes);
    return InputShare<F>(std::move(helper));
  }
  const std::size_t meas_len = valid_->lengths().meas_len;
  const std::size_t proofs_len = valid_->proof_len() * proofs_;
  EQN_CHECK(CheckLength("the leader's input share", bytes,
                        (meas_len + proofs_len) * F::kEncodedSize + blind));
  LeaderShare<F> leader;
  EQN_CHECK(TakeVec<F>(bytes, leader.meas, meas_len));
  EQN_CHECK(TakeVec<F>(bytes, leader.proofs, proofs_len));
  leader.joint_rand_blind = TakeSeedIf(has_joint_rand(), bytes);
  return InputShare<F>(std::move(leader));
}

template <typename F>
WipedBytes Prio3<F>::Encode(const VerifierShare<F>& share) const {
  WipedBytes bytes;
  EncodeVec<F>(share.verifiers, bytes);
  Append(bytes, share.joint_rand_part);
  return bytes;
}

template <typename F>
Result<VerifierShare<F>> Prio3<F>::DecodeVerifierShare(ByteView bytes) const {
  const std::size_t part = has_joint_rand() ? Seed::kSize : 0;
  const std::size_t elements = valid_->verifier_len() * proofs_;
  EQN_CHECK(CheckLength("a verifier share", bytes, elements * F::kEncodedSize + part));
  VerifierShare<F> share;
  EQN_CHECK(TakeVec<F>(bytes, share.verifiers, elements));
  share.joint_rand_part = TakeSeedIf(has_joint_rand(), bytes);
  return share;
}

template <typename F>
WipedBytes Prio3<F>::Encode(const VerifierMessage& message) const {
  WipedBytes bytes;
  Append(bytes, message.joint_rand_seed);
  return bytes;
}

template <typename F>
Result<VerifierMessage> Prio3<F>::DecodeVerifierMessage(ByteView bytes) const {
  EQN_CHECK(CheckLength("a verifier message", bytes, has_joint_rand() ? Seed::kSize : 0));
  return VerifierMessage{TakeSeedIf(has_joint_rand(), bytes)};
}

template <typename F>
WipedBytes Prio3<F>::Encode(const OutShare<F>& share) const {
  WipedBytes bytes;
  EncodeVec<F>(share.values, bytes);
  return bytes;
}

template <typename F>
Result<OutShare<F>> Prio3<F>::DecodeOutShare(ByteView bytes) const {
  EQN_TRY(FieldVec<F> values, OnlyVec<F>("an output share", bytes, valid_->lengths().output_len));
  return OutShare<F>{std::move(values)};
}

template <typename F>
WipedBytes Prio3<F>::Encode(const AggShare<F>& share) const {
  WipedBytes bytes;
  EncodeVec<F>(share.values, bytes);
  return bytes;
}

template <typename F>
Result<AggShare<F>> Prio3<F>::DecodeAggShare(ByteView bytes) const {
  EQN_TRY(FieldVec<F> values,
          OnlyVec<F>("an aggregate share", bytes, valid_->lengths().output_len));
  return AggShare<F>{std::move(values)};
}

template class Prio3<Field64>;
template class Prio3<Field128>;

}  // namespace equinode::vdaf
