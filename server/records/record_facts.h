// What a record's body means for the counts.
#pragma once

#include <functional>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/people/facts.h"
#include "domain/people/record.h"

namespace equinode {

// Nothing for a record that does not count: an organisation, a coverage that is not in force.
using RecordFacts = std::variant<std::monostate, PersonFacts, CoverageFact, MeasureFact>;

// Thread-safe, and the same facts for the same body always: what was counted is taken out again by
// reading the old body. INVALID_ARGUMENT / BAD_RECORD and its like for a body that is none.
using FactsReader = std::function<Result<RecordFacts>(RecordKind, ByteView body)>;

// Raised whenever a body may mean other facts than before: snapshots of the counts that were made
// with another number are not used.
inline constexpr int kFactsVersion = 3;

// Reads bodies as client/convert/record_body does. What one sees of a person, and in which strata
// that is, is the rule of domain/people: `person`.
FactsReader BodyFacts(std::function<PersonFacts(const PersonRecord&)> person);

// A coverage that is active, or does not say. Its days: a date that is partly known begins with the
// first day it may mean and ends with the last. A payer that no rule maps is the empty one: the
// person is covered, by whom is not known.
RecordFacts FactsOf(const CoverageRecord& coverage);
RecordFacts FactsOf(const MeasureResultRecord& result);

}  // namespace equinode
