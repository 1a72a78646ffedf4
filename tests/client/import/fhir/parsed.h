// One resource from its text, as an import reads it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "client/import/fhir/parser.h"
#include "client/import/fhir/resource.h"

namespace equinode::fhir {

// Reads one resource; `status` is OK or the refusal, `read` what was read.
class Reading {
 public:
  explicit Reading(std::string_view json, const SourceProfile& profile = {}) {
    std::string padded(json);
    padded.reserve(padded.size() + kPadding);
    Parser parser;
    const auto root = parser.Parse(padded);
    if (!root.ok()) {
      status = root.error();
      return;
    }
    const PayerMap payers(profile.payers);
    const Surroundings around{profile, "clinic", kToday, nullptr};
    status = ReadFhirResource(*root, {}, around, payers, read);
  }
  static constexpr std::chrono::sys_days kToday =
      std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};

  std::string reason() const { return status.ok() ? std::string() : status.error().reason; }
  const PersonRecord& person() const { return read.patient.person; }
  const Assertion* Find(AssertionField field) const {
    for (const Assertion& assertion : person().assertions) {
      if (assertion.field == field) return &assertion;
    }
    return nullptr;
  }

  Status status = Ok();
  ReadResource read{};
};

}  // namespace equinode::fhir
