// What was told to whom about a person, for years back (42 CFR 2.24 asks for three; HIPAA's
// accounting, 45 CFR 164.528, for six).
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "domain/consent/consent.h"

namespace equinode::consent {

struct Disclosure {
  Uuid id{};  // Of the envelope or the referral that carried it.
  std::string person{};
  std::string recipient{};  // URI.
  Instant at{};
  Purpose purpose = Purpose::kReferral;
  std::vector<std::string> categories{};
  std::string description{};  // "referral for food-insecurity"; never a value about the person.
  std::vector<Uuid> consents{};
  std::string notice{};  // What went along, or empty.
  bool sent = false;     // False while it still waits here and can be destroyed.
  friend bool operator==(const Disclosure&, const Disclosure&) = default;
};

inline constexpr int kYearsKept = 6;

}  // namespace equinode::consent
