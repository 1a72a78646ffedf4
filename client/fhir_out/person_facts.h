// What a node keeps of one person's social needs, as a Bundle (collection) of FHIR R4 resources
// that `equinode import` reads back to the same needs and the same stages of codes. Where each
// record goes:
//   screening of an Observation, or of a table
//              Observation by SDOHCC-ObservationScreeningResponse: one answer as its value, several
//              chosen of one question as components; of a known instrument the panel with its
//              answers as components; a panel's members stay its members
//   screening of a QuestionnaireResponse
//              QuestionnaireResponse by US Core
//   screening kept by hand (RecordScreening)
//              the instrument's panel, with an Observation for each answer as its member
//   condition  Condition by SDOHCC-Condition, of an encounter by US Core encounter diagnosis
//   encounter  Encounter
//   what the staff did about a code
//              a Condition for each signature, encounter, end and refutation: when it was written
//              down is its recordedDate, by which it is read in its order among the chart's
//   consent    Consent by SDOHCC-Consent
//   person     Patient by US Core: names, day of birth, gender, how to reach; only where asked for
// Not held by these profiles: what the staff says of a need itself (in service, met, unmet, not
// wanted, void, help wanted). A code that the staff resolved ends the need where it is read, as
// every resolved problem of a chart does.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/fhir_out/consent_resource.h"
#include "domain/needs/person_needs.h"
#include "domain/people/record.h"

namespace equinode {

// One step about a code that the node's own staff took, and that took effect.
struct StaffStep {
  CodeEvent event = CodeEvent::kConfirm;
  std::string code{};  // ICD-10-CM, with its point.
  std::vector<std::string> domains{};
  std::chrono::sys_days on{};  // The day on which it was so.
  Instant told_at{};           // When it was written down.
  std::string clinician{};     // Who has signed, until then; empty: nobody.
  std::string encounter{};     // kCode: source_id, or the staff's word for it.
  std::uint32_t position = 0;
  friend bool operator==(const StaffStep&, const StaffStep&) = default;
};

// The steps of a code that are the staff's: their actor is an operator's URI, not a record.
void AddStaffSteps(const CodeView& code, std::vector<StaffStep>& out);

struct PersonFacts {
  std::string person{};        // source_id, "feed/Patient/x".
  std::string organisation{};  // URI of the node that keeps it.
  std::vector<Kept<ScreeningRecord>> screenings{};
  std::vector<Kept<ConditionRecord>> conditions{};
  std::vector<Kept<EncounterRecord>> encounters{};
  std::vector<StaffStep> steps{};  // In their order, code by code.
  std::vector<ConsentOnPaper> consents{};
  std::optional<PersonRecord> patient{};  // Where it is asked for.
};

// JSON, keys in FHIR's order; the same facts give the same bytes.
std::string BundleOf(const PersonFacts& facts, bool one_line = false);

// Nothing is known of the person's needs and consents.
bool Empty(const PersonFacts& facts);

}  // namespace equinode
