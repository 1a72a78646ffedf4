// What was told to whom about a person, for years back (42 CFR 2.24 asks for three; HIPAA's
// accounting, 45 CFR 164.528, for six), and who has to hear of a revocation.
#pragma once

#include <span>
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

// The list for a person from `since` on, newest first; of the same moment by id.
std::vector<Disclosure> ListFor(std::span<const Disclosure> all, std::string_view person,
                                Instant since);

// What a revocation sets going.
struct RevocationWork {
  std::vector<Uuid> destroy{};      // Not sent yet: never leaves.
  std::vector<std::string> tell{};  // Everyone who was told under that consent, sorted, once.
  friend bool operator==(const RevocationWork&, const RevocationWork&) = default;
};
RevocationWork WorkOf(const Revocation& revocation, std::span<const Disclosure> all);

}  // namespace equinode::consent
