#include "domain/privacy/budget/answer.h"

#include <algorithm>

#include "domain/privacy/budget/canonical.h"

namespace equinode::budget {
namespace {

constexpr std::string_view kAnswerKind = "equinode noisy answer 1";

Error RefusedAnswer(std::string reason, std::string message) {
  return Error{Code::kFailedPrecondition, std::move(reason), std::move(message)};
}

}  // namespace

Result<Permit> Permit::Alone(const Ledger& own, const CanonicalRequest& request) {
  const auto charge = own.ChargeFor(request.hash());
  if (!charge) return RefusedAnswer("NOT_CHARGED", "no noise is drawn before it is charged");
  if (*charge != request.cost()) {
    return RefusedAnswer("CHARGED_OTHERWISE", "this request was charged another amount");
  }
  if (own.AnswerTo(request.hash())) {
    return RefusedAnswer("ALREADY_ANSWERED",
                         "this request has its answer: a second one is never given");
  }
  return Permit(request);
}

Result<Permit> Permit::WithPeer(const Ledger& own, const Ledger& peer,
                                const CanonicalRequest& request) {
  EQN_TRY(Permit permit, Alone(own, request));
  const auto charge = peer.ChargeFor(request.hash());
  if (!charge) {
    return RefusedAnswer("PEER_NOT_CHARGED", "the other party has not charged this request");
  }
  if (*charge != request.cost()) {
    return RefusedAnswer("PEER_CHARGED_OTHERWISE", "the other party has charged another amount");
  }
  return permit;
}

Result<NoisyAnswer> NoisyAnswer::Draw(Permit permit, std::span<const std::int64_t> counts,
                                      noise::Coins& coins) {
  NoisyAnswer answer;
  answer.request_ = permit.request_.hash();
  EQN_TRY(answer.values_, noise::AddNoise(counts, permit.request_.request().noise, coins));
  return answer;
}

Bytes NoisyAnswer::bytes() const {
  CanonicalWriter out(kAnswerKind);
  out.Hash(request_);
  out.Number(values_.size());
  for (const noise::Noised& one : values_) {
    out.Number(static_cast<std::uint64_t>(one.value));
    out.Number(one.variance_micros);
  }
  return out.Take();
}

Result<NoisyAnswer> NoisyAnswer::FromBytes(ByteView bytes) {
  CanonicalReader in(bytes, kAnswerKind);
  NoisyAnswer answer;
  answer.request_ = in.Hash();
  const std::uint64_t values = in.Number();
  for (std::uint64_t i = 0; i < values && in.ok(); ++i) {
    noise::Noised one;
    one.value = static_cast<std::int64_t>(in.Number());
    one.variance_micros = in.Number();
    answer.values_.push_back(one);
  }
  if (!in.Finished()) {
    return Error{Code::kDataLoss, "BAD_NOISY_ANSWER", "a stored noisy answer cannot be read"};
  }
  return answer;
}

}  // namespace equinode::budget
