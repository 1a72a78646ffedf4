// What a node keeps of a person's social needs, as plain values: what was asked and answered, what
// a chart says, and what the practice's own staff did. The shape of proto/equinode/v1/need.proto;
// client/convert/need_body turns one into the other. Several organisations' records of one person
// are never merged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "domain/needs/need_state.h"
#include "domain/needs/screening.h"
#include "domain/people/record.h"
#include "domain/zcodes/stages.h"

namespace equinode {

// One Observation, QuestionnaireResponse or row.
struct ScreeningRecord {
  std::string instrument{};  // "PRAPARE", ...; empty = the source does not say.
  PartialDate on{};
  std::string by{};                    // "self", "proxy", "staff", "device" or empty.
  std::string encounter{};             // source_id or empty.
  std::string part_of{};               // source_id of the response that it was taken from.
  std::vector<std::string> members{};  // Of a panel: source_ids of its answers.
  std::vector<ScreenedAnswer> answers{};
  friend bool operator==(const ScreeningRecord&, const ScreeningRecord&) = default;
};

// A problem, a concern or a diagnosis of the chart that speaks of a social need.
struct ConditionRecord {
  std::vector<Coded> codes{};
  std::string verification{};  // FHIR condition-ver-status, or empty.
  std::string clinical{};      // FHIR condition-clinical, or empty.
  std::string category{};      // "encounter-diagnosis", "problem-list-item", "health-concern".
  std::vector<std::string> domains{};    // Gravity's categories, as the source gives them.
  std::string encounter{};               // source_id or empty.
  PartialDate asserted_on{};             // When somebody first held it to be so.
  PartialDate recorded_on{};             // As written, where it was written.
  std::optional<Instant> recorded_at{};  // The same, where the source gives the time.
  PartialDate onset{};
  PartialDate abated_on{};
  bool abated = false;        // Also where no day is given.
  std::string signed_by{};    // The clinician who asserts or recorded it: name or reference.
  std::string asserted_by{};  // "practitioner", "patient", "related", "device" or empty.
  std::vector<std::string> evidence{};  // source_ids.
  friend bool operator==(const ConditionRecord&, const ConditionRecord&) = default;
};

struct EncounterDiagnosis {
  std::string condition{};  // source_id; empty = the codes are here.
  std::vector<Coded> codes{};
  std::string use{};           // FHIR diagnosis-role: AD, DD, CC, billing, ...
  std::uint32_t position = 0;  // Rank, from 1; 0 = not said.
  friend bool operator==(const EncounterDiagnosis&, const EncounterDiagnosis&) = default;
};

struct EncounterRecord {
  std::string status{};  // FHIR encounter-status.
  PartialDate on{};      // Its first day.
  std::string clinician{};
  std::vector<EncounterDiagnosis> diagnoses{};
  friend bool operator==(const EncounterRecord&, const EncounterRecord&) = default;
};

// One thing that the staff did about a need, or about a code of it: exactly one of the two.
struct NeedStep {
  Instant at{};         // When it was written down.
  std::string actor{};  // URI of the operator's certificate.
  std::optional<NeedEvent> need{};
  std::optional<CodeStep> code{};  // Its actor is empty: it is the one above.
  std::optional<HelpWanted> help{};
  std::chrono::sys_days on{};  // The day on which it was so.
  std::string reason{};
  friend bool operator==(const NeedStep&, const NeedStep&) = default;
};

// All that the staff did about one need of one person. Steps are only ever added.
struct NeedRecord {
  static constexpr std::size_t kMostSteps = 200;
  std::string domain{};
  std::vector<NeedStep> steps{};
  friend bool operator==(const NeedRecord&, const NeedRecord&) = default;
};

}  // namespace equinode
