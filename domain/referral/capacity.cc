#include "domain/referral/capacity.h"

#include <array>
#include <tuple>
#include <utility>

namespace equinode::referral {
namespace {

constexpr std::array<std::pair<CapacityStatus, std::string_view>, 5> kNames = {{
    {CapacityStatus::kUnknown, "unknown"},
    {CapacityStatus::kCapacity, "capacity"},
    {CapacityStatus::kNoCapacity, "no-capacity"},
    {CapacityStatus::kWaitlist, "waitlist"},
    {CapacityStatus::kAssessFirst, "additional-assessment-required"},
}};

}  // namespace

std::string_view Name(CapacityStatus status) {
  for (const auto& [each, name] : kNames) {
    if (each == status) return name;
  }
  return "unknown";
}

std::optional<CapacityStatus> CapacityNamed(std::string_view name) {
  for (const auto& [each, known] : kNames) {
    if (known == name) return each;
  }
  return std::nullopt;
}

Status CheckCapacity(const Capacity& capacity) {
  const auto bad = [](std::string message) {
    return Error{Code::kInvalidArgument, "BAD_CAPACITY", std::move(message)};
  };
  if (capacity.organisation.empty() || capacity.said_by.empty()) {
    return bad("capacity names the organisation and who says it");
  }
  if (capacity.domain.empty()) return bad("capacity is of one domain");
  if (capacity.status == CapacityStatus::kUnknown) {
    return bad("say capacity, no-capacity, waitlist or additional-assessment-required");
  }
  if (capacity.until <= capacity.said_at || capacity.until - capacity.said_at > kMaxCapacityLife) {
    return bad("capacity holds until a moment that is later, by at most 31 days");
  }
  return Ok();
}

CapacityStatus StatusAt(const Capacity& capacity, Instant now) {
  return now >= capacity.said_at && now < capacity.until ? capacity.status
                                                         : CapacityStatus::kUnknown;
}

const Capacity& Newer(const Capacity& a, const Capacity& b) {
  // At the same moment the more careful word holds, so that the order of arrival decides nothing.
  const auto rank = [](const Capacity& each) {
    return std::tuple(each.said_at, each.status == CapacityStatus::kNoCapacity,
                      static_cast<int>(each.status), each.until, std::string_view(each.said_by));
  };
  return rank(a) < rank(b) ? b : a;
}

}  // namespace equinode::referral
