// Whether an organisation can take somebody on, asked before a referral and without personal data
// (Gravity SDOH-CC 3.0, HealthcareService capacity status). What is old is not known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace equinode::referral {

enum class CapacityStatus : std::uint8_t {
  kUnknown = 0,
  kCapacity = 1,
  kNoCapacity = 2,
  kWaitlist = 3,
  kAssessFirst = 4,
};
// Gravity's codes: "capacity", "no-capacity", "waitlist", "additional-assessment-required";
// "unknown".
std::string_view Name(CapacityStatus status);
std::optional<CapacityStatus> CapacityNamed(std::string_view name);

// What one organisation said of one domain.
struct Capacity {
  std::string organisation{};  // URI.
  std::string domain{};
  CapacityStatus status = CapacityStatus::kUnknown;
  std::string said_by{};  // URI of who said it.
  Instant said_at{};
  Instant until{};  // After said_at, at most kMaxCapacityLife later.
};
inline constexpr Millis kMaxCapacityLife = std::chrono::days{31};

// INVALID_ARGUMENT / BAD_CAPACITY.
Status CheckCapacity(const Capacity& capacity);
// The status at `now`: unknown from `until` on, and before it was said.
CapacityStatus StatusAt(const Capacity& capacity, Instant now);
// Of two words of one organisation on one domain the later one holds.
const Capacity& Newer(const Capacity& a, const Capacity& b);

}  // namespace equinode::referral
