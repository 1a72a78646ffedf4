#include "domain/privacy/budget/balance.h"

#include <algorithm>

namespace equinode::budget {
namespace {

NanoRho Of(const std::map<std::string, NanoRho, std::less<>>& parts, const std::string& part) {
  const auto found = parts.find(part);
  return found == parts.end() ? NanoRho() : found->second;
}

}  // namespace

Result<NanoRho> Balance::After(const Period& period, const Digest& partition,
                               const std::vector<std::string>& parts, NanoRho cost) const {
  const auto found = divisions_.find({period, partition});
  static const Division kNone{};
  const Division& division = found == divisions_.end() ? kNone : found->second;
  NanoRho greatest = division.greatest;
  for (const std::string& part : parts) {
    EQN_TRY(const NanoRho charged, Of(division.parts, part).Plus(cost));
    greatest = std::max(greatest, charged);
  }
  EQN_TRY(const NanoRho more, NanoRho::Make(greatest.value() - division.greatest.value()));
  return spent_.Plus(more);
}

Status Balance::Charge(const Period& period, const Digest& partition,
                       const std::vector<std::string>& parts, NanoRho cost) {
  EQN_TRY(const NanoRho spent, After(period, partition, parts, cost));
  Division& division = divisions_[{period, partition}];
  for (const std::string& part : parts) {
    NanoRho& charged = division.parts[part];
    EQN_TRY(charged, charged.Plus(cost));
    division.greatest = std::max(division.greatest, charged);
  }
  spent_ = spent;
  return Ok();
}

}  // namespace equinode::budget
