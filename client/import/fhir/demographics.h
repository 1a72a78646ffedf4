// The demographic answers in one Patient: the US Core and base extensions, gender, communication.
// Reads what was said; domain/people decides what state each answer is in and whether it
// contradicts itself.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "client/import/fhir/json.h"
#include "client/import/source_profile.h"
#include "domain/people/record.h"

namespace equinode::fhir {

class Demographics {
 public:
  // For the next patient.
  void Begin();
  // Patient.extension.
  Status ReadExtensions(const dom::element& value);
  // Patient.gender, and the reason in _gender where there is none.
  Status ReadGender(const dom::element& value);
  Status ReadGenderAbsent(const dom::element& value);
  // Patient.communication: the language that is marked preferred, or the only one.
  Status ReadCommunication(const dom::element& value);

  // US Core us-core-23: a race of "asked but unknown" or "unknown" stands alone.
  bool breaks_us_core_23() const { return race_null_ > 0 && race_categories_ > 1; }

  // One assertion for each field of which anything was said. `conflicts` rises by one
  // when any contradicts itself or its neighbour. `spare` gives memory, as in slots.h.
  void Finish(const SourceProfile& profile, const PartialDate& collected_on,
              std::vector<Assertion>& out, std::vector<Assertion>& spare, std::uint64_t& conflicts);

 private:
  // What was said to one question. Elements behind `count` are memory for the next.
  struct Said {
    std::vector<Coded> values{};
    std::size_t count = 0;
  };
  Said& Of(AssertionField field) { return said_[static_cast<std::size_t>(field)]; }
  // Adds what `read(coded)` reads, unless it says nothing.
  template <typename Read>
  Status Add(AssertionField field, Read read);
  Status ReadExtension(const dom::object& extension);
  Status ReadCategories(AssertionField field, const dom::element& parts);
  Status ReadTribe(const dom::element& parts);
  Status ReadGenderIdentity(const dom::element& parts);

  std::array<Said, 10> said_{};  // By AssertionField.
  int race_categories_ = 0;
  int race_null_ = 0;
};

}  // namespace equinode::fhir
