// Private to client/fhir_out: the resources of one person's facts.
#pragma once

#include <string>

#include "client/fhir_out/parts.h"
#include "client/fhir_out/person_facts.h"

namespace equinode::fhir_out {

// Names a record's resource. What the person's own feed gave under the type that is written keeps
// its id, so that it comes back as the same record; the rest is named by a digest of where it is
// from, and stays what it is from then on.
class Names {
 public:
  // `person` as in PersonFacts.
  explicit Names(const std::string& person) : feed_(person.substr(0, person.find('/'))) {}

  std::string IdOf(const std::string& source_id, std::string_view type) const;
  // To a record: `type` is what it is written as; empty = what its source id says.
  Json To(const std::string& source_id, std::string_view type) const;

 private:
  std::string feed_;
};

// "2026", "2026-03" or "2026-03-01"; empty for none.
std::string DateText(const PartialDate& date);
std::string DateText(std::chrono::sys_days day);

void AddScreening(const Kept<ScreeningRecord>& kept, const std::string& person, const Names& names,
                  Json& entries);
Json ConditionJson(const Kept<ConditionRecord>& kept, const std::string& person,
                   const Names& names);
Json EncounterJson(const Kept<EncounterRecord>& kept, const std::string& person,
                   const Names& names);
// A record of each step, and of the encounters that none of `facts` is: as the chart would have
// it.
void AddSteps(const PersonFacts& facts, std::vector<Kept<ConditionRecord>>& conditions,
              std::vector<Kept<EncounterRecord>>& encounters);
Json PatientJson(const PersonRecord& record, const std::string& person);

}  // namespace equinode::fhir_out
