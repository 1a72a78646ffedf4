#include "domain/privacy/budget/request.h"

#include <algorithm>

#include "domain/privacy/budget/canonical.h"

namespace equinode::budget {
namespace {

Error BadRequest(std::string message) {
  return Error{Code::kInvalidArgument, "BAD_REQUEST", std::move(message)};
}

bool IsText(const std::string& text, std::size_t most) {
  return !text.empty() && text.size() <= most;
}

Digest HashOf(const NoisyRequest& request) {
  CanonicalWriter out("equinode noisy request 1");
  out.Text(request.task);
  out.Text(request.table);
  out.Day(request.period.first);
  out.Day(request.period.last);
  out.Hash(request.partition);
  out.Number(request.parts.size());
  for (const std::string& part : request.parts) out.Text(part);
  out.Number(static_cast<std::uint64_t>(request.noise.law()));
  out.Number(request.noise.parameter().numerator());
  out.Number(request.noise.parameter().denominator());
  out.Number(request.sensitivity.l1);
  out.Number(request.sensitivity.l2_squared);
  return Sha256(out.Take());
}

}  // namespace

NoisyRequest RequestOver(const blocks::BlockUnion& chosen, std::string task, std::string table,
                         Period period, const noise::Noise& noise,
                         const noise::Sensitivity& sensitivity) {
  return {std::move(task), std::move(table), period, chosen.partition(), chosen.blocks(),
          noise,           sensitivity};
}

Result<CanonicalRequest> CanonicalRequest::Of(NoisyRequest request) {
  if (!IsText(request.task, 256) || !IsText(request.table, 256)) {
    return BadRequest("the names of task and table have 1 to 256 bytes");
  }
  if (request.parts.empty() || request.parts.size() > 10'000) {
    return BadRequest("a request is over 1 to 10,000 parts of the population");
  }
  for (const std::string& part : request.parts) {
    if (!IsText(part, 8192)) return BadRequest("the name of a part has 1 to 8,192 bytes");
  }
  std::ranges::sort(request.parts);
  if (std::ranges::adjacent_find(request.parts) != request.parts.end()) {
    return BadRequest("a part of the population is named twice");
  }
  EQN_CHECK(YearOf(request.period));
  CanonicalRequest canonical(std::move(request));
  EQN_TRY(canonical.cost_, noise::CostOf(canonical.request_.noise, canonical.request_.sensitivity));
  canonical.hash_ = HashOf(canonical.request_);
  return canonical;
}

Result<int> YearOf(const Period& period) {
  // Compared as days: a year past 32767 would wrap round.
  constexpr std::chrono::sys_days kFirst = std::chrono::year{1900} / 1 / 1;
  constexpr std::chrono::sys_days kLast = std::chrono::year{9999} / 12 / 31;
  if (period.last < period.first || period.first < kFirst || period.last > kLast) {
    return Error{Code::kInvalidArgument, "BAD_PERIOD",
                 "a period begins before it ends, between 1900 and 9999"};
  }
  return static_cast<int>(std::chrono::year_month_day{period.last}.year());
}

}  // namespace equinode::budget
